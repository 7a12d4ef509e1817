/**
 * Two customers become one: the kept one has all orders and the tags of both, and takes what it lacks from the
 * other. The orders themselves are not touched (an assumption: no orders/updated for them).
 */
import { z } from 'zod';
import { ActError, asOneAction, checkInput, customerRef, findCustomer, touchBuyer } from './act.ts';
import { normalTags } from './normal-tags.ts';
import type { Id, SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const MOST_TAGS = 250;

export const mergeCustomersInput = z.object({ keep: customerRef, remove: customerRef });

/** @throws ActError */
export function mergeCustomers(
  store: Store,
  input: unknown,
): { kept: SandboxCustomer; deletedCustomerId: Id } {
  const wanted = checkInput(mergeCustomersInput, input);
  const kept = findCustomer(store, wanted.keep);
  const removed = findCustomer(store, wanted.remove);
  if (kept.id === removed.id) throw new ActError('A customer cannot be merged with itself');
  const tags = normalTags([...kept.tags, ...removed.tags]);
  if (tags.length > MOST_TAGS) throw new ActError('Customers must have 250 tags or less.');
  const had = new Set(kept.tags.map((tag) => tag.toLowerCase()));
  const gained = tags.filter((tag) => !had.has(tag.toLowerCase()));
  return asOneAction(store, () => {
    const orders = store.ordersOf(removed.id);
    removed.mergedInto = kept.id;
    store.deleteCustomer(removed.id);
    for (const order of orders) {
      order.customerId = kept.id;
      store.putOrder(order);
    }
    kept.tags = tags;
    kept.firstName ??= removed.firstName;
    kept.lastName ??= removed.lastName;
    kept.address ??= removed.address;
    if (kept.email === null) [kept.email, kept.emailMarketing] = [removed.email, removed.emailMarketing];
    if (kept.phone === null) [kept.phone, kept.smsMarketing] = [removed.phone, removed.smsMarketing];
    store.putCustomer(kept);
    store.emit({ kind: 'customer_merged', keptId: kept.id, deletedId: removed.id });
    if (gained.length > 0) store.emit({ kind: 'customer_tags_added', customerId: kept.id, tags: gained });
    touchBuyer(store, kept.id);
    return { kept: store.customer(kept.id) ?? kept, deletedCustomerId: removed.id };
  });
}
