/** What must hold of every prediction, whatever the parameters. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  byQuadrature,
  bySeries,
  expectedWhileAlive,
} from '../../../app/value/models/expected-while-alive.ts';
import { paretoLogOdds } from '../../../app/value/models/pareto-integral.ts';
import {
  alive,
  MODEL_NAMES,
  ordersOfNewCustomer,
  ordersWhileAlive,
  waitForNextOrder,
  type PurchaseModel,
} from '../../../app/value/models/purchase-model.ts';
import type { Age, AgeAtLastOrder, ModelTime } from '../../../app/value/models/units.ts';

const shape = fc.double({ min: -4, max: 4, noNaN: true }).map(Math.exp);
const scale = fc.double({ min: -1, max: 7, noNaN: true }).map(Math.exp);
/** 0 to 1,000 orders, up to 20 years, in days. */
const history = fc
  .record({
    x: fc.oneof(fc.nat(5), fc.nat(1000)),
    T: fc.double({ min: 0, max: 7305, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ x, T, part }) => ({ x, tx: (x === 0 ? 0 : part * T) as AgeAtLastOrder, T: T as Age }));

const model: fc.Arbitrary<PurchaseModel> = fc
  .record({
    name: fc.constantFrom(...MODEL_NAMES),
    one: shape,
    two: scale,
    three: shape,
    four: shape,
    beta: scale,
  })
  .map(({ name, one, two, three, four, beta }) =>
    modelOf(name, one, two, three, name === 'pareto' ? beta : four),
  );

function modelOf(
  name: PurchaseModel['name'],
  r: number,
  alpha: number,
  third: number,
  fourth: number,
): PurchaseModel {
  const rest = {
    logLikelihood: 0,
    converged: true,
    atEdge: [],
    standardErrors: null,
    sample: 1,
    evaluations: 1,
  };
  return name === 'pareto'
    ? { name, fit: { ...rest, params: { r, alpha, s: third, beta: fourth } } }
    : { name, fit: { ...rest, params: { r, alpha, a: third, b: fourth } } };
}

const days = (value: number) => value as ModelTime;

describe('p(alive)', () => {
  test('stays in [0, 1], whatever happened', () => {
    fc.assert(
      fc.property(model, history, (one, { x, tx, T }) => {
        const chance = alive(one, x, tx, T);
        expect(chance >= 0 && chance <= 1).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('falls as the last order recedes', () => {
    fc.assert(
      fc.property(model, history, fc.double({ min: 0, max: 1, noNaN: true }), (one, { x, tx, T }, part) => {
        fc.pre(x > 0);
        const earlier = (part * tx) as AgeAtLastOrder;
        expect(alive(one, x, earlier, T)).toBeLessThanOrEqual(alive(one, x, tx, T) * (1 + 1e-9));
      }),
      { numRuns: 1000 },
    );
  });

  test('is 1 for one-time buyers in BG/NBD, and below 1 in MBG/NBD', () => {
    const one = (name: 'bgnbd' | 'mbgnbd') =>
      alive(modelOf(name, 0.25, 31, 0.8, 2.4), 0, 0 as AgeAtLastOrder, 270 as Age);
    expect(one('bgnbd')).toBe(1);
    expect(one('mbgnbd')).toBeLessThan(0.9);
  });
});

describe('expected orders', () => {
  test('are finite, not negative, and grow with the horizon', () => {
    fc.assert(
      fc.property(
        model,
        history,
        fc.double({ min: 0, max: 7305, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (one, { x, T }, horizon, part) => {
          const [far, near] = [horizon, part * horizon].map((t) => ordersWhileAlive(one, x, T, days(t)));
          expect(far !== undefined && Number.isFinite(far)).toBe(true);
          expect(near).toBeGreaterThanOrEqual(0);
          expect(near).toBeLessThanOrEqual((far ?? NaN) * (1 + 1e-9) + 1e-12);
          const [newFar, newNear] = [horizon, part * horizon].map((t) => ordersOfNewCustomer(one, days(t)));
          expect(newNear).toBeLessThanOrEqual((newFar ?? NaN) * (1 + 1e-9) + 1e-12);
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('do not depend on the unit of time', () => {
    fc.assert(
      fc.property(model, history, fc.double({ min: 1, max: 3650, noNaN: true }), (one, { x, tx, T }, t) => {
        const weekly = inWeeks(one);
        const [w, wx] = [(T / 7) as Age, (tx / 7) as AgeAtLastOrder];
        expectSame(alive(weekly, x, wx, w), alive(one, x, tx, T));
        expectSame(ordersWhileAlive(weekly, x, w, days(t / 7)), ordersWhileAlive(one, x, T, days(t)));
        expectSame(waitForNextOrder(weekly, x, w, 0.5) * 7, waitForNextOrder(one, x, T, 0.5));
      }),
      { numRuns: 500 },
    );
  });

  function inWeeks(one: PurchaseModel): PurchaseModel {
    const { name, fit } = one;
    return name === 'pareto'
      ? modelOf(name, fit.params.r, fit.params.alpha / 7, fit.params.s, fit.params.beta / 7)
      : modelOf(name, fit.params.r, fit.params.alpha / 7, fit.params.a, fit.params.b);
  }

  function expectSame(actual: number, expected: number): void {
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-7 * Math.abs(expected) + 1e-12);
  }
});

describe('the mean of (1 - e^(-lambda p t)) / p', () => {
  // 15 digits from mpmath at 60 digits, by the closed form with 2F1.
  test.each([
    [0.25, 4.4, 0.79, 2.43, 39, 1.23320648084371],
    [0.25, 4.4, 1, 2.43, 52, 1.32583712052604],
    [0.25, 4.4, 1.0000001, 2.43, 52, 1.32583705306066],
    [0.5, 31, 0.8, 2.6, 365, 2.74391005649459],
    [1000.5, 7300, 0.89, 1002.6, 365, 48.9478613464781],
    [1000.5, 400, 0.89, 1002.6, 7300, 3501.38084161089],
    [0.05, 0.5, 0.01, 50, 3650, 352.114300827402],
    [20, 300, 2, 3, 365, 3.52600892235691],
    [0.6, 60, 900, 600, 365, 1.00409548968225],
    [5, 30, 3, 0.4, 3650, 1.19999619786327],
    [0.3, 0.01, 0.5, 0.6, 365, 94.7761101456649],
    [60, 1000, 0.7, 1.5, 500, 7.53501553286118],
  ])('r %d, alpha %d, a %d, b %d, t %d', (r, alpha, a, b, t, figure) => {
    expect(Math.abs(expectedWhileAlive({ r, alpha }, a, b, t) / figure - 1)).toBeLessThan(1e-10);
    expect(Math.abs(byQuadrature({ r, alpha }, a, b, t) / figure - 1)).toBeLessThan(1e-11);
  });

  test('the series and the quadrature are one number where both serve', () => {
    fc.assert(
      fc.property(shape, scale, shape, shape, scale, (r, alpha, a, b, t) => {
        const series = bySeries({ r, alpha }, a, b, t);
        fc.pre(series !== undefined);
        expect(Math.abs((series ?? 0) / byQuadrature({ r, alpha }, a, b, t) - 1)).toBeLessThan(1e-8);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the odds of having left in Pareto/NBD', () => {
  // mpmath at 30 digits, by adaptive integration.
  test.each([
    [0.553, 10.578, 0.606, 11.669, 0, 0, 38.86, 0.869844763011045],
    [0.553, 10.578, 0.606, 11.669, 2, 30.43, 38.86, -1.89361849805681],
    [0.553, 10.578, 0.606, 11.669, 26, 30.857, 31, -6.15045888865219],
    [0.553, 74, 0.606, 81.7, 1000, 100, 7300, 3743.52402782848],
    [0.553, 74, 0.606, 81.7, 1000, 7200, 7300, 6.25892312080189],
    [0.05, 0.5, 2, 500, 3, 1, 2000, 19.3176553299074],
    [5, 5000, 0.05, 0.5, 1, 3, 2000, 0.807747578063231],
    [0.01, 1, 0.01, 1, 0, 0, 7300, -2.329318455511],
    [1000, 50000, 1000, 30000, 2, 40, 400, 18.624560850366],
    [0.3, 1000, 0.5, 0.1, 0, 0, 365, 4.1763774699694],
    [20, 0.1, 0.5, 1000, 1, 0.5, 7300, 187.485718184265],
    [19.771, 192.2, 1, 1, 0, 0, 80, 11.0476279369733],
  ])('r %d, alpha %d, s %d, beta %d, x %d, t_x %d, T %d', (r, alpha, s, beta, x, tx, T, figure) => {
    const out = { value: 0, r: 0, alpha: 0, s: 0, beta: 0 };
    paretoLogOdds({ r, alpha, s, beta }, x, tx, T, out);
    expect(Math.abs(out.value - figure)).toBeLessThan(1e-10 * Math.max(1, Math.abs(figure)));
  });
});
