/**
 * Cohorts as a page shows them: customers by the month of their first order that counts, and what became of them
 * month by month. Months are the shop's own. Bounded by construction: the last 24 cohorts and 24 months of each; all
 * older cohorts are one row, "earlier".
 *
 * The running month is shown, but is not over: averages and lines of charts read complete months only.
 */
import type { LocalDate } from '../local-date.ts';

/** Cohorts that are shown one by one, and months of each. */
export const COHORT_MONTHS = 24;

/** A calendar month, "2026-03". */
export type Month = string;

export interface CohortMonth {
  /** Months since the month of the first order; 0 = that month. */
  index: number;
  /** Customers of the cohort with a counted order in that month. */
  active: number;
  /** Spent by all of the cohort from the first order to the end of that month, minor units as text. */
  spentMinor: string;
  /** The month is over. */
  complete: boolean;
}

export interface Cohort {
  /** Null: all cohorts before the ones that are shown. */
  month: Month | null;
  customers: number;
  /** Every month up to the running one, also those in which nobody ordered. */
  months: CohortMonth[];
}

/** As counted from the facts: months in which nobody ordered are absent, amounts are those of the month alone. */
export interface CountedCohort {
  month: Month | null;
  customers: number;
  months: { index: number; active: number; spentMinor: string }[];
}

export function monthOf(day: LocalDate): Month {
  return day.slice(0, 7);
}

/** "2026-03", -4 -> "2025-11". */
export function addMonths(month: Month, months: number): Month {
  const at = monthNumber(month) + months;
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`;
}

/** Whole months from `from` to `to`. */
export function monthsBetween(from: Month, to: Month): number {
  return monthNumber(to) - monthNumber(from);
}

function monthNumber(month: Month): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

/** The oldest cohort that is shown by itself on a day of `current`. */
export function firstShownMonth(current: Month): Month {
  return addMonths(current, 1 - COHORT_MONTHS);
}

/** Fills the months in which nobody ordered and adds the amounts up. "Earlier" comes first, then by month. */
export function fillCohorts(counted: readonly CountedCohort[], current: Month): Cohort[] {
  return [...counted]
    .sort((a, b) => (a.month ?? '').localeCompare(b.month ?? ''))
    .map(({ month, customers, months }) => {
      const byIndex = new Map(months.map((one) => [one.index, one]));
      // Earlier cohorts have all lived through every month that is shown.
      const running = month === null ? COHORT_MONTHS : monthsBetween(month, current);
      const filled: CohortMonth[] = [];
      let spent = 0n;
      for (let index = 0; index <= Math.min(running, COHORT_MONTHS - 1); index++) {
        const one = byIndex.get(index);
        spent += BigInt(one?.spentMinor ?? 0);
        filled.push({
          index,
          active: one?.active ?? 0,
          spentMinor: spent.toString(),
          complete: index < running,
        });
      }
      return { month, customers, months: filled };
    });
}

/**
 * Several cohorts as one: for each month that all of them have completed, customers, active and spent are added. So
 * every point is about the same people, and ends where the youngest ends.
 * @returns undefined when some cohort has no complete month, or there is none
 */
export function mergeCohorts(cohorts: readonly Cohort[]): Omit<Cohort, 'month'> | undefined {
  const length = Math.min(...cohorts.map(({ months }) => months.filter((one) => one.complete).length));
  if (cohorts.length === 0 || length === 0) return undefined;
  return {
    customers: cohorts.reduce((sum, cohort) => sum + cohort.customers, 0),
    months: Array.from({ length }, (_, index) => ({
      index,
      active: cohorts.reduce((sum, { months }) => sum + (months[index]?.active ?? 0), 0),
      spentMinor: cohorts
        .reduce((sum, { months }) => sum + BigInt(months[index]?.spentMinor ?? 0), 0n)
        .toString(),
      complete: true,
    })),
  };
}

export interface AverageMonth {
  index: number;
  /** Customers whose month `index` is over. */
  customers: number;
  /** Of them, those who ordered in that month. */
  active: number;
  /** Spent per customer from the first order to the end of the month, minor units, not rounded. */
  spentPerCustomerMinor: number;
}

/**
 * Over all customers, month by month: what those who completed a month did in it. Later months rest on fewer, older
 * cohorts; the spent of each month is averaged over those who completed it and the averages are added up, so the sum
 * never falls because other people are looked at.
 */
export function averageCohort(cohorts: readonly Cohort[]): AverageMonth[] {
  const average: AverageMonth[] = [];
  let spentPerCustomerMinor = 0;
  for (let index = 0; index < COHORT_MONTHS; index++) {
    const merged = mergeCohorts(cohorts.filter(({ months }) => months[index]?.complete));
    const month = merged?.months[index];
    if (!merged || !month) break;
    const spentMinor = BigInt(month.spentMinor) - BigInt(merged.months[index - 1]?.spentMinor ?? 0);
    spentPerCustomerMinor += Number(spentMinor) / merged.customers;
    average.push({ index, customers: merged.customers, active: month.active, spentPerCustomerMinor });
  }
  return average;
}

export interface CohortGroup {
  /** First and last month; null: earlier cohorts. */
  from: Month | null;
  to: Month | null;
  customers: number;
  months: CohortMonth[];
}

/** Cohorts in a group of a chart. */
const GROUP_MONTHS = 6;

/**
 * Cohorts six by six, counted back from the last month that is over, for a chart that can be read: those with at
 * least two months that all of their customers have completed.
 */
export function groupCohorts(cohorts: readonly Cohort[], current: Month): CohortGroup[] {
  const groups = new Map<number, Cohort[]>();
  for (const cohort of cohorts) {
    // A cohort whose first month is not over would end its group's line at once.
    if (!cohort.months[0]?.complete) continue;
    const group =
      cohort.month === null
        ? Infinity
        : Math.floor((monthsBetween(cohort.month, current) - 1) / GROUP_MONTHS);
    groups.set(group, [...(groups.get(group) ?? []), cohort]);
  }
  return [...groups.values()].flatMap((members) => {
    const merged = mergeCohorts(members);
    if (!merged || merged.months.length < 2) return [];
    return [{ from: members[0]?.month ?? null, to: members.at(-1)?.month ?? null, ...merged }];
  });
}
