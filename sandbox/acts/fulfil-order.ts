/** Everything of an order has been sent. Money does not change. */
import { z } from 'zod';
import { ActError, asOneAction, checkInput, findOrder, orderRef, touchOrder } from './act.ts';
import type { SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const fulfilOrderInput = z.object({ order: orderRef });

/** @throws ActError */
export function fulfilOrder(store: Store, input: unknown): SandboxOrder {
  const order = findOrder(store, checkInput(fulfilOrderInput, input).order);
  if (order.cancelledAt !== null) throw new ActError(`Order ${order.name} is cancelled`);
  if (order.fulfillmentStatus === 'FULFILLED') {
    throw new ActError(`Order ${order.name} is already fulfilled`);
  }
  if (!order.lines.some((line) => line.currentQuantity > 0)) {
    throw new ActError(`Order ${order.name} has nothing left to send`);
  }
  return asOneAction(store, () => {
    order.fulfillmentStatus = 'FULFILLED';
    touchOrder(store, order);
    store.emit({ kind: 'order_fulfilled', orderId: order.id });
    store.emit({ kind: 'order_updated', orderId: order.id });
    return order;
  });
}
