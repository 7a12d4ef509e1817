/** Against published figures: Newcombe 1998 (both papers), tables of Student's t. */
import { describe, expect, test } from 'vitest';
import {
  isClear,
  meanDifference,
  shareDifference,
  shareInterval,
  studentT,
} from '../../../../app/segments/analysis/intervals.ts';

test.each([
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
])('the interval of %i of %i', (some, of, from, to) => {
  const interval = shareInterval({ some, of });
  expect(interval?.from).toBeCloseTo(from, 4);
  expect(interval?.to).toBeCloseTo(to, 4);
});

test.each([
  [56, 70, 48, 80, 0.0524, 0.3339],
  [9, 10, 3, 10, 0.1705, 0.809],
  [6, 7, 2, 7, 0.0582, 0.8062],
  [5, 56, 0, 29, -0.0381, 0.1926],
  [0, 10, 0, 20, -0.1611, 0.2775],
  [10, 10, 0, 10, 0.6075, 1],
])('the difference of %i of %i and %i of %i', (a, m, b, n, from, to) => {
  const interval = shareDifference({ some: a, of: m }, { some: b, of: n });
  expect(interval?.from).toBeCloseTo(from, 4);
  expect(interval?.to).toBeCloseTo(to, 4);
});

test.each([
  [9, 2.2622],
  [10, 2.2281],
  [20, 2.086],
  [30, 2.0423],
  [60, 2.0003],
  [120, 1.9799],
  [1e9, 1.96],
])("Student's t with %i degrees of freedom", (freedom, t) => {
  expect(studentT(freedom)).toBeCloseTo(t, 3);
});

describe('the difference of two means', () => {
  test('of equal samples of 16 with variance 8 has 30 degrees of freedom and a standard error of 1', () => {
    const interval = meanDifference({ n: 16, mean: 12, variance: 8 }, { n: 16, mean: 10, variance: 8 });
    expect(interval?.from).toBeCloseTo(2 - 2.0423, 3);
    expect(interval?.to).toBeCloseTo(2 + 2.0423, 3);
    expect(isClear(interval)).toBe(false);
  });

  test('of unequal variances is wider than the larger of the two alone, and says which way', () => {
    const interval = meanDifference({ n: 50, mean: 10, variance: 1 }, { n: 20, mean: 14, variance: 20 });
    expect(interval && interval.to - interval.from).toBeGreaterThan(2 * 2.0 * Math.sqrt(20 / 20));
    expect(isClear(interval)).toBe(true);
  });

  test('is not taken of fewer than ten, and needs no spread', () => {
    expect(meanDifference({ n: 9, mean: 1, variance: 1 }, { n: 500, mean: 2, variance: 1 })).toBeUndefined();
    expect(meanDifference({ n: 10, mean: 3, variance: 0 }, { n: 10, mean: 1, variance: 0 })).toEqual({
      from: 2,
      to: 2,
    });
    expect(shareInterval({ some: 0, of: 0 })).toBeUndefined();
    expect(shareDifference({ some: 1, of: 2 }, { some: 0, of: 0 })).toBeUndefined();
  });
});
