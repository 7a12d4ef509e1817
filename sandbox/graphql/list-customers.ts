import { currencyExponent } from '../../app/money.ts';
import { customerTotals } from '../store/customer-totals.ts';
import type { SandboxCustomer } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Listing, SortValue } from './connection.ts';
import type { ListArgs } from './list-orders.ts';
import { sortedListing } from './listing-cache.ts';
import { NotImplemented } from './not-implemented.ts';
import { compileSearch } from './search.ts';
import type { FieldTest } from './search.ts';
import {
  booleanField,
  enumField,
  idField,
  numberField,
  tagField,
  textField,
  timeField,
} from './search-fields.ts';

const SORTS: Record<string, (customer: SandboxCustomer) => SortValue> = {
  ID: () => 0,
  CREATED_AT: (customer) => customer.createdAt,
  UPDATED_AT: (customer) => customer.updatedAt,
  NAME: (customer) => `${customer.lastName ?? ''}, ${customer.firstName ?? ''}`.toLowerCase(),
};

/** Customers by Shopify's search syntax and sort keys. */
export function listCustomers(store: Store, args: ListArgs): Listing<SandboxCustomer> {
  const key = args.sortKey ?? 'ID';
  const value = Object.hasOwn(SORTS, key) ? SORTS[key] : undefined;
  if (!value) throw new NotImplemented(`Sorting customers by ${key}`);
  const reverse = args.reverse ?? false;
  const search = compileSearch(args.query, customerSearchFields(store), (word) => {
    const wanted = word.toLowerCase();
    return (customer) =>
      [customer.email, customer.firstName, customer.lastName, customer.phone].some((text) =>
        text?.toLowerCase().includes(wanted),
      );
  });
  const listing = sortedListing(store, 'customer', { key, value, reverse }, () => store.customers());
  return args.query ? { ...listing, items: listing.items.filter(search.test) } : listing;
}

function customerSearchFields(store: Store): Record<string, FieldTest<SandboxCustomer>> {
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  const major = 10 ** currencyExponent(store.shop.currency);
  const totals = (customer: SandboxCustomer) => customerTotals(store.ordersOf(customer.id));
  return {
    id: idField((customer) => customer.id),
    email: textField((customer) => customer.email),
    phone: textField((customer) => customer.phone),
    first_name: textField((customer) => customer.firstName),
    last_name: textField((customer) => customer.lastName),
    state: enumField((customer) => customer.state),
    country: textField((customer) => customer.address?.countryCode ?? null),
    accepts_marketing: booleanField((customer) => customer.emailMarketing?.state === 'SUBSCRIBED'),
    created_at: timeField((customer) => customer.createdAt, zone, now),
    customer_date: timeField((customer) => customer.createdAt, zone, now),
    updated_at: timeField((customer) => customer.updatedAt, zone, now),
    tag: tagField((customer) => customer.tags),
    tag_not: tagField((customer) => customer.tags, true),
    orders_count: numberField((customer) => totals(customer).numberOfOrders),
    total_spent: numberField((customer) => totals(customer).amountSpentMinor / major),
  };
}
