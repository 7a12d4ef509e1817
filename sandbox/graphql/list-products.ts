import { currencyExponent } from '../../app/money.ts';
import type { SandboxCollection, SandboxProduct } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { Listing } from './connection.ts';
import { byName } from './list-customers.ts';
import { listRecords, sortedList } from './list-records.ts';
import type { ListArgs, ListedKind } from './list-records.ts';
import { metafieldFilter } from './metafield-filter.ts';
import { NotImplemented } from './not-implemented.ts';
import { compileSearch } from './search.ts';
import type { FieldTest, SearchNotes, SearchTerm } from './search.ts';
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
  textTest,
  timeField,
} from './search-fields.ts';

/** Products of the sandbox have none of these, or are not of that sort. */
const ABSENT = [
  'barcode', 'category_id', 'delivery_profile_id', 'error_feedback', 'product_configuration_owner',
  'product_publication_status', 'publication_ids', 'publishable_status', 'published_at', 'published_status',
]; // prettier-ignore
const NEVER = [
  'bundles', 'has_only_composites', 'has_variant_with_components', 'is_price_reduced',
  'out_of_stock_somewhere', 'tracks_inventory', 'gift_card',
]; // prettier-ignore

const PRODUCTS: ListedKind<SandboxProduct> = {
  kind: 'product',
  sorts: {
    ID: () => 0,
    TITLE: (product) => product.title.toLowerCase(),
    VENDOR: (product) => product.vendor.toLowerCase(),
    PRODUCT_TYPE: (product) => product.productType.toLowerCase(),
    CREATED_AT: (product) => product.createdAt,
    UPDATED_AT: (product) => product.updatedAt,
    RELEVANCE: () => 0,
  },
  times: { CREATED_AT: 'created_at', UPDATED_AT: 'updated_at' },
  ordered: (store, sort) => store.listBy('product', sort),
  get: (store, id) => store.product(id),
  fields: (store) => {
    const fields = productSearchFields(store);
    return (name) => (Object.hasOwn(fields, name) ? fields[name] : metafieldFilter(store, 'PRODUCT', name));
  },
  words: (word, quoted) => {
    const test = textsTest(word, quoted);
    return ({ title, vendor, productType, tags, variants }) =>
      test([title, vendor, productType, ...tags, ...variants.map(({ sku }) => sku)]);
  },
};

/** Products by Shopify's search syntax and sort keys; `among` narrows to a collection's. */
export function listProducts(
  store: Store,
  args: ListArgs,
  options: { among?: SandboxProduct[]; notes?: SearchNotes } = {},
): Listing<SandboxProduct> {
  return listRecords(PRODUCTS, store, args, options);
}

/** Collections are few: they are sorted for each list, and searches see them at once. */
export function listCollections(
  store: Store,
  args: ListArgs,
  notes?: SearchNotes,
): Listing<SandboxCollection> {
  const sorts: Record<string, (collection: SandboxCollection) => string | number> = {
    ID: () => 0,
    RELEVANCE: () => 0,
    TITLE: (collection) => collection.title.toLowerCase(),
    UPDATED_AT: (collection) => collection.updatedAt,
  };
  const key = args.sortKey ?? 'ID';
  const value = sorts[key];
  if (!value) throw new NotImplemented(`Sorting collections by ${key}`);
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  const fields: Record<string, FieldTest<SandboxCollection>> = {
    id: idField((collection) => collection.id),
    title: textField((collection) => collection.title),
    handle: keywordField((collection) => collection.handle),
    product_id: idField((collection) => collection.productIds),
    collection_type: enumField(() => 'custom', ['custom', 'smart']),
    updated_at: timeField((collection) => collection.updatedAt, zone, now),
    product_publication_status: absentField(),
    publishable_status: absentField(),
    published_at: absentField(),
    published_status: absentField(),
  };
  const words = (word: string, quoted: boolean) => {
    const test = textTest(word, quoted);
    return (collection: SandboxCollection) => test(collection.title);
  };
  const search = compileSearch(args.query, byName(fields), words, notes);
  const keyOf = (collection: SandboxCollection) => ({ value: value(collection), id: collection.id });
  return sortedList([...store.collections.all()].filter(search.test), keyOf, args.reverse ?? false);
}

function productSearchFields(store: Store): Record<string, FieldTest<SandboxProduct>> {
  const zone = store.shop.ianaTimezone;
  const now = () => store.clock.now();
  const major = 10 ** currencyExponent(store.shop.currency);
  const price: FieldTest<SandboxProduct> = (term: SearchTerm) => {
    const test = numberField<number>((minor) => minor / major)(term);
    return (product) => product.variants.some(({ priceMinor }) => test(priceMinor));
  };
  return {
    ...Object.fromEntries(ABSENT.map((name) => [name, absentField<SandboxProduct>()])),
    ...Object.fromEntries(NEVER.map((name) => [name, booleanField<SandboxProduct>(() => false)])),
    id: idField((product) => product.id),
    title: textField((product) => product.title),
    handle: keywordField((product) => product.handle),
    vendor: keywordField((product) => product.vendor),
    product_type: keywordField((product) => product.productType),
    status: enumField((product) => product.status, ['active', 'archived', 'draft', 'unlisted']),
    combined_listing_role: enumField(() => 'no_role', ['parent', 'child', 'no_role']),
    collection_id: idField((product) =>
      [...store.collections.all()].flatMap(({ id, productIds }) =>
        productIds.includes(product.id) ? id : [],
      ),
    ),
    has_only_default_variant: booleanField(
      ({ variants }) => variants.length === 1 && variants[0]?.title === 'Default Title',
    ),
    inventory_total: numberField(() => 0),
    price,
    sku: keywordField((product) => product.variants.flatMap(({ sku }) => sku ?? [])),
    tag: tagField((product) => product.tags),
    tag_not: tagField((product) => product.tags, true),
    variant_id: idField((product) => product.variants.map(({ id }) => id)),
    variant_title: textField((product) => product.variants.map(({ title }) => title).join(' | ')),
    created_at: timeField((product) => product.createdAt, zone, now),
    updated_at: timeField((product) => product.updatedAt, zone, now),
  };
}
