import { currencyExponent } from '../../app/money.ts';
import type { SandboxOrder } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Listing, SortValue } from './connection.ts';
import { sortedListing, sortItems } from './listing-cache.ts';
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

export interface ListArgs {
  query?: string | null;
  sortKey?: string | null;
  reverse?: boolean | null;
}

const SORTS: Record<string, (order: SandboxOrder) => SortValue> = {
  ID: () => 0,
  CREATED_AT: (order) => order.createdAt,
  PROCESSED_AT: (order) => order.processedAt,
  UPDATED_AT: (order) => order.updatedAt,
  ORDER_NUMBER: (order) => order.number,
  TOTAL_PRICE: (order) => order.totalMinor,
};

/** Orders by Shopify's search syntax and sort keys; `among` narrows to a customer's. */
export function listOrders(store: Store, args: ListArgs, among?: SandboxOrder[]): Listing<SandboxOrder> {
  const key = args.sortKey ?? (among ? 'ID' : 'PROCESSED_AT');
  const value = Object.hasOwn(SORTS, key) ? SORTS[key] : undefined;
  if (!value) throw new NotImplemented(`Sorting orders by ${key}`);
  const reverse = args.reverse ?? false;
  const search = compileSearch(args.query, orderSearchFields(store), (word) => {
    const wanted = word.toLowerCase();
    return (order) =>
      order.name.toLowerCase() === wanted || (order.email?.toLowerCase().includes(wanted) ?? false);
  });
  const owner = search.equals.get('customer_id');
  const some = among ?? (owner === undefined ? undefined : store.ordersOf(owner.replace(/^.*\//, '')));
  const keyOf = (order: SandboxOrder) => ({ value: value(order), id: order.id });
  if (some) return { items: sortItems(some.filter(search.test), keyOf, reverse), keyOf, reversed: reverse };
  const listing = sortedListing(store, 'order', { key, value, reverse }, () => store.orders());
  return args.query ? { ...listing, items: listing.items.filter(search.test) } : listing;
}

function orderSearchFields(store: Store): Record<string, FieldTest<SandboxOrder>> {
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  return {
    id: idField((order) => order.id),
    name: textField((order) => order.name),
    email: textField((order) => order.email),
    customer_id: idField((order) => order.customerId),
    created_at: timeField((order) => order.createdAt, zone, now),
    processed_at: timeField((order) => order.processedAt, zone, now),
    updated_at: timeField((order) => order.updatedAt, zone, now),
    financial_status: enumField((order) => order.financialStatus),
    test: booleanField((order) => order.test),
    tag: tagField((order) => order.tags),
    tag_not: tagField((order) => order.tags, true),
    source_name: textField((order) => order.sourceName),
    current_total_price: numberField(
      (order) => order.currentTotalMinor / 10 ** currencyExponent(order.currency),
    ),
  };
}
