/** Calibration in ten equal parts, by hand and whatever the order. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { calibrationDeciles } from '../../../app/value/models/calibration-deciles.ts';

test('twenty customers: two in each part, least expected first', () => {
  const expected = Array.from({ length: 20 }, (_, i) => i / 10);
  const actual = expected.map((value) => value + 1);
  const rows = calibrationDeciles(expected, actual);
  expect(rows.map(({ decile, customers }) => [decile, customers])).toEqual(
    Array.from({ length: 10 }, (_, i) => [i + 1, 2]),
  );
  expect(rows[0]?.expected).toBeCloseTo(0.05, 12);
  expect(rows[0]?.actual).toBeCloseTo(1.05, 12);
  expect(rows[9]?.expected).toBeCloseTo(1.85, 12);
});

test('a group across an edge is shared: all alike are alike in every part', () => {
  const rows = calibrationDeciles([0.5, 0.5], [1, 3], [9, 4]);
  expect(rows).toHaveLength(10);
  for (const row of rows) {
    expect(row.customers).toBeCloseTo(1.3, 12);
    expect(row.expected).toBeCloseTo(0.5, 12);
    expect(row.actual).toBeCloseTo(21 / 13, 12);
  }
});

test('fewer than ten customers: nothing', () => {
  expect(calibrationDeciles([1, 2, 3], [0, 0, 0])).toEqual([]);
});

test('the parts add up to all customers and orders, in any order, weighted or one by one', () => {
  const row = fc.record({
    expected: fc.integer({ min: 0, max: 6 }),
    actual: fc.nat(5),
    weight: fc.integer({ min: 1, max: 4 }),
  });
  type Row = { expected: number; actual: number; weight: number };
  const of = (list: readonly Row[]) =>
    calibrationDeciles(
      list.map((one) => one.expected),
      list.map((one) => one.actual),
      list.map((one) => one.weight),
    );
  fc.assert(
    fc.property(fc.array(row, { minLength: 10, maxLength: 40 }), (rows) => {
      const deciles = of(rows);
      const sum = (pick: (one: (typeof deciles)[number]) => number) =>
        deciles.reduce((total, one) => total + one.customers * pick(one), 0);
      const all = (pick: (one: Row) => number) =>
        rows.reduce((total, one) => total + one.weight * pick(one), 0);
      expect(sum(() => 1)).toBeCloseTo(
        all(() => 1),
        6,
      );
      expect(sum((one) => one.actual)).toBeCloseTo(
        all((one) => one.actual),
        6,
      );
      expect(sum((one) => one.expected)).toBeCloseTo(
        all((one) => one.expected),
        6,
      );
      const single = rows.flatMap((one) => Array.from({ length: one.weight }, () => ({ ...one, weight: 1 })));
      for (const [i, one] of of([...single].reverse()).entries()) {
        expect(one.actual).toBeCloseTo(deciles[i]?.actual ?? NaN, 6);
      }
      for (let i = 1; i < 10; i++) {
        expect(deciles[i]?.expected ?? 0).toBeGreaterThanOrEqual((deciles[i - 1]?.expected ?? 0) - 1e-9);
      }
    }),
  );
});
