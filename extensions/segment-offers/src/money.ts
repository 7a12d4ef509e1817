/**
 * Money without floats: Shopify sends decimal text, which is counted in whole millionths of the unit (bigint), enough
 * for every currency. Only what is given back is rounded to what the currency has.
 */
const DIGITS = 6;
/** A rate of exchange has more digits than an amount. */
const RATE_DIGITS = 12;
const RATE_ONE = 10n ** 12n;

/** Currencies without decimals, and those with three (ISO 4217); all others have two. */
const WITHOUT = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF';
const WITH_THREE = 'BHD IQD JOD KWD LYD OMR TND';

/** "12.5" -> 12500000n; 0n for what is no decimal number. Digits beyond the sixth are left off. */
export function microsOf(decimal: string): bigint {
  return scaled(decimal, DIGITS);
}

function scaled(decimal: string, digits: number): bigint {
  const match = /^(\d+)(?:\.(\d*))?$/.exec(decimal);
  return match ? BigInt(match[1] + (match[2] ?? '').slice(0, digits).padEnd(digits, '0')) : 0n;
}

/** An amount in the shop's currency, in that of the customer. @param rate decimal text */
export function convert(micros: bigint, rate: string): bigint {
  return rate === '1.0' || rate === '1' ? micros : divide(micros * scaled(rate, RATE_DIGITS), RATE_ONE);
}

/** What a percentage takes off, rounded down as at the checkout; of it at most two decimals count. */
export function shareOf(micros: bigint, percent: number): bigint {
  return (micros * BigInt(Math.round(percent * 100))) / 10_000n;
}

/** 12500000n EUR -> "12.50", rounded half up to the digits of the currency. */
export function decimalOf(micros: bigint, currency: string): string {
  const digits = WITHOUT.includes(currency) ? 0 : WITH_THREE.includes(currency) ? 3 : 2;
  const minor = divide(micros, 10n ** BigInt(DIGITS - digits)).toString().padStart(digits + 1, '0'); // prettier-ignore
  return digits === 0 ? minor : `${minor.slice(0, -digits)}.${minor.slice(-digits)}`;
}

function divide(amount: bigint, by: bigint): bigint {
  return (2n * amount + by) / (2n * by);
}
