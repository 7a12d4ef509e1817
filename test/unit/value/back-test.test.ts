import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backTest, classMeans } from '../../../app/value/models/back-test.ts';
import { cumulativeOrders, dailyOrders } from '../../../app/value/models/cumulative-orders.ts';
import { discountedOrders, monthlyRate } from '../../../app/value/models/discounted-value.ts';
import { forecastErrors } from '../../../app/value/models/forecast-errors.ts';
import type { DayNumber, PurchaseDays } from '../../../app/value/models/purchase-history.ts';
import type { PurchaseModel } from '../../../app/value/models/purchase-model.ts';
import type { Days } from '../../../app/value/models/units.ts';

const bought = (...days: number[]): PurchaseDays => ({
  days: days as DayNumber[],
  amounts: days.map(() => 1),
});

describe('errors of a forecast', () => {
  test('by hand', () => {
    const errors = forecastErrors([1, 0, 3], [2, 0, 1]);
    expect(errors.mae).toBeCloseTo(1);
    expect(errors.rmse).toBeCloseTo(Math.sqrt(5 / 3));
    expect(errors.bias).toBeCloseTo(1 / 3);
  });

  test('the first tenth: whole customers, and a share of those who are tied across its edge', () => {
    const expected = [9, 8, ...Array<number>(18).fill(1)];
    const actual = [5, 3, ...Array<number>(18).fill(1)];
    expect(forecastErrors(expected, actual).topDecileCapture).toBeCloseTo(8 / 26);
    const tied = Array<number>(20).fill(1);
    expect(forecastErrors(tied, actual).topDecileCapture).toBeCloseTo(0.1);
    expect(forecastErrors(tied, Array<number>(20).fill(0)).topDecileCapture).toBeNull();
  });

  test('weights are equal customers, and the order of customers changes nothing', () => {
    const entry = fc.record({
      expected: fc.nat(5),
      actual: fc.nat(5),
      weight: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 20 }), (entries) => {
        const loose = entries.flatMap((one) => Array<typeof one>(one.weight).fill(one)).toReversed();
        const weighted = forecastErrors(
          entries.map((one) => one.expected),
          entries.map((one) => one.actual),
          entries.map((one) => one.weight),
        );
        const single = forecastErrors(
          loose.map((one) => one.expected),
          loose.map((one) => one.actual),
        );
        for (const name of ['mae', 'rmse', 'bias', 'topDecileCapture'] as const) {
          expect(Math.abs((weighted[name] ?? -1) - (single[name] ?? -1)), name).toBeLessThan(1e-9);
        }
      }),
    );
  });
});

describe('forecasts without a model', () => {
  test('class means are learned from the last stretch of the calibration time only', () => {
    const people = [bought(0, 60, 70), bought(0), bought(10, 20, 55), bought(70, 80), bought(0, 120)];
    // Calibration 0 to 100, hold-out 40 days: the stretch is days 61 to 100.
    const means = classMeans(people, { from: 0 as DayNumber, to: 100 as DayNumber }, 40);
    expect(means.slice(0, 3)).toEqual([0, 1, 0]);
    expect(means[3]).toBeNull();
  });

  test('same rate is x / T, and the class mean stands in where there is one', () => {
    const test_ = backTest(
      {
        x: [2, 0],
        TDays: [20, 0],
        expected: [1, 1],
        actual: [4, 0],
        classMeans: [0.5, null, null, null, null, null, null, null],
      },
      40,
    );
    expect(test_.baselines.sameRate.mae).toBeCloseTo(0);
    expect(test_.baselines.frequencyClassMean.mae).toBeCloseTo(0.25);
    expect(test_.byFrequency[2]).toEqual({ x: 2, customers: 1, actual: 4, expected: 1 });
    expect(test_.byFrequency[5]).toEqual({ x: 5, customers: 0, actual: null, expected: null });
  });
});

describe('discounting', () => {
  test('a year is twelve months, and nothing is discounted at a rate of 0', () => {
    const linear = (days: Days) => days / 365;
    expect(discountedOrders(linear, 365 as Days, 0)).toBe(1);
    const monthly = monthlyRate(0.12);
    expect(monthly).toBeCloseTo(1.12 ** (1 / 12) - 1, 15);
    const annuity = (1 - (1 + monthly) ** -12) / monthly / 12;
    expect(discountedOrders(linear, 365 as Days, 0.12)).toBeCloseTo(annuity, 12);
  });

  test('a cut-off month counts as a month', () => {
    const atOnce = (days: Days) => (days > 31 ? 1 : 0);
    expect(discountedOrders(atOnce, 40 as Days, 0.12)).toBeCloseTo((1 + monthlyRate(0.12)) ** -2, 12);
  });
});

test('cumulative orders count repeats up to each day and end on the last one', () => {
  const model: PurchaseModel = {
    name: 'mbgnbd',
    fit: {
      params: { r: 0.5, alpha: 30, a: 0.8, b: 2.5 },
      logLikelihood: 0,
      converged: true,
      atEdge: [],
      standardErrors: null,
      sample: 2,
      evaluations: 1,
    },
  };
  const points = cumulativeOrders(model, 'day', dailyOrders([bought(0, 5, 12), bought(3, 14)]), {
    from: 0 as DayNumber,
    to: 16 as DayNumber,
    step: 7,
  });
  expect(points.map((point) => [point.day, point.actual])).toEqual([
    [7, 1],
    [14, 3],
    [16, 3],
  ]);
  expect(points.every((point, i) => i === 0 || point.expected > (points[i - 1]?.expected ?? 0))).toBe(true);
});
