/**
 * The three bulk queries of an import. A bulk query takes no variables, and fragments are not documented for
 * it, so the text is made from the same selections by taking the fragments' bodies. Every connection is bare:
 * Shopify pages it by itself and writes one line a node, children with `__parentId`, in any order.
 */
import {
  COLLECTION_FACTS, CUSTOMER_FACTS, LINE_FACTS, ORDER_FACTS, PRODUCT_FACTS,
} from './fragments.ts'; // prettier-ignore

export type BulkKind = 'customers' | 'orders' | 'products';

/** What is read besides, store by store. */
export interface BulkExtras {
  /** Locations of sales in person: needs read_locations. */
  locations: boolean;
  /** Protected customer data: only where the merchant turned it on. */
  postalCodes: boolean;
  /** "namespace.key" of customer metafields: letters, digits, "-" and "_" on both sides of the first dot. */
  metafields: readonly string[];
}

export const NO_EXTRAS: BulkExtras = { locations: false, postalCodes: false, metafields: [] };

/** What is between the outer braces of a fragment, without what `extras` does not allow. */
export function selectionOf(fragment: string, extras: BulkExtras = NO_EXTRAS): string {
  return fragment
    .slice(fragment.indexOf('{') + 1, fragment.lastIndexOf('}'))
    .replace(/(\w+) @include\(if: \$withLocations\) (\{[^{}]*\})/, extras.locations ? '$1 $2' : '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Under which name the answer holds the metafield at a place of `extras.metafields`. */
export const metafieldAlias = (place: number): string => `metafield${place}`;

export function bulkQuery(kind: BulkKind, extras: BulkExtras): string {
  switch (kind) {
    case 'customers':
      return `{ customers { edges { node { ${[selectionOf(CUSTOMER_FACTS), ...picked(extras)].join(' ')} } } } }`;
    case 'orders':
      return `{ orders { edges { node { ${selectionOf(ORDER_FACTS, extras)} lineItems { edges { node { ${selectionOf(LINE_FACTS)} } } } } } } }`;
    case 'products':
      return `{ products { edges { node { ${selectionOf(PRODUCT_FACTS)} collections { edges { node { ${selectionOf(COLLECTION_FACTS)} } } } } } } }`;
  }
}

function picked({ postalCodes, metafields }: BulkExtras): string[] {
  return [
    ...(postalCodes ? ['defaultAddress { zip }'] : []),
    ...metafields.map((full, place) => {
      const dot = full.indexOf('.');
      const [namespace, key] = [full.slice(0, dot), full.slice(dot + 1)].map((part) => JSON.stringify(part));
      return `${metafieldAlias(place)}: metafield(namespace: ${namespace}, key: ${key}) { type value }`;
    }),
  ];
}

export const BULK_QUERIES: Readonly<Record<BulkKind, string>> = {
  customers: bulkQuery('customers', NO_EXTRAS),
  orders: bulkQuery('orders', NO_EXTRAS),
  products: bulkQuery('products', NO_EXTRAS),
};
