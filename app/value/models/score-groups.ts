/** Predictions for grouped customers: one row of numbers for each distinct (x, t_x, T). */
import { discountedOrders } from './discounted-value.ts';
import type { GroupedCustomers } from './grouped-customers.ts';
import { alive, ordersWhileAlive, type PurchaseModel } from './purchase-model.ts';
import { inUnit, type Age, type AgeAtLastOrder, type Days } from './units.ts';

export interface GroupScores {
  /** P(still a customer). */
  alive: Float64Array;
  /** Expected orders within the horizon. */
  orders: Float64Array;
  /** The same, discounted. */
  discountedOrders: Float64Array;
}

export interface Horizon {
  days: Days;
  /** 0.1 is ten per cent a year. */
  annualRate: number;
}

export function scoreGroups(model: PurchaseModel, groups: GroupedCustomers, horizon: Horizon): GroupScores {
  const { size, xs, times, xAt, txAt, TAt, unit } = groups;
  const scores: GroupScores = {
    alive: new Float64Array(size),
    orders: new Float64Array(size),
    discountedOrders: new Float64Array(size),
  };
  // What is expected of a living customer depends on (x, T) alone.
  const living = new Map<number, { orders: number; discounted: number }>();
  for (let row = 0; row < size; row++) {
    const x = xs[xAt[row] as number] as number;
    const tx = times[txAt[row] as number] as AgeAtLastOrder;
    const T = times[TAt[row] as number] as Age;
    const key = (xAt[row] as number) * times.length + (TAt[row] as number);
    let expected = living.get(key);
    if (!expected) {
      const within = (days: Days) => ordersWhileAlive(model, x, T, inUnit(days, unit));
      const orders = within(horizon.days);
      const discounted =
        horizon.annualRate === 0 ? orders : discountedOrders(within, horizon.days, horizon.annualRate);
      expected = { orders, discounted };
      living.set(key, expected);
    }
    const chance = alive(model, x, tx, T);
    scores.alive[row] = chance;
    scores.orders[row] = chance * expected.orders;
    scores.discountedOrders[row] = chance * expected.discounted;
  }
  return scores;
}
