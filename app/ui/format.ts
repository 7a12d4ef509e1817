/**
 * Numbers, money and dates as pages write them: the same text on the server and in the browser (one locale,
 * the shop's own time zone), so that nothing changes when the page wakes up.
 */
import { formatMoney } from '../money.ts';

const numbers = new Intl.NumberFormat('en');

/** 26500 -> "26,500". */
export function formatCount(count: number): string {
  return numbers.format(count);
}

/** 3, "customer" -> "3 customers". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** "the tag" -> "The tag". */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** 0.4 -> "40.0 %"; a dash when there is nothing to take a share of. */
export function formatShare(part: number, whole: number): string {
  return whole > 0 ? `${((100 * part) / whole).toFixed(1)} %` : '–';
}

/** Minor units as text ("1250") -> "€12.50". */
export function formatMinor(minor: string | bigint, currency: string): string {
  return formatMoney(BigInt(minor), currency);
}

/** Total divided by count, rounded half up to the minor unit; undefined when there is nothing to divide by. */
export function averageMinor(totalMinor: string, count: number): bigint | undefined {
  if (count <= 0) return undefined;
  const whole = BigInt(count);
  return (BigInt(totalMinor) * 2n + whole) / (whole * 2n);
}

/** A local date "2026-11-22" -> "22 Nov 2026". */
export function formatDay(day: string): string {
  const [year, month, date] = day.split('-');
  return `${Number(date)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`;
}

/** An instant as the shop's clock shows it: "22 Nov 2026, 14:05". */
export function formatInstant(instant: Date | string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  }).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  const day = formatDay(`${part('year')}-${part('month')}-${part('day')}`);
  return `${day}, ${part('hour')}:${part('minute')}`;
}

/** Written out here, because browsers do not agree how September is shortened. */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** 0 -> "today", 1 -> "yesterday", 12 -> "12 days ago". */
export function daysAgo(days: number): string {
  if (days === 0) return 'today';
  return days === 1 ? 'yesterday' : `${formatCount(days)} days ago`;
}
