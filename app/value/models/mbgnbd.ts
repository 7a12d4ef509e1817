/**
 * MBG/NBD, the default: as BG/NBD, but a customer may also leave after the first order, so that one-time buyers
 * get a sane chance. Batislam, Denizel and Filiztekin 2007, Empirical validation and comparison of models for
 * customer base analysis, International Journal of Research in Marketing 24(3), 201-209; the same model as
 * Hoppe and Wagner 2007 (CBG/NBD). r, a, b have no unit; alpha and all times are in the unit of the fit.
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
import type { Age, AgeAtLastOrder, ModelTime } from './units.ts';

export type MbgnbdParams = BetaGeometricParams;

const DROPOUT = { afterFirst: true };

/** Equation (5) of Batislam et al., summed over all customers. */
export function mbgnbdLogLikelihood(params: MbgnbdParams, groups: GroupedCustomers): number {
  return betaGeometricLogLikelihood(params, groups, DROPOUT);
}

export function fitMbgnbd(groups: GroupedCustomers): BetaGeometricFit {
  return fitBetaGeometric(groups, DROPOUT);
}

/** P(alive | x, t_x, T), below 1 for one-time buyers too: Batislam et al., appendix. */
export function mbgnbdAlive(params: MbgnbdParams, x: number, tx: AgeAtLastOrder, T: Age): number {
  return probabilityAlive(params, x, tx, T, DROPOUT);
}

/** E[X(t)], repeat orders of a new customer in the first `t`: those who stay after the first order, b / (a + b). */
export function mbgnbdExpectedNew({ r, alpha, a, b }: MbgnbdParams, t: ModelTime): number {
  return (b / (a + b)) * expectedWhileAlive({ r, alpha }, a, b + 1, t);
}

/** E[Y(t) | x, t_x, T], orders in the next `t`; a living customer has stayed x + 1 times. */
export function mbgnbdExpected(
  params: MbgnbdParams,
  t: ModelTime,
  x: number,
  tx: AgeAtLastOrder,
  T: Age,
): number {
  const { r, alpha, a, b } = params;
  return mbgnbdAlive(params, x, tx, T) * expectedWhileAlive({ r: r + x, alpha: alpha + T }, a, b + x + 1, t);
}
