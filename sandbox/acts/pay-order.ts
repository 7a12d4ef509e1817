/** The whole or a part of what is outstanding is captured, or marked as paid. */
import { z } from 'zod';
import {
  ActError,
  amountInput,
  amountOf,
  asOneAction,
  checkInput,
  findOrder,
  orderRef,
  touchBuyer,
  touchOrder,
} from './act.ts';
import type { SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const payOrderInput = z.object({
  order: orderRef,
  /** All that is outstanding unless told. */
  amount: amountInput.optional(),
});

/** @throws ActError */
export function payOrder(store: Store, input: unknown): SandboxOrder {
  const wanted = checkInput(payOrderInput, input);
  const order = findOrder(store, wanted.order);
  if (order.cancelledAt !== null) throw new ActError(`Order ${order.name} is cancelled`);
  if (order.outstandingMinor <= 0) throw new ActError(`Nothing is outstanding on order ${order.name}`);
  const amount =
    wanted.amount === undefined ? order.outstandingMinor : amountOf(wanted.amount, store, 'amount');
  if (amount <= 0 || amount > order.outstandingMinor) {
    throw new ActError('The amount must be above zero and at most what is outstanding');
  }
  return asOneAction(store, () => {
    order.receivedMinor += amount;
    order.outstandingMinor -= amount;
    const paid = order.outstandingMinor === 0;
    order.financialStatus = order.refundedMinor > 0 ? 'PARTIALLY_REFUNDED' : paid ? 'PAID' : 'PARTIALLY_PAID';
    touchOrder(store, order);
    store.emit({ kind: 'order_updated', orderId: order.id });
    if (paid) store.emit({ kind: 'order_paid', orderId: order.id });
    touchBuyer(store, order.customerId);
    return order;
  });
}
