import { currencyExponent } from '../../app/money.ts';
import { customerTotals } from '../store/customer-totals.ts';
import type { SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Listing } from './connection.ts';
import { listRecords, readyToSort } from './list-records.ts';
import type { ListArgs, ListedKind } from './list-records.ts';
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
  timesField,
} from './search-fields.ts';
import { skipCustomers } from './skip-records.ts';

const COUNTRY_NAMES = new Intl.DisplayNames('en', { type: 'region' });

const CUSTOMERS: ListedKind<SandboxCustomer> = {
  kind: 'customer',
  sorts: {
    ID: () => 0,
    CREATED_AT: (customer) => customer.createdAt,
    UPDATED_AT: (customer) => customer.updatedAt,
    NAME: (customer) => `${customer.lastName ?? ''}, ${customer.firstName ?? ''}`.toLowerCase(),
    LOCATION: ({ address }) =>
      address ? [address.countryCode, address.provinceCode, address.city].join(' ').toLowerCase() : '',
    // Shopify ranks matches by a score that it does not publish: here they come by id.
    RELEVANCE: () => 0,
  },
  times: { CREATED_AT: 'customer_date', UPDATED_AT: 'updated_at' },
  ordered: (store, sort) => store.listBy('customer', sort),
  get: (store, id) => store.customer(id),
  fields: (store) => byName(customerSearchFields(store)),
  skip: skipCustomers,
  words: (word, quoted) => {
    const test = textsTest(word, quoted);
    return ({ firstName, lastName, email, phone, address }) =>
      test([
        [firstName, lastName].filter(Boolean).join(' '),
        email,
        phone,
        address?.city,
        address?.zip,
        address?.countryCode,
      ]);
  },
};

/** Customers by Shopify's search syntax and sort keys. */
export function listCustomers(store: Store, args: ListArgs, notes?: SearchNotes): Listing<SandboxCustomer> {
  return listRecords(CUSTOMERS, store, args, notes ? { notes } : {});
}

/** Before `listCustomers` by a sort that no store keeps ready. */
export function readyCustomers(store: Store, args: ListArgs): Promise<void> {
  return readyToSort(CUSTOMERS, store, args.sortKey ?? 'ID');
}

/** customersCount knows fewer filters than the list (captured). */
export function listCustomersForCount(
  store: Store,
  query: string | null | undefined,
  notes?: SearchNotes,
): Listing<SandboxCustomer> {
  const known = ['id', 'created_at', 'updated_at'];
  const all = customerSearchFields(store);
  const fields = Object.fromEntries(Object.entries(all).filter(([name]) => known.includes(name)));
  const counted = { ...CUSTOMERS, fields: () => byName(fields) };
  return listRecords(counted, store, { query: query ?? null }, notes ? { notes } : {});
}

/** A record's own fields only: "constructor" is no filter. */
export function byName<T>(fields: Record<string, FieldTest<T>>): (name: string) => FieldTest<T> | undefined {
  return (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined);
}

function customerSearchFields(store: Store): Record<string, FieldTest<SandboxCustomer>> {
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  const major = 10 ** currencyExponent(store.shop.currency);
  const totals = (customer: SandboxCustomer) => customerTotals(store.ordersOf(customer.id));
  const createdAt = timeField<SandboxCustomer>((customer) => customer.createdAt, zone, now);
  return {
    id: idField((customer) => customer.id),
    email: textField((customer) => customer.email),
    phone: keywordField((customer) => customer.phone),
    first_name: textField((customer) => customer.firstName),
    last_name: textField((customer) => customer.lastName),
    state: enumField((customer) => customer.state, ['enabled', 'disabled', 'invited', 'declined']),
    country: keywordField(({ address }) =>
      address ? [address.countryCode, countryName(address.countryCode)] : null,
    ),
    accepts_marketing: booleanField((customer) => customer.emailMarketing?.state === 'SUBSCRIBED'),
    // The list documents customer_date, the count created_at: both are known here.
    created_at: createdAt,
    customer_date: createdAt,
    updated_at: timeField((customer) => customer.updatedAt, zone, now),
    order_date: timesField(
      (customer) => store.ordersOf(customer.id).map((order) => order.processedAt),
      zone,
      now,
    ),
    // The sandbox has no checkouts that were left.
    last_abandoned_order_date: absentField(),
    tag: tagField((customer) => customer.tags),
    tag_not: tagField((customer) => customer.tags, true),
    orders_count: numberField((customer) => totals(customer).numberOfOrders),
    total_spent: numberField((customer) => totals(customer).amountSpentMinor / major),
  };
}

function countryName(code: string): string {
  try {
    return COUNTRY_NAMES.of(code) ?? code;
  } catch {
    return code;
  }
}
