import { asOneAction } from '../../acts/act.ts';
import { addTags, removeTags, splitTags } from '../../acts/change-tags.ts';
import { createCustomer } from '../../acts/create-customer.ts';
import { deleteCustomer } from '../../acts/delete-customer.ts';
import { mergeCustomers } from '../../acts/merge-customers.ts';
import { setConsent } from '../../acts/set-consent.ts';
import { updateCustomer } from '../../acts/update-customer.ts';
import type { SandboxCustomer } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import { takesOnly } from '../arguments.ts';
import type { GraphContext } from '../context.ts';
import { gid, parseGid } from '../gid.ts';
import { shopObject } from '../resolvers/shop.ts';
import type { FieldResolvers } from '../resolvers/types.ts';
import { attempt, beginJob, refused } from './attempt.ts';
import type { FieldsOfErrors, UserError } from './attempt.ts';
import { setMetafields } from './metafields.ts';
import type { MetafieldInput } from './metafields.ts';

interface ConsentInput {
  marketingState: string;
  marketingOptInLevel?: string | null;
  consentUpdatedAt?: string | null;
}

interface CustomerInput {
  id?: string | null;
  addresses?: Record<string, string | null>[] | null;
  tags?: string[] | null;
  emailMarketingConsent?: ConsentInput | null;
  smsMarketingConsent?: ConsentInput | null;
  metafields?: MetafieldInput[] | null;
  [name: string]: unknown;
}

const TEXTS = ['email', 'firstName', 'lastName', 'phone', 'note', 'locale'] as const;
const TAKEN = [...TEXTS, 'addresses', 'tags', 'emailMarketingConsent', 'smsMarketingConsent', 'metafields'];
const ADDRESS = ['address1', 'city', 'provinceCode', 'countryCode', 'zip'];

const ERRORS: FieldsOfErrors = [
  [/^There is no customer/, ['id'], 'Customer does not exist'],
  [/^Email has already been taken/, ['email']],
  [/^email: /, ['email'], 'Email is invalid'],
  [/^Customer must have/, null, 'A name, phone number, or email address must be present'],
  [/^address/, ['addresses']],
];

export const customerMutations: FieldResolvers<unknown> = {
  customerCreate: (_, { input }: { input: CustomerInput }, context: GraphContext) => {
    takesOnly(input, TAKEN, 'CustomerInput');
    const { store } = context;
    const faults = [...tagErrors(input), ...consentErrors(input)];
    if (faults.length > 0) return { customer: null, userErrors: faults };
    const { done, userErrors } = attempt(
      () =>
        asOneAction(store, () => {
          const customer = createCustomer(store, { ...actInput(input), tags: input.tags ?? [] });
          applyConsents(store, customer, input);
          return customer;
        }),
      ERRORS,
    );
    if (!done) return { customer: null, userErrors };
    return { customer: store.customer(done.id), userErrors: metafieldErrors(store, done, input) };
  },

  customerUpdate: (_, { input }: { input: CustomerInput }, { store }) => {
    takesOnly(input, ['id', ...TAKEN], 'CustomerInput');
    const customer = input.id ? store.customer(idOfCustomer(input.id)) : undefined;
    if (!customer) {
      return { customer: null, userErrors: [{ field: ['id'], message: 'Customer does not exist' }] };
    }
    const faults = [...tagErrors(input), ...consentErrors(input)];
    if (faults.length > 0) return { customer: null, userErrors: faults };
    const { userErrors } = attempt(
      () =>
        asOneAction(store, () => {
          updateCustomer(store, { ...actInput(input), customer: customer.id });
          if (input.tags) replaceTags(store, customer, input.tags);
          applyConsents(store, customer, input);
        }),
      ERRORS,
    );
    if (userErrors.length > 0) return { customer: null, userErrors };
    return { customer: store.customer(customer.id), userErrors: metafieldErrors(store, customer, input) };
  },

  customerDelete: (_, { input }: { input: { id: string } }, { store }) => {
    const { done, userErrors } = attempt(
      () => deleteCustomer(store, { customer: idOfCustomer(input.id) }),
      [
        [/^There is no customer/, ['id'], "Customer can't be found"],
        [/associated orders/, ['id']],
      ],
    );
    if (done) store.metafields.deleteOf('CUSTOMER', done.deletedCustomerId);
    const deletedCustomerId = done ? gid('Customer', done.deletedCustomerId) : null;
    return { deletedCustomerId, shop: shopObject(store), userErrors };
  },

  customerMerge: (_, args: MergeArgs, context: GraphContext) => mergeTwo(args, context),

  customerEmailMarketingConsentUpdate: (
    _,
    { input }: { input: { customerId: string; emailMarketingConsent: ConsentInput } },
    { store },
  ) => consentPayload(store, input.customerId, 'email', input.emailMarketingConsent),

  customerSmsMarketingConsentUpdate: (
    _,
    { input }: { input: { customerId: string; smsMarketingConsent: ConsentInput } },
    { store },
  ) => consentPayload(store, input.customerId, 'sms', input.smsMarketingConsent),
};

