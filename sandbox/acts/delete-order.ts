/** An order disappears; its customer's totals follow. */
import { z } from 'zod';
import { asOneAction, checkInput, findOrder, orderRef, touchBuyer } from './act.ts';
import type { Id } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const deleteOrderInput = z.object({ order: orderRef });

/** @throws ActError */
export function deleteOrder(store: Store, input: unknown): { deletedOrderId: Id } {
  const order = findOrder(store, checkInput(deleteOrderInput, input).order);
  return asOneAction(store, () => {
    store.deleteOrder(order.id);
    store.emit({ kind: 'order_deleted', orderId: order.id });
    touchBuyer(store, order.customerId);
    return { deletedOrderId: order.id };
  });
}
