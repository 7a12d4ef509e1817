/**
 * Ties in RFM, computed on CDNOW at 1997-09-30, the first order counted. "1 + number of cut points strictly below"
 * is our rule; the figures show what other readings of "quintile" would have done to 1,411 one-time buyers.
 */
import { beforeAll, describe, expect } from 'vitest';
import { recencyScore, risingScore } from '../../app/value/scores.ts';
import { readCountedOrders } from '../../scripts/ltv-orders.ts';
import { CDNOW, readCalibration, testOnCdnow } from './cdnow.ts';

let frequency: number[];

beforeAll(async () => {
  if (CDNOW === null) return;
  const summaries = await readCalibration();
  frequency = summaries.map((one) => one.x + 1);
});

/** R's type 7, PostgreSQL's percentile_cont. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const [below, above] = [sorted[low] ?? NaN, sorted[low + 1] ?? NaN];
  return at === low ? below : below + (at - low) * (above - below);
}

const cutPoints = (values: readonly number[]) => [0.2, 0.4, 0.6, 0.8].map((share) => quantile(values, share));

function counts(scores: readonly number[]): number[] {
  return [1, 2, 3, 4, 5].map((score) => scores.filter((one) => one === score).length);
}

describe('RFM ties', () => {
  testOnCdnow('frequency: cut points 1, 1, 2, 3 and 1411 / 0 / 439 / 214 / 293 customers', () => {
    const cuts = cutPoints(frequency);
    expect(cuts).toEqual([1, 1, 2, 3]);
    expect(counts(frequency.map((value) => risingScore(value, cuts)))).toEqual([1411, 0, 439, 214, 293]);
  });

  testOnCdnow('"at or below" would have lifted the 1411 one-time buyers to 3', () => {
    const cuts = cutPoints(frequency);
    const other = (value: number) => Math.min(5, 1 + cuts.filter((cut) => cut <= value).length);
    expect(other(1)).toBe(3);
  });

  testOnCdnow(
    'recency at the end of the log: the two ways to turn the scale differ for 46 of 2,357 customers',
    async () => {
      const { customers } = await readCountedOrders(CDNOW as string, {
        timeZone: 'UTC',
        countZeroOrders: true,
      });
      const end = Math.max(...customers.map(({ purchases }) => purchases.days.at(-1) ?? 0));
      const ages = customers.map(({ purchases }) => end - (purchases.days.at(-1) ?? 0));
      const cuts = cutPoints(ages);
      const other = (age: number) => 1 + cuts.filter((cut) => cut > age).length;
      expect(ages.filter((age) => recencyScore(age, cuts) !== other(age))).toHaveLength(46);
    },
  );

  testOnCdnow(
    '8 orders with a total of 0, each its customer’s only one: 2,349 buyers by default',
    async () => {
      const read = (countZeroOrders: boolean) =>
        readCountedOrders(CDNOW as string, { timeZone: 'UTC', countZeroOrders });
      const [skipped, counted] = await Promise.all([read(false), read(true)]);
      expect([skipped.customers.length, counted.customers.length]).toEqual([2349, 2357]);
      expect([skipped.orders, counted.orders]).toEqual([6911, 6919]);
    },
  );
});
