/**
 * Money is integer minor units (bigint) of one currency, by that currency's exponent (ISO 4217: 2 for EUR,
 * 0 for JPY, 3 for KWD). Decimal text is parsed exactly, never through a float.
 */
import { AppError } from './app-error.ts';

const EXPONENTS: Readonly<Record<string, number>> = {
  BIF: 0, CLP: 0, DJF: 0, GNF: 0, ISK: 0, JPY: 0, KMF: 0, KRW: 0, PYG: 0, RWF: 0, UGX: 0, UYI: 0, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0,
  BHD: 3, IQD: 3, JOD: 3, KWD: 3, LYD: 3, OMR: 3, TND: 3,
}; // prettier-ignore

/** Decimal places of a currency's minor unit; 2 unless ISO 4217 says otherwise. */
export function currencyExponent(currency: string): number {
  return EXPONENTS[currency.toUpperCase()] ?? 2;
}

/**
 * "12.5" EUR -> 1250n. Digits beyond the exponent are rounded half away from zero (shops with tax-inclusive
 * prices send more). Undefined when the text is not a plain decimal number.
 */
export function parseMinor(text: string, currency: string): bigint | undefined {
  const match = /^([+-]?)(\d{1,18})(?:\.(\d{0,18}))?$/.exec(text.trim());
  if (!match) return undefined;
  const exponent = currencyExponent(currency);
  const fraction = (match[3] ?? '').padEnd(exponent + 1, '0');
  const kept = BigInt(`${match[2]}${fraction.slice(0, exponent)}`);
  const rounded = Number(fraction[exponent]) >= 5 ? kept + 1n : kept;
  return match[1] === '-' ? -rounded : rounded;
}

/** As `parseMinor`, for text that Shopify's schema promises to be a decimal. @throws AppError 'bad_payload' */
export function minorOf(text: string, currency: string): bigint {
  const minor = parseMinor(text, currency);
  if (minor === undefined) {
    throw new AppError('bad_payload', 'An amount of money could not be read.', { context: { currency } });
  }
  return minor;
}

/** 12.5 (per cent, of which at most two decimals count) -> 1250n. */
export function hundredthsOf(percent: number): bigint {
  return BigInt(Math.round(percent * 100));
}

/**
 * What a percentage takes off an amount: rounded down, once for the whole of it. Shopify documents no rounding; the
 * prices that its checkout is reported to show fit this one (4 % takes 3.19 off 79.98).
 */
export function percentOf(minor: bigint, percent: number): bigint {
  return (minor * hundredthsOf(percent)) / 10_000n;
}

/** 1250n EUR -> "12.50": exact, for machine formats. */
export function decimalOf(minor: bigint, currency: string): string {
  const exponent = currencyExponent(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
  const sign = minor < 0n ? '-' : '';
  return exponent === 0
    ? `${sign}${digits}`
    : `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** 1250n EUR -> "€12.50", as Shopify's pages write it for a locale. */
export function formatMoney(minor: bigint, currency: string, locale = 'en'): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(
    decimalOf(minor, currency) as never,
  );
}

/** 120000n EUR -> "1,200.00": for people, where the currency is known from elsewhere. */
export function formatDecimal(minor: bigint, currency: string, locale = 'en'): string {
  const digits = currencyExponent(currency);
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(decimalOf(minor, currency) as never);
}
