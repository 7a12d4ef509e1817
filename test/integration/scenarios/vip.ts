/** VIP on the arithmetic store. */
import type { Rule } from '../../../app/segments/rule.ts';

/** At least so much within 365 days, in major units. */
export const vipRule = (amount: number, countAfterDays?: number): Rule => ({
  v: 1,
  where: { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: amount * 100 },
  ...(countAfterDays === undefined ? {} : { countAfterDays }),
});

export const EIGHT_VIPS = [20, 40, 60, 80, 100, 120, 140, 160];