interface MergeArgs {
  customerOneId: string;
  customerTwoId: string;
  overrideFields?: Record<string, unknown> | null;
}

function mergeTwo(args: MergeArgs, context: GraphContext) {
  takesOnly(
    args.overrideFields ?? {},
    ['customerIdOfEmailToKeep', 'note', 'tags'],
    'CustomerMergeOverrideFields',
  );
  const { store } = context;
  const payload = (userErrors: UserError[]) => ({ job: null, resultingCustomerId: null, userErrors });
  const ids = { customerOneId: args.customerOneId, customerTwoId: args.customerTwoId };
  const found = Object.entries(ids).map(([field, id]) => ({
    field,
    customer: store.customer(idOfCustomer(id)),
  }));
  const missing = found.filter(({ customer }) => !customer);
  if (missing.length > 0) {
    return payload(
      missing.map(({ field }) => ({
        field: [field],
        message: `Customer does not exist with ID ${idOfCustomer(ids[field as keyof typeof ids])}`,
        code: 'INVALID_CUSTOMER_ID',
      })),
    );
  }
  const [one, two] = found.map(({ customer }) => customer) as [SandboxCustomer, SandboxCustomer];
  if (one.id === two.id) {
    const message = 'Customers IDs should not match';
    return payload([{ field: null, message, code: 'INVALID_CUSTOMER_ID' }]);
  }
  const { customerIdOfEmailToKeep: emailOf, note, tags } = args.overrideFields ?? {};
  const kept = keptCustomer(one, two, typeof emailOf === 'string' ? idOfCustomer(emailOf) : undefined);
  const removed = kept === one ? two : one;
  const { done, userErrors } = attempt(
    () =>
      asOneAction(store, () => {
        mergeCustomers(store, { keep: kept.id, remove: removed.id });
        if (typeof note === 'string') updateCustomer(store, { customer: kept.id, note });
        if (Array.isArray(tags)) replaceTags(store, kept, tags as string[]);
        return true;
      }),
    [],
    'INVALID_CUSTOMER',
  );
  if (!done) return payload(userErrors);
  const job = beginJob(context, { resultingCustomerId: kept.id, status: 'COMPLETED' });
  return { job, resultingCustomerId: gid('Customer', kept.id), userErrors: [] };
}

/** In the order that Shopify documents. */
function keptCustomer(one: SandboxCustomer, two: SandboxCustomer, emailToKeep: string | undefined) {
  if (emailToKeep !== undefined) return emailToKeep === one.id ? one : two;
  if ((one.email === null) !== (two.email === null)) return one.email === null ? two : one;
  if (one.email === null) return two;
  const rank = ({ state, emailMarketing }: SandboxCustomer) => {
    if (state === 'ENABLED') return 3;
    const consent = emailMarketing?.state;
    if (consent === 'SUBSCRIBED' || consent === 'PENDING') return 2;
    return state === 'INVITED' ? 1 : 0;
  };
  return rank(one) > rank(two) ? one : two;
}

