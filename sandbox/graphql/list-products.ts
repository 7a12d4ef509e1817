import type { SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Listing, SortValue } from './connection.ts';
import type { ListArgs } from './list-orders.ts';
import { sortedListing } from './listing-cache.ts';
import { NotImplemented } from './not-implemented.ts';
import { compileSearch } from './search.ts';
import { enumField, idField, tagField, textField, timeField } from './search-fields.ts';

const SORTS: Record<string, (product: SandboxProduct) => SortValue> = {
  ID: () => 0,
  TITLE: (product) => product.title.toLowerCase(),
  VENDOR: (product) => product.vendor.toLowerCase(),
  PRODUCT_TYPE: (product) => product.productType.toLowerCase(),
  CREATED_AT: (product) => product.createdAt,
  UPDATED_AT: (product) => product.updatedAt,
};

/** Products by Shopify's search syntax and sort keys. */
export function listProducts(store: Store, args: ListArgs): Listing<SandboxProduct> {
  const key = args.sortKey ?? 'ID';
  const value = Object.hasOwn(SORTS, key) ? SORTS[key] : undefined;
  if (!value) throw new NotImplemented(`Sorting products by ${key}`);
  const reverse = args.reverse ?? false;
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  const search = compileSearch<SandboxProduct>(
    args.query,
    {
      id: idField((product) => product.id),
      title: textField((product) => product.title),
      handle: textField((product) => product.handle),
      vendor: textField((product) => product.vendor),
      product_type: textField((product) => product.productType),
      status: enumField((product) => product.status),
      tag: tagField((product) => product.tags),
      created_at: timeField((product) => product.createdAt, zone, now),
      updated_at: timeField((product) => product.updatedAt, zone, now),
    },
    (word) => (product) => product.title.toLowerCase().includes(word.toLowerCase()),
  );
  const listing = sortedListing(store, 'product', { key, value, reverse }, () => store.products());
  return args.query ? { ...listing, items: listing.items.filter(search.test) } : listing;
}
