/**
 * What BG/NBD and MBG/NBD share. While a customer is alive, orders come at a rate lambda ~ Gamma(r, alpha); after
 * an order the customer leaves with probability p ~ Beta(a, b). In BG/NBD nobody can leave after the first order
 * (so one-time buyers are alive with certainty); in MBG/NBD everybody can.
 *
 * Likelihood of a customer (x, t_x, T): Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way,
 * Marketing Science 24(2), equation (6); for MBG/NBD Batislam, Denizel and Filiztekin 2007, International Journal
 * of Research in Marketing 24(3), equation (5). Both are a sum of "still alive" and "left after the last order",
 * whose ratio, in logarithms, is
 *   d = ln a - ln(b + x - k) + (r + x) (ln(alpha + T) - ln(alpha + t_x))       k = 1 in BG/NBD, 0 in MBG/NBD
 * so that p(alive) = 1 / (1 + e^d), and nothing overflows however large x and T are.
 *
 * Parameters: r, a, b have no unit; alpha is in the unit of the times.
 */
import type { GroupedCustomers } from './grouped-customers.ts';
import { totalsOf } from './grouped-customers.ts';
import { maximise, type Fit } from './maximum-likelihood.ts';
import type { Objective } from './minimise.ts';
import { digamma, logGamma, logistic } from './special-functions.ts';

export interface BetaGeometricParams {
  r: number;
  alpha: number;
  a: number;
  b: number;
}

export type BetaGeometricFit = Fit<keyof BetaGeometricParams>;

/** Whether a customer may leave after the first order (MBG/NBD) or only after a repeat order (BG/NBD). */
export interface Dropout {
  afterFirst: boolean;
}

/** ln of P(left) / P(alive) given the history; -Infinity when certainly alive. */
export function logOddsLeft(
  { r, alpha, a, b }: BetaGeometricParams,
  x: number,
  tx: number,
  T: number,
  dropout: Dropout,
): number {
  if (x === 0 && !dropout.afterFirst) return -Infinity;
  const survived = dropout.afterFirst ? b + x : b + x - 1;
  return Math.log(a) - Math.log(survived) + (r + x) * Math.log((alpha + T) / (alpha + tx));
}

/** P(still a customer | x, t_x, T), in [0, 1]. */
export function probabilityAlive(
  params: BetaGeometricParams,
  x: number,
  tx: number,
  T: number,
  dropout: Dropout,
): number {
  return logistic(-logOddsLeft(params, x, tx, T, dropout));
}

/** Mean negative log-likelihood of a customer over (ln r, ln alpha, ln a, ln b), with its gradient. */
export function betaGeometricObjective(groups: GroupedCustomers, dropout: Dropout): Objective {
  const { size, xs, xWeights, times, xAt, txAt, TAt, weights, customers } = groups;
  const shift = dropout.afterFirst ? 0 : 1;
  const logTime = new Float64Array(times.length);
  const perTime = new Float64Array(times.length);
  const logLeave = new Float64Array(xs.length);

  return (logs, gradient) => {
    const [r, alpha, a, b] = Array.from(logs, Math.exp) as [number, number, number, number];
    const logA = Math.log(a);
    for (let i = 0; i < times.length; i++) {
      const shifted = alpha + (times[i] as number);
      logTime[i] = Math.log(shifted);
      perTime[i] = 1 / shifted;
    }
    let [sum, dr, dAlpha, da, db] = [0, 0, 0, 0, 0];

    // What depends on x alone, once for each distinct x.
    const [gr, ga, gb, gab] = [logGamma(r), logGamma(a + b), logGamma(b), digamma(a + b)];
    const [dgr, dgb, logAlpha] = [digamma(r), digamma(b), Math.log(alpha)];
    for (let i = 0; i < xs.length; i++) {
      const x = xs[i] as number;
      const n = xWeights[i] as number;
      const survived = x + 1 - shift; // b + x in BG/NBD, b + x + 1 in MBG/NBD
      logLeave[i] = x === 0 && !dropout.afterFirst ? -Infinity : logA - Math.log(b + x - shift);
      sum +=
        n *
        (logGamma(r + x) - gr + r * logAlpha + ga + logGamma(b + survived) - gb - logGamma(a + b + survived));
      const psiAll = digamma(a + b + survived);
      dr += n * (digamma(r + x) - dgr + logAlpha);
      dAlpha += (n * r) / alpha;
      da += n * (gab - psiAll);
      db += n * (gab - dgb + digamma(b + survived) - psiAll);
    }

    for (let row = 0; row < size; row++) {
      const i = xAt[row] as number;
      const x = xs[i] as number;
      const weight = weights[row] as number;
      const [tx, T] = [txAt[row] as number, TAt[row] as number];
      const logT = logTime[T] as number;
      const gap = logT - (logTime[tx] as number);
      const rx = r + x;
      const d = (logLeave[i] as number) + rx * gap;
      const e = Math.exp(-Math.abs(d));
      const left = d > 0 ? 1 / (1 + e) : e / (1 + e);
      sum += weight * ((d > 0 ? d : 0) + Math.log1p(e) - rx * logT);
      dr += weight * (left * gap - logT);
      dAlpha +=
        weight * rx * (left * ((perTime[T] as number) - (perTime[tx] as number)) - (perTime[T] as number));
      da += (weight * left) / a;
      if (left > 0) db -= (weight * left) / (b + x - shift);
    }

    const scale = -1 / customers;
    gradient[0] = scale * r * dr;
    gradient[1] = scale * alpha * dAlpha;
    gradient[2] = scale * a * da;
    gradient[3] = scale * b * db;
    return scale * sum;
  };
}

/** Log-likelihood of all customers at given parameters. */
export function betaGeometricLogLikelihood(
  params: BetaGeometricParams,
  groups: GroupedCustomers,
  dropout: Dropout,
): number {
  const logs = Float64Array.of(params.r, params.alpha, params.a, params.b).map(Math.log);
  return -groups.customers * betaGeometricObjective(groups, dropout)(logs, new Float64Array(4));
}

/** Needs at least one repeat order and some time watched: see minimum-data.ts. */
export function fitBetaGeometric(groups: GroupedCustomers, dropout: Dropout): BetaGeometricFit {
  const { repeats, time } = totalsOf(groups);
  // Starts and ranges follow the store's own pace, so the unit of time changes nothing.
  const pace = time / repeats;
  const meanAge = time / groups.customers;
  const start = (r: number, a: number, b: number) => ({ r, alpha: r * pace, a, b });
  return maximise({
    names: ['r', 'alpha', 'a', 'b'],
    objective: betaGeometricObjective(groups, dropout),
    sample: groups.customers,
    ranges: {
      r: [1e-3, 1e3],
      alpha: [1e-4 * meanAge, 1e4 * meanAge],
      a: [1e-3, 1e3],
      b: [1e-3, 1e4],
    },
    starts: [start(0.5, 0.8, 2.5), start(1, 0.3, 3), start(3, 2, 2)],
  });
}
