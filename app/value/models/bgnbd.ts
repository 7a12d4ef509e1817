/**
 * BG/NBD: Fader, Hardie and Lee 2005, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 275-284.
 * Kept for comparison: it gives every customer with a single order a chance of 1 to be alive.
 * r, a, b have no unit; alpha and all times are in the unit of the fit.
 */
import {
  betaGeometricLogLikelihood,
  fitBetaGeometric,
  probabilityAlive,
  type BetaGeometricFit,
  type BetaGeometricParams,
} from './beta-geometric.ts';
import { expectedWhileAlive } from './expected-while-alive.ts';
import type { GroupedCustomers } from './grouped-customers.ts';
import { logGamma } from './special-functions.ts';
import type { Age, AgeAtLastOrder, ModelTime } from './units.ts';

export type BgnbdParams = BetaGeometricParams;

const DROPOUT = { afterFirst: false };

/** Equation (6), summed over all customers. */
export function bgnbdLogLikelihood(params: BgnbdParams, groups: GroupedCustomers): number {
  return betaGeometricLogLikelihood(params, groups, DROPOUT);
}

export function fitBgnbd(groups: GroupedCustomers): BetaGeometricFit {
  return fitBetaGeometric(groups, DROPOUT);
}

/** P(alive | x, t_x, T): Fader, Hardie and Lee 2008, note 021; 1 when x = 0. */
export function bgnbdAlive(params: BgnbdParams, x: number, tx: AgeAtLastOrder, T: Age): number {
  return probabilityAlive(params, x, tx, T, DROPOUT);
}

/** E[X(t)], repeat orders of a new customer in the first `t`: equation (9). */
export function bgnbdExpectedNew({ r, alpha, a, b }: BgnbdParams, t: ModelTime): number {
  return expectedWhileAlive({ r, alpha }, a, b, t);
}

/** E[Y(t) | x, t_x, T], orders in the next `t`: equation (10). */
export function bgnbdExpected(
  params: BgnbdParams,
  t: ModelTime,
  x: number,
  tx: AgeAtLastOrder,
  T: Age,
): number {
  const { r, alpha, a, b } = params;
  return bgnbdAlive(params, x, tx, T) * expectedWhileAlive({ r: r + x, alpha: alpha + T }, a, b + x, t);
}

/** P(X(t) = n), repeat orders of a new customer in the first `t`: equation (8). */
export function bgnbdProbability({ r, alpha, a, b }: BgnbdParams, n: number, t: ModelTime): number {
  const logBeta = (u: number, v: number) => logGamma(u) + logGamma(v) - logGamma(u + v);
  const logStay = Math.log(alpha / (alpha + t));
  const logMore = Math.log(t / (alpha + t));
  const orders = (j: number) =>
    Math.exp(logGamma(r + j) - logGamma(r) - logGamma(j + 1) + r * logStay + (j > 0 ? j * logMore : 0));
  const alive = Math.exp(logBeta(a, b + n) - logBeta(a, b)) * orders(n);
  if (n === 0) return alive;
  let fewer = 0;
  for (let j = 0; j < n; j++) fewer += orders(j);
  return alive + Math.exp(logBeta(a + 1, b + n - 1) - logBeta(a, b)) * Math.max(0, 1 - fewer);
}
