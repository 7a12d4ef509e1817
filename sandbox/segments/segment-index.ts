/**
 * How far segments lag behind writes: a membership is worked out from what a customer and their orders were when the
 * lag began. That Shopify's segments lag is documented, how long is not: the time is an assumption. The query of a
 * segment and the day count at once (assumption).
 */
import { SearchIndex } from '../graphql/search-index.ts';
import type { SandboxCustomer, SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const DEFAULT_LAG_MS = 5000;

const indexes = new WeakMap<Store, SearchIndex>();

/** Made by the first call, which decides: with the fast switch there is no lag until somebody asks for one. */
export function segmentIndexOf(store: Store, fast = true): SearchIndex {
  let index = indexes.get(store);
  if (!index) {
    indexes.set(store, (index = new SearchIndex(store)));
    index.lagMs = fast ? 0 : DEFAULT_LAG_MS;
  }
  return index;
}

/** Undefined: segments do not know this customer yet. */
export function settledCustomer(store: Store, customer: SandboxCustomer): SandboxCustomer | undefined {
  return segmentIndexOf(store).seen('customer', customer.id, customer);
}

export function settledOrders(store: Store, customer: SandboxCustomer): SandboxOrder[] {
  const index = segmentIndexOf(store);
  return store.ordersOf(customer.id).flatMap((order) => index.seen('order', order.id, order) ?? []);
}
