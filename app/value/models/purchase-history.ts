/**
 * From a customer's orders to what the models read: all orders of one local day are one purchase; the first
 * purchase day makes the customer and is left out of everything repeated.
 *   x    purchase days - 1          t_x  last - first purchase day
 *   T    the day looked from - first zbar mean of the day totals without the first day, 0 if x = 0
 * (Fader, Hardie and Lee's rule; on CDNOW it gives the published summary of all 2,357 customers.)
 */

import { addDays, daysBetween, type LocalDate } from '../../local-date.ts';

/** Days since 1970-01-01 of a local date. */
export type DayNumber = number & { readonly __unit: 'day number' };

const EPOCH = '1970-01-01' as LocalDate;

export function dayNumberOf(date: LocalDate): DayNumber {
  return daysBetween(EPOCH, date) as DayNumber;
}

export function dateOfDay(day: DayNumber): LocalDate {
  return addDays(EPOCH, day);
}

/** Purchase days of one customer, ascending, with the amount of each; null = no amount in the store's currency. */
export interface PurchaseDays {
  days: readonly DayNumber[];
  amounts: readonly (number | null)[];
}

export interface PurchaseSummary {
  x: number;
  txDays: number;
  TDays: number;
  /** Repeat purchase days that have an amount: x, unless other currencies are among them. */
  amountDays: number;
  zbar: number;
}

/** Collects orders in any order. Amounts of one day are added; a day may have orders of other currencies only. */
export class PurchaseLog {
  readonly #days = new Map<DayNumber, number | null>();

  add(day: DayNumber, amount: number | null): void {
    const before = this.#days.get(day) ?? null;
    this.#days.set(day, amount === null ? before : (before ?? 0) + amount);
  }

  close(): PurchaseDays {
    const entries = [...this.#days].sort(([a], [b]) => a - b);
    return { days: entries.map(([day]) => day), amounts: entries.map(([, amount]) => amount) };
  }
}

/** As of the end of a day; undefined when the customer had not ordered by then. */
export function summarise({ days, amounts }: PurchaseDays, asOf: DayNumber): PurchaseSummary | undefined {
  const count = countUntil(days, asOf);
  const [first, last] = [days[0], days[count - 1]];
  if (first === undefined || last === undefined) return undefined;
  let [sum, amountDays] = [0, 0];
  for (let i = 1; i < count; i++) {
    const amount = amounts[i];
    if (amount === null || amount === undefined) continue;
    sum += amount;
    amountDays += 1;
  }
  return {
    x: count - 1,
    txDays: last - first,
    TDays: asOf - first,
    amountDays,
    zbar: amountDays > 0 ? sum / amountDays : 0,
  };
}

/** Purchase days up to and including a day. */
export function countUntil(days: readonly DayNumber[], until: DayNumber): number {
  let count = 0;
  while (count < days.length && (days[count] as DayNumber) <= until) count += 1;
  return count;
}
