/**
 * The three bulk queries of an import. A bulk query takes no variables, and fragments are not documented for
 * it, so the text is made from the same selections by taking the fragments' bodies. Every connection is bare:
 * Shopify pages it by itself and writes one line a node, children with `__parentId`, in any order.
 */
import { CUSTOMER_FACTS, LINE_FACTS, ORDER_FACTS, PRODUCT_FACTS } from './fragments.ts';

export type BulkKind = 'customers' | 'orders' | 'products';

/** What is between the outer braces of a fragment. */
export function selectionOf(fragment: string): string {
  return fragment
    .slice(fragment.indexOf('{') + 1, fragment.lastIndexOf('}'))
    .replace(/\s+/g, ' ')
    .trim();
}

export const BULK_QUERIES: Readonly<Record<BulkKind, string>> = {
  customers: `{ customers { edges { node { ${selectionOf(CUSTOMER_FACTS)} } } } }`,
  orders: `{ orders { edges { node { ${selectionOf(ORDER_FACTS)} lineItems { edges { node { ${selectionOf(LINE_FACTS)} } } } } } } }`,
  products: `{ products { edges { node { ${selectionOf(PRODUCT_FACTS)} } } } }`,
};
