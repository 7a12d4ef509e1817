/**
 * The three compliance requests. Shopify sends customers/redact days later and shop/redact 48 hours after the
 * app is gone; here they go out at once. The sandbox's own records stay as they are.
 */
import { z } from 'zod';
import { asOneAction, checkInput, customerRef, findCustomer } from './act.ts';
import type { Id } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const privacyInput = z.object({ customer: customerRef });

/** @throws ActError */
export function requestRedaction(store: Store, input: unknown): { customerId: Id; ordersToRedact: Id[] } {
  const customer = findCustomer(store, checkInput(privacyInput, input).customer);
  const ordersToRedact = store.ordersOf(customer.id).map((order) => order.id);
  return asOneAction(store, () => {
    store.emit({ kind: 'customer_redact', customerId: customer.id, ordersToRedact });
    return { customerId: customer.id, ordersToRedact };
  });
}

/** @throws ActError */
export function requestData(store: Store, input: unknown): { customerId: Id; requestId: Id } {
  const customer = findCustomer(store, checkInput(privacyInput, input).customer);
  const requestId = store.newId('other');
  return asOneAction(store, () => {
    store.emit({ kind: 'data_request', customerId: customer.id, requestId });
    return { customerId: customer.id, requestId };
  });
}

export function redactShop(store: Store): { shop: string } {
  return asOneAction(store, () => {
    store.emit({ kind: 'shop_redact' });
    return { shop: store.shop.domain };
  });
}
