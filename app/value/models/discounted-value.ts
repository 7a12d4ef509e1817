/**
 * Orders to come, worth less the later they come. Discounting is monthly, a month is 365 / 12 days, and the rate of
 * a month is (1 + yearly)^(1/12) - 1; the orders of a month are discounted as if they came at its end (as in Fader,
 * Hardie and Lee 2005, RFM and CLV, on monthly steps). A last month that the horizon cuts off counts as a month.
 */
import { MONTH, type Days } from './units.ts';

/** (1 + R)^(1/12) - 1: 0.1 a year is 0.00797 a month. */
export function monthlyRate(annualRate: number): number {
  return Math.expm1(Math.log1p(annualRate) / 12);
}

/**
 * @param expectedIn expected orders in the next so many days
 * @param annualRate 0.1 is ten per cent a year
 * @returns discounted expected orders within the horizon
 */
export function discountedOrders(
  expectedIn: (days: Days) => number,
  horizon: Days,
  annualRate: number,
): number {
  if (annualRate === 0) return expectedIn(horizon);
  const factor = 1 / (1 + monthlyRate(annualRate));
  // 365 days are twelve months, not twelve and a rounding error.
  const months = Math.ceil(horizon / MONTH - 1e-9);
  let [sum, before] = [0, 0];
  for (let month = 1; month <= months; month++) {
    const until = expectedIn(Math.min(month * MONTH, horizon) as Days);
    sum += (until - before) * factor ** month;
    before = until;
  }
  return sum;
}
