/** A customer subscribes to, or leaves, e-mail or SMS marketing. */
import { z } from 'zod';
import {
  ActError,
  asOneAction,
  checkInput,
  customerRef,
  findCustomer,
  laterThan,
  touchCustomer,
} from './act.ts';
import type { SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const setConsentInput = z.object({
  customer: customerRef,
  channel: z.enum(['email', 'sms']),
  state: z
    .string()
    .transform((state) => state.toUpperCase())
    .pipe(z.enum(['NOT_SUBSCRIBED', 'PENDING', 'SUBSCRIBED', 'UNSUBSCRIBED'])),
});

/** @throws ActError */
export function setConsent(store: Store, input: unknown): SandboxCustomer {
  const wanted = checkInput(setConsentInput, input);
  const customer = findCustomer(store, wanted.customer);
  return asOneAction(store, () => {
    if (wanted.channel === 'email') {
      if (customer.email === null) throw new ActError('An email address is required to set email consent');
      const updatedAt = laterThan(customer.emailMarketing?.updatedAt ?? null, store);
      customer.emailMarketing = { state: wanted.state, optInLevel: 'SINGLE_OPT_IN', updatedAt };
    } else {
      if (customer.phone === null) throw new ActError('A phone number is required to set the SMS consent');
      const updatedAt = laterThan(customer.smsMarketing?.updatedAt ?? null, store);
      customer.smsMarketing = { state: wanted.state, updatedAt };
    }
    touchCustomer(store, customer);
    store.emit({
      kind: wanted.channel === 'email' ? 'customer_email_consent' : 'customer_sms_consent',
      customerId: customer.id,
    });
    return customer;
  });
}
