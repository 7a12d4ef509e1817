/**
 * Pareto/NBD: while alive a customer orders at a rate lambda ~ Gamma(r, alpha) and leaves at a rate
 * mu ~ Gamma(s, beta), at any time. Schmittlein, Morrison and Colombo 1987, Counting Your Customers, Management
 * Science 33(1); formulas from Fader and Hardie 2005, A note on deriving the Pareto/NBD model and related
 * expressions. Kept for comparison. r, s have no unit; alpha, beta and all times are in the unit of the fit.
 */
import { totalsOf, type GroupedCustomers } from './grouped-customers.ts';
import { maximise, type Fit } from './maximum-likelihood.ts';
import type { Objective } from './minimise.ts';
import { paretoLogOdds, type LogOdds, type ParetoParams } from './pareto-integral.ts';
import { digamma, expm1Ratio, logGamma, logistic, softplus } from './special-functions.ts';
import type { Age, AgeAtLastOrder, ModelTime } from './units.ts';

export type { ParetoParams } from './pareto-integral.ts';
export type ParetoFit = Fit<keyof ParetoParams>;

const blank = (): LogOdds => ({ value: 0, r: 0, alpha: 0, s: 0, beta: 0 });

/** Mean negative log-likelihood of a customer over (ln r, ln alpha, ln s, ln beta), with its gradient. */
export function paretoObjective(groups: GroupedCustomers): Objective {
  const { size, xs, times, xAt, txAt, TAt, weights, customers } = groups;
  const odds = blank();
  return (logs, gradient) => {
    const [r, alpha, s, beta] = Array.from(logs, Math.exp) as [number, number, number, number];
    const params = { r, alpha, s, beta };
    const [logAlpha, logBeta, gr, dgr] = [Math.log(alpha), Math.log(beta), logGamma(r), digamma(r)];
    const gammaOf = xs.map((x) => logGamma(r + x) - gr);
    const psiOf = xs.map((x) => digamma(r + x) - dgr);
    let [sum, dr, dAlpha, ds, dBeta] = [0, 0, 0, 0, 0];
    for (let row = 0; row < size; row++) {
      const i = xAt[row] as number;
      const x = xs[i] as number;
      const weight = weights[row] as number;
      const T = times[TAt[row] as number] as number;
      paretoLogOdds(params, x, times[txAt[row] as number] as number, T, odds);
      const left = logistic(odds.value);
      const [logA, logB] = [Math.log(alpha + T), Math.log(beta + T)];
      sum +=
        weight *
        ((gammaOf[i] as number) +
          r * (logAlpha - logA) -
          x * logA +
          s * (logBeta - logB) +
          softplus(odds.value));
      dr += weight * ((psiOf[i] as number) + logAlpha - logA + left * odds.r);
      dAlpha += weight * (r / alpha - (r + x) / (alpha + T) + left * odds.alpha);
      ds += weight * (logBeta - logB + left * odds.s);
      dBeta += weight * (s / beta - s / (beta + T) + left * odds.beta);
    }
    const scale = -1 / customers;
    gradient[0] = scale * r * dr;
    gradient[1] = scale * alpha * dAlpha;
    gradient[2] = scale * s * ds;
    gradient[3] = scale * beta * dBeta;
    return scale * sum;
  };
}

/** Log-likelihood of all customers at given parameters. */
export function paretoLogLikelihood(params: ParetoParams, groups: GroupedCustomers): number {
  const logs = Float64Array.of(params.r, params.alpha, params.s, params.beta).map(Math.log);
  return -groups.customers * paretoObjective(groups)(logs, new Float64Array(4));
}

export function fitPareto(groups: GroupedCustomers): ParetoFit {
  const { repeats, time } = totalsOf(groups);
  const pace = time / repeats;
  const meanAge = time / groups.customers;
  const start = (r: number, s: number, ages: number) => ({ r, alpha: r * pace, s, beta: ages * meanAge });
  return maximise({
    names: ['r', 'alpha', 's', 'beta'],
    objective: paretoObjective(groups),
    sample: groups.customers,
    ranges: {
      r: [1e-3, 1e3],
      alpha: [1e-4 * meanAge, 1e4 * meanAge],
      s: [1e-3, 1e3],
      beta: [1e-4 * meanAge, 1e4 * meanAge],
    },
    starts: [start(0.5, 0.6, 0.5), start(1, 1, 2), start(3, 0.3, 0.2)],
  });
}

/** P(alive | x, t_x, T): Schmittlein, Morrison and Colombo's (11) to (13), as 1 / (1 + R). */
export function paretoAlive(params: ParetoParams, x: number, tx: AgeAtLastOrder, T: Age): number {
  const odds = blank();
  paretoLogOdds(params, x, tx, T, odds);
  return logistic(-odds.value);
}

/** E[X(t)], repeat orders of a new customer in the first `t`: Schmittlein, Morrison and Colombo's (17). */
export function paretoExpectedNew({ r, alpha, s, beta }: ParetoParams, t: ModelTime): number {
  return (r / alpha) * expectedLifetime(s, beta, t);
}

/** E[Y(t) | x, t_x, T], orders in the next `t`: Schmittlein, Morrison and Colombo's (22). */
export function paretoExpected(
  params: ParetoParams,
  t: ModelTime,
  x: number,
  tx: AgeAtLastOrder,
  T: Age,
): number {
  const { r, alpha, s, beta } = params;
  return paretoAlive(params, x, tx, T) * ((r + x) / (alpha + T)) * expectedLifetime(s, beta + T, t);
}

/** Mean time alive within `t`, mu ~ Gamma(s, beta): beta / (s-1) [1 - (beta / (beta+t))^(s-1)], good at s = 1 too. */
export function expectedLifetime(s: number, beta: number, t: number): number {
  if (t <= 0) return 0;
  const logGrowth = Math.log1p(t / beta);
  return beta * logGrowth * expm1Ratio((1 - s) * logGrowth);
}
