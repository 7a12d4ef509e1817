/**
 * Figures of BG/NBD that need no data file. Sources:
 * - P. Hardie, BG/NBD spreadsheet notes (E[X(t)]); Fader, Hardie and Lee 2005, section 4 (E[Y(39)]);
 * - the vignette and tests of the R package BTYD (E[Y(52)], p(alive));
 * - pymc-marketing's test of numerical stability, after Hardie's note 027.
 */
import { expect, test } from 'vitest';
import {
  bgnbdAlive,
  bgnbdExpected,
  bgnbdExpectedNew,
  bgnbdLogLikelihood,
  bgnbdProbability,
} from '../../app/value/models/bgnbd.ts';
import { groupCustomers } from '../../app/value/models/grouped-customers.ts';
import type { Age, AgeAtLastOrder, ModelTime } from '../../app/value/models/units.ts';

/** On CDNOW, weeks. */
const FITTED = { r: 0.24259291, alpha: 4.41353118, a: 0.79288625, b: 2.42575366 };
const PAPER = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

const weeks = (value: number) => value as ModelTime;
const expected = (params: typeof PAPER, t: number, x: number, tx: number, T: number) =>
  bgnbdExpected(params, weeks(t), x, tx as AgeAtLastOrder, T as Age);

test.each([
  [0.1429, 0.0078],
  [1, 0.0532],
  [3, 0.1506],
  [31.8571, 1.0405],
  [32, 1.0437],
  [78, 1.8576],
])('E[X(%d weeks)] is %d', (t, figure) => {
  expect(Math.abs(bgnbdExpectedNew(FITTED, weeks(t)) - figure)).toBeLessThan(0.001);
});

test('E[Y(39) | x 2, t_x 30.43, T 38.86] is 1.226', () => {
  expect(expected(PAPER, 39, 2, 30.43, 38.86)).toBeCloseTo(1.226, 3);
});

test('E[Y(52) | x 26, t_x 30.857, T 31] is 25.75659, p(alive) .9688523', () => {
  const [tx, T] = [30 + 6 / 7, 31];
  expect(expected(FITTED, 52, 26, tx, T)).toBeCloseTo(25.75659, 2);
  expect(bgnbdAlive(FITTED, 26, tx as AgeAtLastOrder, T as Age)).toBeCloseTo(0.9688523, 5);
});

test('P(X(39) = 0) is .5737864', () => {
  expect(bgnbdProbability(PAPER, 0, weeks(39))).toBeCloseTo(0.5737864, 6);
});

test('P(X(t) = n) sums to 1 and has the mean E[X(t)]', () => {
  let [sum, mean] = [0, 0];
  for (let n = 0; n < 400; n++) {
    const p = bgnbdProbability(PAPER, n, weeks(39));
    sum += p;
    mean += n * p;
  }
  expect(sum).toBeCloseTo(1, 9);
  expect(mean).toBeCloseTo(bgnbdExpectedNew(PAPER, weeks(39)), 7);
});

test.each([
  [10, 0.3474606],
  [15, 0.04283391],
  [20, 0.004158973],
  [25, 0.0003583685],
])('more orders and then the same silence: E[Y(52) | x %d, t_x 20, T 39] is %d', (x, figure) => {
  // BTYD's own estimates are printed with three decimals only.
  expect(Math.abs(expected(FITTED, 52, x, 20, 39) / figure - 1)).toBeLessThan(2e-4);
});

test.each([
  [0, 0, -0.59947382],
  [200, 38, 100.7957],
])('log-likelihood of one customer with x %d, t_x %d, T 40 is %d', (x, tx, figure) => {
  const { groups } = groupCustomers({ x: [x], txDays: [tx], TDays: [40] }, 'day');
  const value = bgnbdLogLikelihood({ r: 0.25, alpha: 4, a: 0.8, b: 2.5 }, groups);
  expect(Math.abs(value - figure)).toBeLessThan(x === 0 ? 1e-8 : 1e-4);
});
