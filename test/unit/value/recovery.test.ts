/** Customers drawn from known parameters: each fit finds them again within its own standard errors. */
import { expect, test } from 'vitest';
import { fitBgnbd } from '../../../app/value/models/bgnbd.ts';
import { expectedAmount, fitGammaGamma } from '../../../app/value/models/gamma-gamma.ts';
import { groupCustomers } from '../../../app/value/models/grouped-customers.ts';
import type { Fit } from '../../../app/value/models/maximum-likelihood.ts';
import { fitMbgnbd } from '../../../app/value/models/mbgnbd.ts';
import { fitPareto } from '../../../app/value/models/pareto-nbd.ts';
import type { PurchaseModel } from '../../../app/value/models/purchase-model.ts';
import { scoreGroups } from '../../../app/value/models/score-groups.ts';
import type { Days } from '../../../app/value/models/units.ts';
import {
  evenAges,
  seeded,
  simulateAmounts,
  simulateBetaGeometric,
  simulatePareto,
  type Simulated,
} from './simulate.ts';

const AGES = evenAges(8000, 30, 700);
const AFTER = 365;

function expectRecovered<Name extends string>(fit: Fit<Name>, truth: Record<Name, number>): void {
  expect(fit.converged).toBe(true);
  for (const name of Object.keys(truth) as Name[]) {
    const error = fit.standardErrors?.[name] ?? 0;
    // Four standard errors of the logarithm: once in 16,000 draws, and the draws are fixed.
    const off = Math.log(fit.params[name] / truth[name]) / (error / fit.params[name]);
    expect(Math.abs(off), `${name}: ${fit.params[name]} for ${truth[name]} +- ${error}`).toBeLessThan(4);
    expect(error / fit.params[name]).toBeLessThan(0.5);
  }
}

/** Orders of a year behind the fit, in all and from those with the lowest and highest chance. */
function expectForecast(model: PurchaseModel, drawn: Simulated): void {
  const { groups, rowOf } = groupCustomers(drawn, 'day');
  const scores = scoreGroups(model, groups, { days: AFTER as Days, annualRate: 0 });
  const people = drawn.later.map((later, i) => ({
    later,
    expected: scores.orders[rowOf[i] as number] as number,
  }));
  people.sort((a, b) => a.expected - b.expected);
  for (const part of [people, people.slice(0, 4000), people.slice(-800)]) {
    const [actual, expected] = [
      part.reduce((s, p) => s + p.later, 0),
      part.reduce((s, p) => s + p.expected, 0),
    ];
    expect(Math.abs(expected / actual - 1), `${expected} expected, ${actual} came`).toBeLessThan(0.12);
  }
}

test('MBG/NBD', () => {
  const truth = { r: 0.6, alpha: 45, a: 0.8, b: 1.9 };
  const drawn = simulateBetaGeometric(seeded(1), truth, { afterFirst: true, ages: AGES, after: AFTER });
  const fit = fitMbgnbd(groupCustomers(drawn, 'day').groups);
  expectRecovered(fit, truth);
  expectForecast({ name: 'mbgnbd', fit }, drawn);
});

test('BG/NBD', () => {
  const truth = { r: 0.4, alpha: 30, a: 0.7, b: 2.4 };
  const drawn = simulateBetaGeometric(seeded(2), truth, { afterFirst: false, ages: AGES, after: AFTER });
  const fit = fitBgnbd(groupCustomers(drawn, 'day').groups);
  expectRecovered(fit, truth);
  expectForecast({ name: 'bgnbd', fit }, drawn);
});

test('Pareto/NBD', () => {
  const truth = { r: 0.8, alpha: 60, s: 0.7, beta: 90 };
  const drawn = simulatePareto(seeded(3), truth, { ages: AGES, after: AFTER });
  const fit = fitPareto(groupCustomers(drawn, 'day').groups);
  expectRecovered(fit, truth);
  expectForecast({ name: 'pareto', fit }, drawn);
}, 60_000);

test('Gamma-Gamma', () => {
  const truth = { p: 5, q: 4, gamma: 25 };
  const x = AGES.map((_, i) => i % 9);
  const random = seeded(4);
  const zbar = simulateAmounts(random, truth, x);
  const fit = fitGammaGamma({ x, zbar });
  expectRecovered(fit, truth);
  expect(expectedAmount(fit.params, 0, 0) / ((5 * 25) / 3)).toBeCloseTo(1, 1);
});

test('the same customers give the same fit to the last bit, in any order', () => {
  const truth = { r: 0.6, alpha: 45, a: 0.8, b: 1.9 };
  const drawn = simulateBetaGeometric(seeded(5), truth, { afterFirst: true, ages: evenAges(500, 30, 700) });
  const fit = () => fitMbgnbd(groupCustomers(drawn, 'day').groups);
  expect(fit()).toEqual(fit());
  const turned = {
    x: drawn.x.toReversed(),
    txDays: drawn.txDays.toReversed(),
    TDays: drawn.TDays.toReversed(),
  };
  const other = fitMbgnbd(groupCustomers(turned, 'day').groups);
  expect(other.params.alpha / fit().params.alpha).toBeCloseTo(1, 6);
});
