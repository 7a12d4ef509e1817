import { customerTotals } from '../../store/customer-totals.ts';
import type { SandboxCustomer, SandboxOrder } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs } from '../connection.ts';
import { gid } from '../gid.ts';
import { listOrders } from '../list-orders.ts';
import type { ListArgs } from '../list-records.ts';
import { moneyV2 } from '../money.ts';
import { searchNotes } from '../search-report.ts';
import { metafieldsOf } from './metafield.ts';
import type { FieldResolvers } from './types.ts';

/** The newer consent objects have another word for the state that customers begin with. */
function consentWord(state: string | undefined): string {
  return state === undefined || state === 'NOT_SUBSCRIBED' ? 'NEVER_SUBSCRIBED' : state;
}

export const customerFields: FieldResolvers<SandboxCustomer> = {
  ...metafieldsOf<SandboxCustomer>('CUSTOMER', (customer) => customer.id),
  id: (customer) => gid('Customer', customer.id),
  legacyResourceId: (customer) => customer.id,
  createdAt: (customer) => customer.createdAt,
  updatedAt: (customer) => customer.updatedAt,
  state: (customer) => customer.state,
  tags: (customer) => customer.tags,
  locale: (customer) => customer.locale,
  note: (customer) => customer.note,
  verifiedEmail: (customer) => customer.verifiedEmail,
  taxExempt: (customer) => customer.taxExempt,
  firstName: (customer) => customer.firstName,
  lastName: (customer) => customer.lastName,
  displayName: (customer) => displayName(customer),
  email: (customer) => customer.email,
  phone: (customer) => customer.phone,
  numberOfOrders: (customer, _: unknown, { store }) => String(totals(store, customer).numberOfOrders),
  amountSpent: (customer, _: unknown, { store }) =>
    moneyV2(totals(store, customer).amountSpentMinor, store.shop.currency),
  lastOrder: (customer, _: unknown, { store }) => totals(store, customer).lastOrder,
  // Shopify computes both by itself, for stores with enough history, and says null otherwise.
  statistics: (customer) => customer.statistics ?? { rfmGroup: null, predictedSpendTier: null },
  defaultEmailAddress: (customer) =>
    customer.email === null
      ? null
      : {
          emailAddress: customer.email,
          marketingState: customer.emailMarketing?.state ?? 'NOT_SUBSCRIBED',
          marketingOptInLevel: customer.emailMarketing?.optInLevel ?? null,
          marketingUpdatedAt: customer.emailMarketing?.updatedAt ?? null,
          validFormat: true,
        },
  defaultPhoneNumber: (customer) =>
    customer.phone === null
      ? null
      : {
          phoneNumber: customer.phone,
          marketingState: customer.smsMarketing?.state ?? 'NOT_SUBSCRIBED',
          marketingUpdatedAt: customer.smsMarketing?.updatedAt ?? null,
          smsMarketingConsent: {
            state: consentWord(customer.smsMarketing?.state),
            updatedAt: customer.smsMarketing?.updatedAt ?? null,
          },
        },
  emailMarketingConsent: ({ email, emailMarketing }) =>
    email === null
      ? null
      : {
          marketingState: emailMarketing?.state ?? 'NOT_SUBSCRIBED',
          marketingOptInLevel: emailMarketing?.optInLevel ?? null,
          consentUpdatedAt: emailMarketing?.updatedAt ?? null,
        },
  smsMarketingConsent: ({ phone, smsMarketing }) =>
    phone === null
      ? null
      : {
          marketingState: smsMarketing?.state ?? 'NOT_SUBSCRIBED',
          marketingOptInLevel: 'SINGLE_OPT_IN',
          consentUpdatedAt: smsMarketing?.updatedAt ?? null,
          consentCollectedFrom: 'OTHER',
        },
  canDelete: (customer, _: unknown, { store }) => store.ordersOf(customer.id).length === 0,
  mergeable: () => ({ isMergeable: true, reason: null, errorFields: [], mergeInProgress: null }),
  validEmailAddress: (customer) => customer.email !== null,
  taxExemptions: () => [],
  defaultAddress: (customer) => addressOf(customer),
  addresses: (customer, args: { first?: number | null }) =>
    customer.address && (args.first ?? 1) > 0 ? [addressOf(customer)] : [],
  addressesV2: (customer, args: ConnectionArgs & { reverse?: boolean }, context: GraphContext, info) =>
    connect(
      () => inOrder(customer.address ? [addressOf(customer)] : [], () => customer.id, args.reverse),
      args,
      context,
      info,
    ),
  productSubscriberStatus: (customer, _: unknown, { store }) => subscriberStatus(store, customer),
  orders: (customer, args: ConnectionArgs & ListArgs, context: GraphContext, info) =>
    connect(
      () => {
        const among = context.store.ordersOf(customer.id);
        return listOrders(context.store, args, { among, notes: searchNotes(args.query, context, info) });
      },
      args,
      context,
      info,
    ),
};

/** A customer of the sandbox has one address at most. */
function addressOf(customer: SandboxCustomer) {
  const { address, firstName, lastName } = customer;
  if (!address) return null;
  return {
    id: `${gid('MailingAddress', customer.id)}?model_name=CustomerAddress`,
    firstName,
    lastName,
    name: [firstName, lastName].filter(Boolean).join(' ') || null,
    address1: address.address1,
    address2: null,
    company: null,
    phone: null,
    city: address.city,
    provinceCode: address.provinceCode,
    countryCode: address.countryCode,
    countryCodeV2: address.countryCode,
    zip: address.zip,
  };
}

/** As the admin shows it: the name, else the e-mail address, else the phone number. */
export function displayName(customer: SandboxCustomer): string {
  const name = [customer.firstName, customer.lastName].filter(Boolean).join(' ');
  return name || customer.email || customer.phone || '';
}

function totals(store: Store, customer: SandboxCustomer) {
  return customerTotals(store.ordersOf(customer.id));
}

/** Follows from the orders that a subscription made: active while the last one is at most 45 days old. */
function subscriberStatus(store: Store, customer: SandboxCustomer): string {
  const renewals = store.ordersOf(customer.id).filter(isOfSubscription);
  if (renewals.length === 0) return 'NEVER_SUBSCRIBED';
  const last = Math.max(...renewals.map((order) => Date.parse(order.processedAt)));
  return store.clock.now().getTime() - last <= 45 * 86_400_000 ? 'ACTIVE' : 'CANCELLED';
}

function isOfSubscription(order: SandboxOrder): boolean {
  const { sourceName, lines } = order;
  return (
    sourceName.startsWith('subscription_contract') || lines.some((line) => line.sellingPlan !== undefined)
  );
}
