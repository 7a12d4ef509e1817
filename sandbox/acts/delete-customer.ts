/** Shopify deletes a customer only while there are no orders. */
import { z } from 'zod';
import { ActError, asOneAction, checkInput, customerRef, findCustomer } from './act.ts';
import type { Id } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const deleteCustomerInput = z.object({ customer: customerRef });

/** @throws ActError */
export function deleteCustomer(store: Store, input: unknown): { deletedCustomerId: Id } {
  const customer = findCustomer(store, checkInput(deleteCustomerInput, input).customer);
  if (store.ordersOf(customer.id).length > 0) {
    throw new ActError('Customer can’t be deleted because they have associated orders');
  }
  return asOneAction(store, () => {
    store.deleteCustomer(customer.id);
    store.emit({ kind: 'customer_deleted', customerId: customer.id });
    return { deletedCustomerId: customer.id };
  });
}
