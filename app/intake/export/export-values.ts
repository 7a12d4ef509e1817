/**
 * The values of an export's fields. Blank amounts are 0; what is not blank must be readable, because a value
 * that is guessed would be a wrong figure that nobody sees.
 */
import { parseMinor } from '../../money.ts';
import type { ExportFinancialStatus } from './export-order.ts';
import { ExportFileError } from './export-file-error.ts';

const STATUSES: readonly ExportFinancialStatus[] = [
  'paid',
  'pending',
  'authorized',
  'partially_paid',
  'partially_refunded',
  'refunded',
  'voided',
  'expired',
];

const SPREADSHEET = 'Spreadsheets rewrite such values when they save: use the file as Shopify wrote it.';

export function readStatus(text: string, line: number): ExportFinancialStatus {
  const status = text.trim().toLowerCase().replaceAll(' ', '_');
  const found = STATUSES.find((known) => known === status);
  if (found) return found;
  throw new ExportFileError(
    line,
    status === ''
      ? 'The Financial Status is empty. Each order must have one.'
      : `The Financial Status ${quoted(text)} is not known. Known are ${STATUSES.join(', ')}.`,
  );
}

const DATE =
  /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.\d+)? ?(?:(Z|UTC)|([+-])(\d{2}):?(\d{2}))$/;

/** "2025-10-02 17:09:34 -0300", a wall clock with its offset. */
export function readDate(text: string, column: string, line: number): Date {
  const match = DATE.exec(text.trim());
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1, 7).map(Number);
  if (match && year !== undefined && month !== undefined && day !== undefined) {
    const wall = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
    const offset = Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0);
    const isReal =
      wall.getUTCMonth() === month - 1 &&
      wall.getUTCDate() === day &&
      // Longer ago, or further ahead, is a slip of the pen, and would stretch every age to it.
      year >= 1900 &&
      year < 2200 &&
      (hour ?? 0) < 24 &&
      (minute ?? 0) < 60 &&
      (second ?? 0) < 60 &&
      offset <= 14 * 60 &&
      Number(match[10] ?? 0) < 60;
    if (isReal) return new Date(wall.getTime() - (match[8] === '-' ? -1 : 1) * offset * 60_000);
  }
  throw new ExportFileError(
    line,
    `${column} ${text.trim() === '' ? 'is empty' : `is ${quoted(text)}`}, but must be a date like "2025-10-02 17:09:34 -0300". ${SPREADSHEET}`,
  );
}

export function readOptionalDate(text: string, column: string, line: number): Date | null {
  return text.trim() === '' ? null : readDate(text, column, line);
}

/** Minor units of the order's currency; blank is 0. */
export function readAmount(text: string, column: string, currency: string, line: number): bigint {
  if (text.trim() === '') return 0n;
  const minor = parseMinor(text, currency);
  if (minor !== undefined) return minor;
  throw new ExportFileError(
    line,
    `${column} is ${quoted(text)}, but must be an amount like "1234.50". ${SPREADSHEET}`,
  );
}

/** As `readAmount`, where a negative amount makes no sense. */
export function readPositive(text: string, column: string, currency: string, line: number): bigint {
  const minor = readAmount(text, column, currency, line);
  if (minor >= 0n) return minor;
  throw new ExportFileError(line, `${column} is ${quoted(text)}, but must not be negative.`);
}

/** ISO 4217, as the platform knows it. */
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

export function readCurrency(text: string, line: number): string {
  const currency = text.trim().toUpperCase();
  if (CURRENCIES.has(currency)) return currency;
  throw new ExportFileError(
    line,
    `The Currency ${currency === '' ? 'is empty' : `is ${quoted(text)}`}, but must be a currency's code like "EUR".`,
  );
}

export function readQuantity(text: string, line: number): number {
  const quantity = text.trim() === '' ? 0 : Number(text);
  if (Number.isSafeInteger(quantity) && quantity >= 0) return quantity;
  throw new ExportFileError(
    line,
    `Lineitem quantity is ${quoted(text)}, but must be a whole number from 0 up.`,
  );
}

/** An upper-case code, or null for what is none (a country's full name). */
export function readCode(text: string, pattern: RegExp): string | null {
  const code = text.trim().toUpperCase();
  return pattern.test(code) ? code : null;
}

export function quoted(text: string): string {
  const short = text.trim().slice(0, 40);
  return JSON.stringify(short === text.trim() ? short : `${short}...`);
}
