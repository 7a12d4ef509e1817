/**
 * Units of the value models, as types: a number of days cannot be used as a number of weeks, nor the age at the
 * last order (t_x of the literature) as the days since it. Models work in the unit they were fitted in.
 */

/** The unit that a model's times and rates are in. */
export type TimeUnit = 'day' | 'week';

/** A number of days; whole when it is the distance of two local dates. */
export type Days = number & { readonly __unit: 'days' };

/** A duration in a model's own unit. */
export type ModelTime = number & { readonly __unit: 'model time' };

/** How old the customer was at the last order: first to last order (t_x). Not "days since the last order". */
export type AgeAtLastOrder = ModelTime & { readonly __meaning: 'first to last order' };

/** How old the customer is: first order to the day the model looks from (T). */
export type Age = ModelTime & { readonly __meaning: 'first order to now' };

export const DAYS_PER_UNIT: Readonly<Record<TimeUnit, number>> = { day: 1, week: 7 };

/** A month of discounting: a twelfth of 365 days. */
export const MONTH = (365 / 12) as Days;

/** "Over 12 months". */
export const YEAR = 365 as Days;

export function inUnit(days: Days, unit: TimeUnit): ModelTime {
  return (days / DAYS_PER_UNIT[unit]) as ModelTime;
}
