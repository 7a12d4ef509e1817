/** Single values of the offer's form: read, or `no()`, which says the sentence. Pure. */
import { currencyExponent, parseMinor } from '../../money.ts';

export function readPercent(text: string, no: () => undefined): number | undefined {
  const plain = text.trim().replace(/\s*%$/, '').replace(',', '.');
  if (!/^\d{1,3}(\.\d{1,2})?$/.test(plain)) return no();
  const value = Number(plain);
  return value > 0 && value <= 100 ? value : no();
}

export function readNumber(
  text: string,
  { from, to }: { from: number; to: number },
  no: () => undefined,
): number | undefined {
  const plain = text.trim();
  if (!/^\d{1,9}$/.test(plain)) return no();
  const value = Number(plain);
  return value >= from && value <= to ? value : no();
}

/** @returns minor units, above 0 */
export function readMoney(text: string, currency: string, no: () => undefined): string | undefined {
  const plain = text.trim();
  const digits = currencyExponent(currency);
  const fits = digits === 0 ? /^\d{1,12}$/ : new RegExp(`^\\d{1,12}(\\.\\d{1,${digits}})?$`);
  if (!fits.test(plain)) return no();
  const minor = parseMinor(plain, currency);
  return minor !== undefined && minor > 0n ? minor.toString() : no();
}

export function moneySentence(currency: string): string {
  return currencyExponent(currency) === 0
    ? `Give an amount above 0, such as 1000 (${currency}, without decimals).`
    : `Give an amount above 0, such as 10.50 (${currency}).`;
}

export function optional<T>(text: string, read: (text: string) => T | undefined): T | undefined {
  return text.trim() === '' ? undefined : read(text);
}
