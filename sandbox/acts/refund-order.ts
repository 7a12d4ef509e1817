/**
 * Money goes back, for returned lines or as an amount.
 * Invariant: current total - outstanding = received - refunded, before and after.
 */
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
import type { SandboxOrder, SandboxRefund } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const refundOrderInput = z.object({
  order: orderRef,
  /** The price of the returned lines unless told; without lines all that is left. */
  amount: amountInput.optional(),
  lines: z.array(z.object({ line: z.string(), quantity: z.number().int().min(1) })).optional(),
  note: z.string().trim().optional(),
});

type ReturnedLine = { lineItemId: string; quantity: number; subtotalMinor: number };

function returnedLines(
  order: SandboxOrder,
  wanted: readonly { line: string; quantity: number }[],
): ReturnedLine[] {
  return wanted.map(({ line: id, quantity }) => {
    const line = order.lines.find((one) => one.id === id);
    if (!line) throw new ActError(`Order ${order.name} has no line ${id}`);
    if (quantity > line.currentQuantity) {
      throw new ActError(`Only ${line.currentQuantity} of “${line.title}” can be returned`);
    }
    const discount = Math.round((line.discountMinor * quantity) / line.quantity);
    return { lineItemId: id, quantity, subtotalMinor: line.priceMinor * quantity - discount };
  });
}

/** Adds a refund to the order without telling anybody: cancelling does the same. */
export function addRefund(
  store: Store,
  order: SandboxOrder,
  amount: number,
  lines: readonly ReturnedLine[],
  note: string | null,
): SandboxRefund {
  const at = store.clock.now().toISOString();
  const refund: SandboxRefund = {
    id: store.newId('other'),
    createdAt: at,
    processedAt: at,
    totalMinor: amount,
    note,
    lines: lines.map((line) => ({ id: store.newId('other'), ...line })),
  };
  for (const { lineItemId, quantity } of lines) {
    const line = order.lines.find((one) => one.id === lineItemId);
    if (line) line.currentQuantity -= quantity;
  }
  order.refunds.push(refund);
  order.refundedMinor += amount;
  order.currentTotalMinor -= amount;
  order.financialStatus = order.refundedMinor >= order.receivedMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  return refund;
}

/** Every line that is still with the buyer. */
export function allLines(order: SandboxOrder): ReturnedLine[] {
  const left = order.lines.filter((line) => line.currentQuantity > 0);
  return returnedLines(order, left.map((line) => ({ line: line.id, quantity: line.currentQuantity }))); // prettier-ignore
}

/** @throws ActError */
export function refundOrder(store: Store, input: unknown): SandboxOrder {
  const wanted = checkInput(refundOrderInput, input);
  const order = findOrder(store, wanted.order);
  const left = order.receivedMinor - order.refundedMinor;
  if (left <= 0) throw new ActError(`Nothing was received for order ${order.name} that could be refunded`);
  const named = wanted.lines ? returnedLines(order, wanted.lines) : undefined;
  const worth = named?.reduce((sum, line) => sum + line.subtotalMinor, 0);
  const amount = wanted.amount === undefined ? (worth ?? left) : amountOf(wanted.amount, store, 'amount');
  if (amount <= 0 || amount > left) {
    throw new ActError('The amount must be above zero and at most what was received and not yet refunded');
  }
  const lines = named ?? (amount === left ? allLines(order) : []);
  return asOneAction(store, () => {
    const refund = addRefund(store, order, amount, lines, wanted.note || null);
    touchOrder(store, order);
    store.emit({ kind: 'refund_created', orderId: order.id, refundId: refund.id });
    store.emit({ kind: 'order_updated', orderId: order.id });
    touchBuyer(store, order.customerId);
    return order;
  });
}
