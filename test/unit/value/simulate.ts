/** Customers drawn from known parameters, with a seeded generator, to see whether a fit finds them again. */
import type { BetaGeometricParams } from '../../../app/value/models/beta-geometric.ts';
import type { GammaGammaParams } from '../../../app/value/models/gamma-gamma.ts';
import type { ParetoParams } from '../../../app/value/models/pareto-nbd.ts';

export type Random = () => number;

/** xoshiro128** from a splitmix seed: uniform in (0, 1). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  let [a, b, c, d] = [next(), next(), next(), next()];
  return () => {
    const turned = Math.imul(b, 5);
    const result = Math.imul((turned << 7) | (turned >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return (result + 0.5) / 2 ** 32;
  };
}

export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** Marsaglia and Tsang 2000; shape > 0, rate 1. */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

export function beta(random: Random, a: number, b: number): number {
  const [x, y] = [gamma(random, a), gamma(random, b)];
  return x / (x + y);
}

const exponential = (random: Random, rate: number) => -Math.log(random()) / rate;

export interface Simulated {
  x: number[];
  txDays: number[];
  TDays: number[];
  /** Orders in the `after` days behind T. */
  later: number[];
}

/** Times in days, not rounded. `ages` gives each customer's T. */
export function simulateBetaGeometric(
  random: Random,
  { r, alpha, a, b }: BetaGeometricParams,
  { afterFirst, ages, after = 0 }: { afterFirst: boolean; ages: readonly number[]; after?: number },
): Simulated {
  return collect(ages, after, () => {
    const rate = gamma(random, r) / alpha;
    const leave = beta(random, a, b);
    let gone = afterFirst && random() < leave;
    let at = 0;
    return () => {
      if (gone) return Infinity;
      at += exponential(random, rate);
      gone = random() < leave;
      return at;
    };
  });
}

export function simulatePareto(
  random: Random,
  { r, alpha, s, beta: b }: ParetoParams,
  { ages, after = 0 }: { ages: readonly number[]; after?: number },
): Simulated {
  return collect(ages, after, () => {
    const rate = gamma(random, r) / alpha;
    const end = exponential(random, gamma(random, s) / b);
    let at = 0;
    return () => {
      at += exponential(random, rate);
      return at < end ? at : Infinity;
    };
  });
}

function collect(ages: readonly number[], after: number, customer: () => () => number): Simulated {
  const all: Simulated = { x: [], txDays: [], TDays: [], later: [] };
  for (const T of ages) {
    const next = customer();
    let [x, tx, later] = [0, 0, 0];
    for (let at = next(); at <= T + after; at = next()) {
      if (at <= T) [x, tx] = [x + 1, at];
      else later += 1;
    }
    all.x.push(x);
    all.txDays.push(tx);
    all.TDays.push(T);
    all.later.push(later);
  }
  return all;
}

/** Mean amounts of x orders each. */
export function simulateAmounts(
  random: Random,
  { p, q, gamma: scale }: GammaGammaParams,
  x: readonly number[],
): number[] {
  return x.map((orders) => {
    const nu = gamma(random, q) / scale;
    return orders === 0 ? 0 : gamma(random, p * orders) / nu / orders;
  });
}

export function evenAges(count: number, from: number, to: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
}
