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
  optInLevel: z.enum(['SINGLE_OPT_IN', 'CONFIRMED_OPT_IN', 'UNKNOWN']).default('SINGLE_OPT_IN'),
  /** When the customer said so; now unless told. */
  at: z.iso.datetime({ offset: true }).optional(),
});

/** @throws ActError */
export function setConsent(store: Store, input: unknown): SandboxCustomer {
  const wanted = checkInput(setConsentInput, input);
  const customer = findCustomer(store, wanted.customer);
  const said = wanted.at === undefined ? undefined : new Date(wanted.at).toISOString();
  return asOneAction(store, () => {
    if (wanted.channel === 'email') {
      if (customer.email === null) throw new ActError('An email address is required to set email consent');
      const updatedAt = said ?? laterThan(customer.emailMarketing?.updatedAt ?? null, store);
      customer.emailMarketing = { state: wanted.state, optInLevel: wanted.optInLevel, updatedAt };
    } else {
      if (customer.phone === null) throw new ActError('A phone number is required to set the SMS consent');
      const updatedAt = said ?? laterThan(customer.smsMarketing?.updatedAt ?? null, store);
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
