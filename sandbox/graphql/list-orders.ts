import { currencyExponent } from '../../app/money.ts';
import type { SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Listing } from './connection.ts';
import { listRecords, readyToSort } from './list-records.ts';
import type { ListArgs, ListedKind } from './list-records.ts';
import { metafieldFilter } from './metafield-filter.ts';
import type { FieldTest, SearchNotes } from './search.ts';
import {
  absentField,
  booleanField,
  enumField,
  idField,
  keywordField,
  numberField,
  tagField,
  textField,
  textsTest,
  timeField,
} from './search-fields.ts';
import { skipOrders } from './skip-records.ts';

const FINANCIAL = [
  'paid', 'pending', 'authorized', 'partially_paid', 'partially_refunded', 'refunded', 'voided', 'expired',
]; // prettier-ignore

/** What the filter calls them, by the field's own words. */
const FULFILMENT_WORDS: Record<SandboxOrder['fulfillmentStatus'], readonly string[]> = {
  FULFILLED: ['fulfilled', 'shipped'],
  PARTIALLY_FULFILLED: ['partial'],
  UNFULFILLED: ['unfulfilled', 'unshipped'],
};

/** Orders of the sandbox have none of these. */
const ABSENT = [
  'cart_token', 'channel', 'channel_id', 'chargeback_status', 'checkout_token', 'confirmation_number',
  'credit_card_last4', 'delivery_method', 'fraud_protection_level', 'fulfillment_location_id', 'gateway',
  'location_id', 'payment_id', 'payment_provider_id', 'po_number', 'reference_location_id', 'risk_level',
  'sales_channel', 'source_identifier', 'total_weight',
]; // prettier-ignore

const ORDERS: ListedKind<SandboxOrder> = {
  kind: 'order',
  sorts: {
    ID: () => 0,
    CREATED_AT: (order) => order.createdAt,
    PROCESSED_AT: (order) => order.processedAt,
    UPDATED_AT: (order) => order.updatedAt,
    ORDER_NUMBER: (order) => order.number,
    TOTAL_PRICE: (order) => order.totalMinor,
    CURRENT_TOTAL_PRICE: (order) => order.currentTotalMinor,
    FINANCIAL_STATUS: (order) => order.financialStatus,
    FULFILLMENT_STATUS: (order) => order.fulfillmentStatus,
    TOTAL_ITEMS_QUANTITY: (order) => order.lines.reduce((sum, line) => sum + line.quantity, 0),
    CUSTOMER_NAME: (order, store) => {
      const customer = order.customerId === null ? undefined : store.customer(order.customerId);
      return [customer?.lastName, customer?.firstName].filter(Boolean).join(', ').toLowerCase();
    },
    PO_NUMBER: () => '',
    // Shopify ranks matches by a score that it does not publish: here they come by id.
    RELEVANCE: () => 0,
  },
  times: { CREATED_AT: 'created_at', PROCESSED_AT: 'processed_at', UPDATED_AT: 'updated_at' },
  skip: skipOrders,
  ordered: (store, sort) => store.listBy('order', sort),
  get: (store, id) => store.order(id),
  fields: (store) => {
    const fields = orderSearchFields(store);
    return (name) => (Object.hasOwn(fields, name) ? fields[name] : metafieldFilter(store, 'ORDER', name));
  },
  words: (word, quoted) => {
    const test = textsTest(word, quoted);
    return (order) => test([order.name, order.email, ...order.lines.map(({ title }) => title)]);
  },
  narrow: (store, search) => {
    const owner = search.equals.get('customer_id');
    if (owner === undefined || owner === '*') return undefined;
    return owner.split(',').flatMap((id) => store.ordersOf(id.trim().replace(/^.*\//, '')));
  },
};

/** Orders by Shopify's search syntax and sort keys; `among` narrows to a customer's. */
export function listOrders(
  store: Store,
  args: ListArgs,
  options: { among?: SandboxOrder[]; notes?: SearchNotes } = {},
): Listing<SandboxOrder> {
  return listRecords(
    ORDERS,
    store,
    {
      query: args.query,
      reverse: args.reverse,
      sortKey: args.sortKey ?? (options.among ? 'ID' : 'PROCESSED_AT'),
    },
    options,
  );
}

/** Before `listOrders` by a sort that no store keeps ready. */
export function readyOrders(store: Store, args: ListArgs): Promise<void> {
  return readyToSort(ORDERS, store, args.sortKey ?? 'PROCESSED_AT');
}

function orderSearchFields(store: Store): Record<string, FieldTest<SandboxOrder>> {
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  const status: FieldTest<SandboxOrder> = (term) => {
    const check = enumField<string>((text) => text, ['open', 'closed', 'cancelled', 'not_closed', 'any']);
    const fits = check(term);
    // Orders of the sandbox are never archived.
    return (order) => (order.cancelledAt === null ? ['open', 'not_closed'] : ['cancelled', 'not_closed']).some(fits); // prettier-ignore
  };
  const fulfilment: FieldTest<SandboxOrder> = (term) => {
    const words = ['unshipped', 'shipped', 'fulfilled', 'partial', 'scheduled', 'on_hold', 'unfulfilled', 'request_declined']; // prettier-ignore
    const fits = enumField<string>((text) => text, words)(term);
    return (order) => FULFILMENT_WORDS[order.fulfillmentStatus].some(fits);
  };
  return {
    ...Object.fromEntries(ABSENT.map((name) => [name, absentField<SandboxOrder>()])),
    id: idField((order) => order.id),
    name: keywordField((order) => [order.name, order.name.replace(/^#/, '')]),
    email: textField((order) => order.email),
    customer_id: idField((order) => order.customerId),
    created_at: timeField((order) => order.createdAt, zone, now),
    processed_at: timeField((order) => order.processedAt, zone, now),
    updated_at: timeField((order) => order.updatedAt, zone, now),
    discount_code: keywordField((order) => order.discountCodes[0] ?? null),
    financial_status: enumField((order) => order.financialStatus, FINANCIAL),
    fulfillment_status: fulfilment,
    return_status: enumField(
      (order) => (order.refunds.some((refund) => refund.lines.length > 0) ? 'returned' : 'no_return'),
      ['return_requested', 'in_progress', 'inspection_complete', 'returned', 'return_failed', 'no_return'],
    ),
    status,
    sku: keywordField((order) => order.lines.flatMap(({ sku }) => sku ?? [])),
    test: booleanField((order) => order.test),
    tag: tagField((order) => order.tags),
    tag_not: tagField((order) => order.tags, true),
    source_name: keywordField((order) => order.sourceName),
    subtotal_line_items_quantity: numberField((order) =>
      order.lines.reduce((sum, line) => sum + line.quantity, 0),
    ),
    current_total_price: numberField(
      (order) => order.currentTotalMinor / 10 ** currencyExponent(order.currency),
    ),
  };
}
