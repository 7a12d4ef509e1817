/** The three purchase models behind one face: which one predicts is a choice, not a branch at every use. */
import { assertNever } from '../../app-error.ts';
import { probabilityAlive, type BetaGeometricFit } from './beta-geometric.ts';
import { bgnbdExpectedNew, fitBgnbd } from './bgnbd.ts';
import { expectedWhileAlive } from './expected-while-alive.ts';
import type { GroupedCustomers } from './grouped-customers.ts';
import { fitMbgnbd, mbgnbdExpectedNew } from './mbgnbd.ts';
import { expectedLifetime, fitPareto, paretoAlive, paretoExpectedNew, type ParetoFit } from './pareto-nbd.ts';
import type { Age, AgeAtLastOrder, ModelTime } from './units.ts';

export const MODEL_NAMES = ['mbgnbd', 'bgnbd', 'pareto'] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

export type PurchaseModel =
  | { name: 'mbgnbd'; fit: BetaGeometricFit }
  | { name: 'bgnbd'; fit: BetaGeometricFit }
  | { name: 'pareto'; fit: ParetoFit };

export function fitPurchaseModel(name: ModelName, groups: GroupedCustomers): PurchaseModel {
  switch (name) {
    case 'mbgnbd':
      return { name, fit: fitMbgnbd(groups) };
    case 'bgnbd':
      return { name, fit: fitBgnbd(groups) };
    case 'pareto':
      return { name, fit: fitPareto(groups) };
    default:
      return assertNever(name);
  }
}

/** P(still a customer | x, t_x, T), in [0, 1]. */
export function alive(model: PurchaseModel, x: number, tx: AgeAtLastOrder, T: Age): number {
  switch (model.name) {
    case 'mbgnbd':
      return probabilityAlive(model.fit.params, x, tx, T, { afterFirst: true });
    case 'bgnbd':
      return probabilityAlive(model.fit.params, x, tx, T, { afterFirst: false });
    case 'pareto':
      return paretoAlive(model.fit.params, x, tx, T);
    default:
      return assertNever(model);
  }
}

/**
 * Expected orders in the next `t` of a customer who is still one; times `alive` it is E[Y(t) | x, t_x, T].
 * It depends on x and T alone, so few distinct values serve many customers.
 */
export function ordersWhileAlive(model: PurchaseModel, x: number, T: Age, t: ModelTime): number {
  switch (model.name) {
    case 'mbgnbd': {
      const { r, alpha, a, b } = model.fit.params;
      return expectedWhileAlive({ r: r + x, alpha: alpha + T }, a, b + x + 1, t);
    }
    case 'bgnbd': {
      const { r, alpha, a, b } = model.fit.params;
      return expectedWhileAlive({ r: r + x, alpha: alpha + T }, a, b + x, t);
    }
    case 'pareto': {
      const { r, alpha, s, beta } = model.fit.params;
      return ((r + x) / (alpha + T)) * expectedLifetime(s, beta + T, t);
    }
    default:
      return assertNever(model);
  }
}

/** E[X(t)]: repeat orders of a new customer in the first `t`. */
export function ordersOfNewCustomer(model: PurchaseModel, t: ModelTime): number {
  switch (model.name) {
    case 'mbgnbd':
      return mbgnbdExpectedNew(model.fit.params, t);
    case 'bgnbd':
      return bgnbdExpectedNew(model.fit.params, t);
    case 'pareto':
      return paretoExpectedNew(model.fit.params, t);
    default:
      return assertNever(model);
  }
}

/**
 * When the next order of a living customer is due: the share `q` of such customers has ordered within this time.
 * Given alive, the wait is Lomax: P(wait > w) = ((alpha + T) / (alpha + T + w))^(r + x), leaving aside that the
 * customer may leave before.
 */
export function waitForNextOrder(model: PurchaseModel, x: number, T: Age, q: number): ModelTime {
  const { r, alpha } = model.fit.params;
  return ((alpha + T) * Math.expm1(-Math.log1p(-q) / (r + x))) as ModelTime;
}
