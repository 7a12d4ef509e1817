/** Tags, note and owner of an order: a guest's order can be given to a customer, or moved to another one. */
import { z } from 'zod';
import {
  asOneAction,
  checkInput,
  customerRef,
  findCustomer,
  findOrder,
  optionalText,
  orderRef,
  touchBuyer,
  touchOrder,
} from './act.ts';
import { normalTags } from './normal-tags.ts';
import type { SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const editOrderInput = z.object({
  order: orderRef,
  tags: z.array(z.string()).optional(),
  note: optionalText,
  /** null: nobody's any more. */
  customer: customerRef.nullable().optional(),
});

/** @throws ActError */
export function editOrder(store: Store, input: unknown): SandboxOrder {
  const wanted = checkInput(editOrderInput, input);
  const order = findOrder(store, wanted.order);
  const before = order.customerId;
  const owner =
    wanted.customer === undefined
      ? before
      : wanted.customer === null
        ? null
        : findCustomer(store, wanted.customer).id;
  return asOneAction(store, () => {
    if (wanted.tags) order.tags = normalTags(wanted.tags);
    if (wanted.note !== undefined) order.note = wanted.note;
    order.customerId = owner;
    touchOrder(store, order);
    store.emit({ kind: 'order_updated', orderId: order.id });
    if (owner !== before) {
      touchBuyer(store, before);
      touchBuyer(store, owner);
    }
    return order;
  });
}
