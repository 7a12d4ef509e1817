import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LocalDate } from '../../../app/local-date.ts';
import { recencyScore, risingScore } from '../../../app/value/scores.ts';
import {
  noCutPoints,
  publicationReason,
  rhythmBounds,
  type CutPoints,
} from '../../../app/value/cut-points.ts';
import { quantile } from '../../support/order-policy-oracle.ts';

const cutPoints = fc
  .array(fc.double({ min: 0, max: 1e9, noNaN: true }), { minLength: 4, maxLength: 4 })
  .map((cuts) => cuts.sort((a, b) => a - b));

describe('scores', () => {
  test('are from 1 to 5, whatever the cut points', () => {
    fc.assert(
      fc.property(cutPoints, fc.integer({ min: -1_000, max: 1e9 }), (cuts, value) => {
        for (const score of [risingScore(value, cuts), recencyScore(value, cuts)]) {
          expect([1, 2, 3, 4, 5]).toContain(score);
        }
      }),
    );
  });

  test('adding an order never lowers F or M, and never raises the age', () => {
    fc.assert(
      fc.property(cutPoints, fc.nat(1e6), fc.nat(1e6), (cuts, value, more) => {
        expect(risingScore(value + more, cuts)).toBeGreaterThanOrEqual(risingScore(value, cuts));
        expect(recencyScore(value + more, cuts)).toBeLessThanOrEqual(recencyScore(value, cuts));
      }),
    );
  });

  test('a value equal to a cut point stays in the band below it', () => {
    expect([10, 20, 30, 40].map((value) => risingScore(value, [10, 20, 30, 40]))).toEqual([1, 2, 3, 4]);
    expect([10, 20, 30, 40].map((value) => recencyScore(value, [10, 20, 30, 40]))).toEqual([5, 4, 3, 2]);
    expect([11, 41].map((value) => risingScore(value, [10, 20, 30, 40]))).toEqual([2, 5]);
    expect(recencyScore(0, [10, 20, 30, 40])).toBe(5);
    expect(recencyScore(-3, [10, 20, 30, 40])).toBe(5);
  });

  test('equal values score equal, and the highest score never holds more than a fifth, rounded up', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6), { minLength: 1, maxLength: 60 }), (values) => {
        const cuts = [0.2, 0.4, 0.6, 0.8].map((p) => quantile(values, p));
        const scores = new Map<number, number>();
        for (const value of values) {
          const score = risingScore(value, cuts);
          expect(scores.get(value) ?? score).toBe(score);
          scores.set(value, score);
        }
        // At most a fifth of the values, rounded up to a whole one, lie strictly above the last cut point.
        const top = values.filter((value) => risingScore(value, cuts) === 5).length;
        expect(top).toBeLessThanOrEqual(Math.ceil(values.length / 5));
      }),
    );
  });

  test('published: CDNOW at 1997-09-30, cut points 1, 1, 2, 3 of orders (first one included)', () => {
    // Customers by calibration orders, from the published summary: 1411 with one, 439 with two, 214 with three, 293 with more.
    const cuts = [1, 1, 2, 3];
    const counts = [0, 0, 0, 0, 0];
    for (const [orders, customers] of [[1, 1411], [2, 439], [3, 214], [4, 293]] as const) {
      counts[risingScore(orders, cuts) - 1]! += customers;
    } // prettier-ignore
    expect(counts).toEqual([1411, 0, 439, 214, 293]);
  });
});

describe('rhythm', () => {
  test("is the store's own, never below the floors", () => {
    expect(rhythmBounds(100, 91, 196)).toEqual([91, 196, 392]);
    expect(rhythmBounds(100, 20, 20)).toEqual([30, 60, 180]);
    expect(rhythmBounds(5_000, 45.5, 59)).toEqual([45.5, 60, 180]);
  });

  test('is not trusted with fewer than 100 gaps', () => {
    expect(rhythmBounds(99, 91, 196)).toEqual([30, 90, 365]);
    expect(rhythmBounds(0, null, null)).toEqual([30, 90, 365]);
  });
});

describe('publication', () => {
  const day = '2026-11-22' as LocalDate;
  const inForce: CutPoints = {
    ...noCutPoints(day),
    version: 3,
    buyers: 10,
    frequency: [1, 1, 2, 3],
    monetaryMinor: [100, 200, 300, 400],
    recencyDays: [0, 20, 40, 80],
    spentPercentiles: { 75: 350, 80: 400, 90: 500, 95: 600, 99: 1_000 },
  };

  test('the first numbers are published', () => {
    expect(publicationReason(noCutPoints(day), inForce, 0)).toBe('first');
  });

  test('the same numbers are kept until they are 30 days old', () => {
    expect(publicationReason(inForce, inForce, 29)).toBeUndefined();
    expect(publicationReason(inForce, inForce, 30)).toBe('age');
  });

  test.each([
    ['exactly 5 % more', { monetaryMinor: [105, 200, 300, 400] }, undefined],
    ['a little over 5 % more', { monetaryMinor: [105.1, 200, 300, 400] }, 'changed'],
    ['over 5 % less', { recencyDays: [0, 20, 37, 80] }, 'changed'],
    ['something from nothing', { recencyDays: [1, 20, 40, 80] }, 'changed'],
    ['another rhythm', { rhythmDays: [33, 90, 365] as [number, number, number] }, 'changed'],
    ['another percentile', { spentPercentiles: { ...inForce.spentPercentiles, 99: 1_051 } }, 'changed'],
    ['no buyers left', { frequency: [], monetaryMinor: [], recencyDays: [] }, 'changed'],
  ] as const)('%s', (_name, change, reason) => {
    expect(publicationReason(inForce, { ...inForce, ...change } as CutPoints, 1)).toBe(reason);
  });
});
