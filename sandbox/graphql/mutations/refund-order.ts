/** A refund as refundCreate gives it, made by the store's own act. */
import { refundOrder } from '../../acts/refund-order.ts';
import type { Store } from '../../store/store.ts';
import { takesOnly } from '../arguments.ts';
import { parseGid } from '../gid.ts';
import { NotImplemented } from '../not-implemented.ts';
import { attempt } from './attempt.ts';

export interface RefundInput {
  orderId: string;
  note?: string | null;
  refundLineItems?: { lineItemId: string; quantity: number }[] | null;
  transactions?: { amount: string; kind: string; orderId: string }[] | null;
  [name: string]: unknown;
}

export function refund(store: Store, input: RefundInput) {
  takesOnly(
    input,
    ['orderId', 'note', 'notify', 'refundLineItems', 'transactions', 'currency'],
    'RefundInput',
  );
  const order = idOfOrder(input.orderId);
  for (const line of input.refundLineItems ?? []) {
    takesOnly(line, ['lineItemId', 'quantity', 'restockType', 'locationId'], 'RefundLineItemInput');
  }
  const transactions = input.transactions ?? [];
  // A refund without money (a return that is paid back later) is not among the acts.
  if (transactions.length === 0) throw new NotImplemented('A refund without a transaction');
  if (transactions.some(({ kind }) => kind !== 'REFUND'))
    throw new NotImplemented('Transactions that are no refunds');
  const amount = transactions.reduce((sum, one) => sum + Number(one.amount), 0);
  const lines = (input.refundLineItems ?? []).map(({ lineItemId, quantity }) => ({
    line: parseGid(lineItemId).id,
    quantity,
  }));
  const { done, userErrors } = attempt(
    () =>
      refundOrder(store, {
        order,
        amount: amount.toFixed(3).replace(/0+$/, '').replace(/\.$/, ''),
        // Without lines only money goes back, even when it is all of it.
        lines,
        ...(input.note ? { note: input.note } : {}),
      }),
    [
      [/^There is no order/, ['orderId'], 'Order does not exist'],
      [/has no line|can be returned/, ['refundLineItems']],
      [/amount|received/, ['transactions'], 'Refund amount cannot be greater than the amount received'],
    ],
  );
  const after = done && store.order(done.id);
  const last = after?.refunds.at(-1);
  return { order: after ?? null, refund: after && last ? { order: after, refund: last } : null, userErrors };
}

export function idOfOrder(text: string): string {
  const { type, id } = parseGid(text);
  return type === 'Order' ? id : '0';
}
