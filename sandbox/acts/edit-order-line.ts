/**
 * An order edit: more or fewer of one line. The difference is outstanding (below zero: owed to the buyer).
 * Invariant: current total - outstanding = received - refunded.
 */
import { z } from 'zod';
import { ActError, asOneAction, checkInput, findOrder, orderRef, touchBuyer, touchOrder } from './act.ts';
import type { SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const editOrderLineInput = z.object({
  order: orderRef,
  /** The first line unless told. */
  line: z.string().optional(),
  quantity: z.number().int().min(0),
});

/** @throws ActError */
export function editOrderLine(store: Store, input: unknown): SandboxOrder {
  const wanted = checkInput(editOrderLineInput, input);
  const order = findOrder(store, wanted.order);
  if (order.cancelledAt !== null) throw new ActError(`Order ${order.name} is cancelled`);
  const line = wanted.line ? order.lines.find((one) => one.id === wanted.line) : order.lines[0];
  if (!line) throw new ActError(`Order ${order.name} has no such line`);
  if (line.currentQuantity === wanted.quantity) throw new ActError('The quantity is the same as before');
  return asOneAction(store, () => {
    const difference = (wanted.quantity - line.currentQuantity) * line.priceMinor;
    line.currentQuantity = wanted.quantity;
    order.currentTotalMinor += difference;
    order.outstandingMinor += difference;
    if (order.financialStatus === 'PAID' && order.outstandingMinor > 0) {
      order.financialStatus = 'PARTIALLY_PAID';
    }
    touchOrder(store, order);
    store.emit({ kind: 'order_edited', orderId: order.id });
    store.emit({ kind: 'order_updated', orderId: order.id });
    touchBuyer(store, order.customerId);
    return order;
  });
}
