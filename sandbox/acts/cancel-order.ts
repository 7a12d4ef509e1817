/**
 * A cancelled order has no lines left and nothing outstanding. What was received goes back, unless told
 * otherwise; what was only authorised or pending is voided.
 */
import { z } from 'zod';
import { ActError, asOneAction, checkInput, findOrder, orderRef, touchBuyer, touchOrder } from './act.ts';
import { addRefund, allLines } from './refund-order.ts';
import type { SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const cancelOrderInput = z.object({
  order: orderRef,
  refund: z.boolean().default(true),
  reason: z
    .string()
    .transform((reason) => reason.toUpperCase())
    .pipe(z.enum(['CUSTOMER', 'DECLINED', 'FRAUD', 'INVENTORY', 'OTHER', 'STAFF']))
    .default('CUSTOMER'),
});

/** @throws ActError */
export function cancelOrder(store: Store, input: unknown): SandboxOrder {
  const wanted = checkInput(cancelOrderInput, input);
  const order = findOrder(store, wanted.order);
  if (order.cancelledAt !== null) throw new ActError(`Order ${order.name} is already cancelled`);
  return asOneAction(store, () => {
    const left = order.receivedMinor - order.refundedMinor;
    const refund =
      wanted.refund && left > 0 ? addRefund(store, order, left, allLines(order), null) : undefined;
    for (const line of order.lines) line.currentQuantity = 0;
    if (order.receivedMinor === 0) order.financialStatus = 'VOIDED';
    order.outstandingMinor = 0;
    order.currentTotalMinor = order.receivedMinor - order.refundedMinor;
    order.cancelledAt = store.clock.now().toISOString();
    order.cancelReason = wanted.reason;
    touchOrder(store, order);
    store.emit({ kind: 'order_cancelled', orderId: order.id });
    if (refund) store.emit({ kind: 'refund_created', orderId: order.id, refundId: refund.id });
    store.emit({ kind: 'order_updated', orderId: order.id });
    touchBuyer(store, order.customerId);
    return order;
  });
}