function idOfCustomer(text: string): string {
  const { type, id } = parseGid(text);
  return type === 'Customer' ? id : '';
}

function actInput(input: CustomerInput): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of TEXTS) if (input[name] !== undefined) given[name] = input[name];
  const [address] = input.addresses ?? [];
  if (address) {
    takesOnly(address, ADDRESS, 'MailingAddressInput');
    given['address'] = address;
  }
  if (given['locale'] === null) delete given['locale'];
  return given;
}

function tagErrors(input: CustomerInput): UserError[] {
  const tags = splitTags(input.tags ?? []);
  if (tags.length > 250) return [{ field: ['tags'], message: 'Tags cannot be more than 250' }];
  if (tags.some((tag) => [...tag].length > 255)) {
    return [{ field: ['tags'], message: 'Tags is too long (maximum is 255 characters)' }];
  }
  return [];
}

function consentErrors(input: CustomerInput): UserError[] {
  return [input.emailMarketingConsent, input.smsMarketingConsent].flatMap((consent) =>
    consent ? stateError(consent) : [],
  );
}

/** Only three states may be set: what Shopify documents. */
function stateError({ marketingState }: ConsentInput): UserError[] {
  if (['SUBSCRIBED', 'UNSUBSCRIBED', 'PENDING'].includes(marketingState)) return [];
  const message = `Cannot specify ${marketingState} as a marketing state input`;
  return [{ field: ['input', 'marketingState'], message, code: 'INVALID' }];
}

function applyConsents(store: Store, { id }: SandboxCustomer, input: CustomerInput): void {
  if (input.emailMarketingConsent) applyConsent(store, id, 'email', input.emailMarketingConsent);
  if (input.smsMarketingConsent) applyConsent(store, id, 'sms', input.smsMarketingConsent);
}

function applyConsent(store: Store, id: string, channel: 'email' | 'sms', consent: ConsentInput) {
  takesOnly(consent, ['marketingState', 'marketingOptInLevel', 'consentUpdatedAt'], 'ConsentInput');
  return setConsent(store, {
    customer: id,
    channel,
    state: consent.marketingState,
    optInLevel: consent.marketingOptInLevel ?? undefined,
    at: consent.consentUpdatedAt ? new Date(consent.consentUpdatedAt).toISOString() : undefined,
  });
}

function consentPayload(store: Store, id: string, channel: 'email' | 'sms', consent: ConsentInput) {
  const [invalid] = stateError(consent);
  const { done, userErrors } = invalid
    ? refused(invalid)
    : attempt(
        () => applyConsent(store, idOfCustomer(id), channel, consent),
        [[/^There is no customer/, ['input', 'customerId'], 'Customer not found']],
        'INVALID',
      );
  return { customer: done ? (store.customer(done.id) ?? null) : null, userErrors };
}

function replaceTags(store: Store, { id }: SandboxCustomer, tags: readonly string[]): void {
  const wanted = new Set(splitTags(tags).map((tag) => tag.toLowerCase()));
  const gone = (store.customer(id)?.tags ?? []).filter((tag) => !wanted.has(tag.toLowerCase()));
  if (gone.length > 0) removeTags(store, id, gone);
  addTags(store, id, tags);
}

function metafieldErrors(store: Store, { id }: SandboxCustomer, input: CustomerInput): UserError[] {
  if (!input.metafields?.length) return [];
  const wanted = input.metafields.map((one) => ({ ...one, ownerId: gid('Customer', id) }));
  return setMetafields(store, wanted).userErrors.map(({ field, message }) => ({ field, message }));
}
