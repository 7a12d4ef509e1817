/** Gradients against differences, grouping against single customers, and the limits of what a fit may claim. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { betaGeometricObjective } from '../../../app/value/models/beta-geometric.ts';
import { fitBgnbd, bgnbdLogLikelihood } from '../../../app/value/models/bgnbd.ts';
import { fitGammaGamma, gammaGammaObjective, prepareSpend } from '../../../app/value/models/gamma-gamma.ts';
import { groupCustomers } from '../../../app/value/models/grouped-customers.ts';
import { fitMbgnbd, mbgnbdLogLikelihood } from '../../../app/value/models/mbgnbd.ts';
import type { Objective } from '../../../app/value/models/minimise.ts';
import { fitPareto, paretoLogLikelihood, paretoObjective } from '../../../app/value/models/pareto-nbd.ts';
import { evenAges, seeded, simulateBetaGeometric } from './simulate.ts';

const log = fc.double({ min: -3, max: 3, noNaN: true });
const four = fc.tuple(
  log,
  log.map((value) => value + 3),
  log,
  log,
);
const customers = fc
  .array(
    fc.record({
      x: fc.oneof(fc.nat(4), fc.nat(1000)),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
      T: fc.nat(7305),
      weight: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => ({
    x: all.map(({ x, T }) => Math.min(x, T)),
    txDays: all.map(({ x, part, T }) =>
      Math.min(x, T) === 0 ? 0 : Math.max(x > T ? T : x, Math.round(part * T)),
    ),
    TDays: all.map(({ T }) => T),
    weight: all.map(({ weight }) => weight),
  }));

function expectGradient(objective: Objective, at: readonly number[]): void {
  const gradient = new Float64Array(at.length);
  const spare = new Float64Array(at.length);
  const value = objective(Float64Array.from(at), gradient);
  expect(Number.isFinite(value)).toBe(true);
  at.forEach((_, i) => {
    const h = 1e-5;
    const shifted = (by: number) =>
      objective(
        Float64Array.from(at, (v, j) => (i === j ? v + by : v)),
        spare,
      );
    const difference = (shifted(h) - shifted(-h)) / (2 * h);
    expect(Math.abs(difference - (gradient[i] ?? NaN))).toBeLessThan(
      2e-5 * (1 + Math.abs(difference)) + 1e-8 * Math.abs(value),
    );
  });
}

describe('gradients are what differences say', () => {
  test.each([
    [
      'BG/NBD',
      (columns: Parameters<typeof groupCustomers>[0]) =>
        betaGeometricObjective(groupCustomers(columns, 'day').groups, { afterFirst: false }),
    ],
    [
      'MBG/NBD',
      (columns) => betaGeometricObjective(groupCustomers(columns, 'day').groups, { afterFirst: true }),
    ],
    ['Pareto/NBD', (columns) => paretoObjective(groupCustomers(columns, 'day').groups)],
  ] as [string, (columns: Parameters<typeof groupCustomers>[0]) => Objective][])('%s', (_, objectiveOf) => {
    fc.assert(
      fc.property(customers, four, (columns, at) => expectGradient(objectiveOf(columns), at)),
      { numRuns: 200 },
    );
  });

  test('Gamma-Gamma', () => {
    const spend = fc.array(
      fc.record({
        x: fc.integer({ min: 1, max: 1000 }),
        zbar: fc.double({ min: 0.01, max: 1e5, noNaN: true }),
      }),
      { minLength: 1, maxLength: 10 },
    );
    fc.assert(
      fc.property(spend, fc.tuple(log, log, log), (all, at) =>
        expectGradient(
          gammaGammaObjective(prepareSpend({ x: all.map((s) => s.x), zbar: all.map((s) => s.zbar) })),
          at,
        ),
      ),
      { numRuns: 200 },
    );
  });
});

describe('grouping', () => {
  test('changes no log-likelihood, and weights are customers', () => {
    fc.assert(
      fc.property(customers, four, (columns, logs) => {
        const [r, alpha, third, fourth] = logs.map(Math.exp) as [number, number, number, number];
        const repeated = columns.weight.flatMap((weight, i) => Array<number>(weight).fill(i));
        const single = {
          x: repeated.map((i) => columns.x[i] ?? 0),
          txDays: repeated.map((i) => columns.txDays[i] ?? 0),
          TDays: repeated.map((i) => columns.TDays[i] ?? 0),
        };
        const [grouped, loose] = [columns, single].map((some) => groupCustomers(some, 'week').groups);
        if (!grouped || !loose) return;
        expect(loose.customers).toBe(grouped.customers);
        expect(loose.size).toBe(grouped.size);
        const beta = { r, alpha, a: third, b: fourth };
        const pareto = { r, alpha, s: third, beta: fourth };
        for (const [a, b] of [
          [bgnbdLogLikelihood(beta, grouped), bgnbdLogLikelihood(beta, loose)],
          [mbgnbdLogLikelihood(beta, grouped), mbgnbdLogLikelihood(beta, loose)],
          [paretoLogLikelihood(pareto, grouped), paretoLogLikelihood(pareto, loose)],
        ]) {
          expect(Math.abs((a ?? NaN) - (b ?? NaN))).toBeLessThan(1e-9 * (1 + Math.abs(b ?? 0)));
        }
      }),
      { numRuns: 100 },
    );
  });

  test('tells for each customer the row it fell into', () => {
    const { groups, rowOf } = groupCustomers(
      { x: [1, 0, 1, 1], txDays: [7, 0, 7, 14], TDays: [21, 21, 21, 21] },
      'week',
    );
    expect([...rowOf]).toEqual([0, 1, 0, 2]);
    expect([...groups.weights]).toEqual([2, 1, 1]);
    expect(groups.times[groups.txAt[2] ?? 0]).toBe(2);
  });
});

describe('time units', () => {
  test('days and weeks give one fit: the same shapes, alpha and beta a seventh, the same chances', () => {
    const drawn = simulateBetaGeometric(
      seeded(7),
      { r: 0.6, alpha: 45, a: 0.8, b: 1.9 },
      { afterFirst: true, ages: evenAges(2000, 30, 500) },
    );
    const rounded = { x: drawn.x, txDays: drawn.txDays.map(Math.ceil), TDays: drawn.TDays.map(Math.ceil) };
    for (const fit of [fitMbgnbd, fitBgnbd]) {
      const [daily, weekly] = (['day', 'week'] as const).map(
        (unit) => fit(groupCustomers(rounded, unit).groups).params,
      );
      expect((weekly?.r ?? 0) / (daily?.r ?? 1)).toBeCloseTo(1, 5);
      expect(((weekly?.alpha ?? 0) * 7) / (daily?.alpha ?? 1)).toBeCloseTo(1, 5);
      expect((weekly?.a ?? 0) / (daily?.a ?? 1)).toBeCloseTo(1, 5);
    }
    const [daily, weekly] = (['day', 'week'] as const).map(
      (unit) => fitPareto(groupCustomers(rounded, unit).groups).params,
    );
    expect(((weekly?.beta ?? 0) * 7) / (daily?.beta ?? 1)).toBeCloseTo(1, 4);
  });
});

describe('data that settle nothing are not called converged', () => {
  test('customers who all do the same', () => {
    const all = Array.from({ length: 100 }, () => 0);
    const columns = { x: all.map(() => 3), txDays: all.map(() => 60), TDays: all.map(() => 80) };
    for (const fit of [fitMbgnbd, fitBgnbd, fitPareto]) {
      const { converged, atEdge, params } = fit(groupCustomers(columns, 'day').groups);
      expect(converged).toBe(false);
      expect(atEdge.length).toBeGreaterThan(0);
      expect(Object.values(params).every((value) => Number.isFinite(value) && value > 0)).toBe(true);
    }
  });

  test('amounts that are all the same', () => {
    const fit = fitGammaGamma({ x: [1, 2, 3, 4, 1, 2], zbar: [50, 50, 50, 50, 50, 50] });
    expect(fit.converged).toBe(false);
    expect((fit.params.p * (fit.params.gamma + 50)) / (fit.params.p + fit.params.q - 1)).toBeCloseTo(50, 0);
  });

  test('one customer in a thousand came back once', () => {
    const columns = {
      x: Array.from({ length: 1000 }, (_, i) => (i === 0 ? 1 : 0)),
      txDays: Array.from({ length: 1000 }, (_, i) => (i === 0 ? 9 : 0)),
      TDays: Array.from({ length: 1000 }, (_, i) => i % 300),
    };
    columns.TDays[0] = 100;
    for (const fit of [fitMbgnbd, fitBgnbd, fitPareto]) {
      const { params, logLikelihood } = fit(groupCustomers(columns, 'day').groups);
      expect([...Object.values(params), logLikelihood].every(Number.isFinite)).toBe(true);
    }
  });
});
