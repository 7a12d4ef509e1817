import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTo, percentOf } from '../../../app/ui/charts/scale.ts';
import {
  channelName,
  formatMean,
  formatMonths,
  formatNumber,
  formatParameter,
  formatPercent,
} from '../../../app/ui/value/value-words.ts';

test('axes begin at 0 and end at a round number', () => {
  expect(axisTo(8.2)).toEqual({ max: 10, ticks: [0, 2.5, 5, 7.5, 10] });
  expect(axisTo(0.3)).toEqual({ max: 0.3, ticks: [0, 0.1, 0.2, 0.3] });
  expect(axisTo(5_310)).toEqual({ max: 6_000, ticks: [0, 2_000, 4_000, 6_000] });
  expect(axisTo(0)).toEqual({ max: 1, ticks: [0, 1] });
});

test('any largest value is on its axis, which is not much longer', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), (most) => {
      const { max, ticks } = axisTo(most);
      expect(max).toBeGreaterThanOrEqual(most * (1 - 1e-9));
      expect(max).toBeLessThanOrEqual(2 * most);
      expect(ticks.length).toBeLessThanOrEqual(6);
      expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
    }),
  );
});

test('positions stay inside of the axis', () => {
  expect([percentOf(1, 3), percentOf(-1, 3), percentOf(4, 3), percentOf(1, 0)]).toEqual([33.33, 0, 100, 0]);
});

test('shares: something is never written as nothing, nor less than all as all', () => {
  expect([0, 0.001, 0.004, 0.006, 0.5, 0.994, 0.996, 1].map(formatPercent)).toEqual([
    '0 %', '<1 %', '<1 %', '1 %', '50 %', '99 %', '>99 %', '100 %',
  ]); // prettier-ignore
});

test('figures of the models', () => {
  expect([formatNumber(-0.0001), formatNumber(1.23456), formatNumber(-0.5, 1)]).toEqual([
    '0.000',
    '1.235',
    '-0.5',
  ]);
  expect([0.28781708, 79.1074, 0.00002, 12_345_678, 1000, 0, NaN].map(formatParameter)).toEqual([
    '0.2878', '79.11', '2.000e-5', '1.235e+7', '1000', '0', '–',
  ]); // prettier-ignore
  expect([formatMean(6_071.43, 'EUR'), formatMean(1_500.4, 'JPY')]).toEqual(['€60.71', '¥1,500']);
});

test('months of a group of cohorts', () => {
  expect(formatMonths('2026-03', '2026-03')).toBe('Mar 2026');
  expect(formatMonths('2026-03', '2026-08')).toBe('Mar–Aug 2026');
  expect(formatMonths('2025-11', '2026-04')).toBe('Nov 2025–Apr 2026');
});

test('channels are named as Shopify’s admin names them; an app’s number stays one', () => {
  expect(['web', 'pos', 'shopify_draft_order', '580111', 'my-app', null, ''].map(channelName)).toEqual([
    'Online store', 'Point of sale', 'Draft orders', 'App 580111', 'my-app', 'Not known', 'Not known',
  ]); // prettier-ignore
});
