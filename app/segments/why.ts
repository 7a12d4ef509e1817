/** What time will do to a membership, in words. */
import { formatDecimal } from '../money.ts';
import type { LocalDate } from '../local-date.ts';
import type { FieldType } from './field.ts';
import type { PrintOptions } from './print-value.ts';

export interface Foreseen {
  /** The shop-local date, from its midnight. */
  on: LocalDate;
  /** What the rule says from then on. */
  holds: boolean;
  /** The rule counts orders only after some days: whoever returns them in between does not come in. */
  waits: boolean;
  /** The conditions whose answers change on that date. */
  because: {
    label: string;
    type: FieldType;
    from: string | number | boolean | string[] | null;
    to: string | number | boolean | string[] | null;
  }[];
}

/** "leaves VIP on 28 November (1,200.00 becomes 800.00)", "VIP on 22 December if kept" */
export function printChange(name: string, next: Foreseen, today: LocalDate, print: PrintOptions): string {
  const day = printDay(next.on, today);
  if (next.holds) return `${name} on ${day}${next.waits ? ' if kept' : ''}`;
  const changes = next.because.flatMap(({ type, from, to }) => {
    const before = printValueOf(type, from, print);
    const after = printValueOf(type, to, print);
    return before === after ? [] : [`${before} becomes ${after}`];
  });
  return `leaves ${name} on ${day}${changes.length === 0 ? '' : ` (${changes.join(', ')})`}`;
}

const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November',
  'December',
] as const; // prettier-ignore

/** "28 November"; with the year when it is another one. */
export function printDay(date: LocalDate, today: LocalDate): string {
  const [year = '', month = '', day = ''] = date.split('-');
  const words = `${Number(day)} ${MONTHS[Number(month) - 1] ?? ''}`;
  return year === today.slice(0, 4) ? words : `${words} ${year}`;
}

function printValueOf(
  type: FieldType,
  value: Foreseen['because'][number]['from'],
  print: PrintOptions,
): string {
  if (value === null) return 'none';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  switch (type) {
    case 'money':
      return formatDecimal(BigInt(Math.floor(Number(value))), print.currency);
    case 'percent':
      return `${Math.round(Number(value) * 10) / 10} %`;
    case 'decimal':
      return String(Math.round(Number(value) * 100) / 100);
    case 'days':
      return `${String(value)} days`;
    default:
      return String(value);
  }
}
