import type { Rule } from '../../app/segments/rule.ts';

/** Spent at least so much, in minor units, within 365 days; an order counts after so many days. */
export const vipRule = (minor: number, countAfterDays?: number): Rule => ({
  v: 1,
  where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: minor },
  ...(countAfterDays === undefined ? {} : { countAfterDays }),
});
