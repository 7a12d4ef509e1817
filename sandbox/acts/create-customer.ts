/** A new customer, with or without an e-mail address. */
import { z } from 'zod';
import { ActError, asOneAction, checkInput, laterThan, optionalText } from './act.ts';
import { normalTags } from './normal-tags.ts';
import type { SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const emailInput = z
  .string()
  .trim()
  .nullish()
  .transform((text) => (text === undefined ? undefined : text || null))
  .refine((text) => !text || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text), 'is not an e-mail address');

export const addressInput = z
  .object({
    address1: z.string().nullish(),
    city: z.string().nullish(),
    provinceCode: z.string().nullish(),
    countryCode: z.string().regex(/^[A-Z]{2}$/, 'must be two capital letters'),
    zip: z.string().nullish(),
  })
  .nullish()
  .transform((address) =>
    address
      ? {
          address1: address.address1 ?? null,
          city: address.city ?? null,
          provinceCode: address.provinceCode ?? null,
          countryCode: address.countryCode,
          zip: address.zip ?? null,
        }
      : address,
  );

export const createCustomerInput = z.object({
  firstName: optionalText,
  lastName: optionalText,
  email: emailInput,
  phone: optionalText,
  note: optionalText,
  locale: z.string().min(2).default('en'),
  tags: z.array(z.string()).default([]),
  address: addressInput,
});

/** @throws ActError */
export function createCustomer(store: Store, input: unknown): SandboxCustomer {
  const wanted = checkInput(createCustomerInput, input);
  if (!wanted.email && !wanted.phone && !wanted.firstName && !wanted.lastName) {
    throw new ActError('Customer must have a name, phone number or email address');
  }
  if (wanted.email && store.customerByEmail(wanted.email)) {
    throw new ActError('Email has already been taken');
  }
  const customer: SandboxCustomer = {
    id: store.newId('customer'),
    firstName: wanted.firstName ?? null,
    lastName: wanted.lastName ?? null,
    email: wanted.email ?? null,
    phone: wanted.phone ?? null,
    note: wanted.note ?? null,
    state: 'DISABLED',
    verifiedEmail: true,
    taxExempt: false,
    locale: wanted.locale,
    createdAt: store.clock.now().toISOString(),
    updatedAt: laterThan(null, store),
    address: wanted.address ?? null,
    emailMarketing: wanted.email ? { state: 'NOT_SUBSCRIBED', optInLevel: null, updatedAt: null } : null,
    smsMarketing: wanted.phone ? { state: 'NOT_SUBSCRIBED', updatedAt: null } : null,
    tags: normalTags(wanted.tags),
    mergedInto: null,
  };
  return asOneAction(store, () => {
    store.putCustomer(customer);
    store.emit({ kind: 'customer_created', customerId: customer.id });
    if (customer.tags.length > 0) {
      store.emit({ kind: 'customer_tags_added', customerId: customer.id, tags: customer.tags });
    }
    return customer;
  });
}
