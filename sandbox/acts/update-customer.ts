/** Name, addresses, note, language and account state of a customer; what is not named stays. */
import { z } from 'zod';
import {
  ActError,
  asOneAction,
  checkInput,
  customerRef,
  findCustomer,
  optionalText,
  touchCustomer,
} from './act.ts';
import { addressInput, emailInput } from './create-customer.ts';
import type { SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const updateCustomerInput = z.object({
  customer: customerRef,
  firstName: optionalText,
  lastName: optionalText,
  email: emailInput,
  phone: optionalText,
  note: optionalText,
  locale: z.string().min(2).optional(),
  state: z.enum(['DISABLED', 'INVITED', 'ENABLED', 'DECLINED']).optional(),
  address: addressInput,
});

/** @throws ActError */
export function updateCustomer(store: Store, input: unknown): SandboxCustomer {
  const { customer: reference, ...wanted } = checkInput(updateCustomerInput, input);
  const customer = findCustomer(store, reference);
  const holder = wanted.email ? store.customerByEmail(wanted.email) : undefined;
  if (holder && holder.id !== customer.id) throw new ActError('Email has already been taken');
  const before = customer.state;
  const changed = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  return asOneAction(store, () => {
    Object.assign(customer, changed);
    if (customer.email === null) customer.emailMarketing = null;
    else customer.emailMarketing ??= { state: 'NOT_SUBSCRIBED', optInLevel: null, updatedAt: null };
    if (customer.phone === null) customer.smsMarketing = null;
    else customer.smsMarketing ??= { state: 'NOT_SUBSCRIBED', updatedAt: null };
    touchCustomer(store, customer);
    if (customer.state !== before && (customer.state === 'ENABLED' || customer.state === 'DISABLED')) {
      const kind = customer.state === 'ENABLED' ? 'customer_enabled' : 'customer_disabled';
      store.emit({ kind, customerId: customer.id });
    }
    return customer;
  });
}
