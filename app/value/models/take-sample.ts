/** Which customers a fit as of a day is made on, and what the models read of them. */
import { groupCustomers } from './grouped-customers.ts';
import { summarise, type DayNumber, type PurchaseDays, type PurchaseSummary } from './purchase-history.ts';
import type { TimeUnit } from './units.ts';

export interface LtvCustomer {
  name: string;
  purchases: PurchaseDays;
}

export interface Sample {
  asOf: DayNumber;
  /** Those who had ordered by then. */
  members: LtvCustomer[];
  summaries: PurchaseSummary[];
  groups: ReturnType<typeof groupCustomers>;
  size: { customers: number; repeatCustomers: number; spanDays: number };
}

/** Those who had ordered by the end of `asOf`, as the models read them. */
export function takeSample(customers: readonly LtvCustomer[], asOf: DayNumber, unit: TimeUnit): Sample {
  const members: LtvCustomer[] = [];
  const summaries: Sample['summaries'] = [];
  for (const customer of customers) {
    const summary = summarise(customer.purchases, asOf);
    if (!summary) continue;
    members.push(customer);
    summaries.push(summary);
  }
  return {
    asOf,
    members,
    summaries,
    groups: groupCustomers(
      {
        x: summaries.map((one) => one.x),
        txDays: summaries.map((one) => one.txDays),
        TDays: summaries.map((one) => one.TDays),
      },
      unit,
    ),
    size: {
      customers: summaries.length,
      repeatCustomers: summaries.filter((one) => one.x > 0).length,
      spanDays: summaries.reduce((longest, one) => Math.max(longest, one.TDays), 0),
    },
  };
}

/** First and last purchase day of all. */
export interface Span {
  from: DayNumber;
  to: DayNumber;
}

export function spanOf(customers: readonly LtvCustomer[]): Span | undefined {
  let [from, to] = [Infinity, -Infinity];
  for (const { purchases } of customers) {
    from = Math.min(from, purchases.days[0] ?? Infinity);
    to = Math.max(to, purchases.days.at(-1) ?? -Infinity);
  }
  return from <= to ? { from: from as DayNumber, to: to as DayNumber } : undefined;
}
