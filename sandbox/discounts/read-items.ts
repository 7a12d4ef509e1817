/** What a discount is on, out of an input that adds and removes. */
import { parseGid } from '../graphql/gid.ts';
import type { DiscountItems, Id } from '../store/model.ts';
import type { Store } from '../store/store.ts';
import type { DiscountFault } from './discount-fault.ts';
import { fault } from './discount-fault.ts';

export interface ItemsInput {
  all?: boolean | null;
  collections?: { add?: string[] | null; remove?: string[] | null } | null;
  products?: {
    productsToAdd?: string[] | null;
    productsToRemove?: string[] | null;
    productVariantsToAdd?: string[] | null;
    productVariantsToRemove?: string[] | null;
  } | null;
}

/** @param path of the input field, for faults */
export function readItems(
  store: Store,
  input: ItemsInput,
  before: DiscountItems | undefined,
  path: readonly string[],
): { items: DiscountItems | undefined; faults: DiscountFault[] } {
  const { all, collections, products } = input;
  if (collections && products) {
    const message = 'Cannot entitle collections in combination with product variants or products';
    return { items: undefined, faults: [fault([...path, 'collections', 'add'], message, 'CONFLICT')] };
  }
  if (all) return { items: { all: true }, faults: [] };
  if (collections) {
    const known = before && 'collections' in before ? before.collections : [];
    const faults = missing(collections.add, (id) => store.collections.get(id) !== undefined).map((id) =>
      fault([...path, 'collections', 'add'], `Collection with id: ${id} is invalid`, 'INVALID'),
    );
    return { items: { collections: changed(known, collections.add, collections.remove) }, faults };
  }
  if (!products) return { items: before, faults: [] };
  const known = before && 'products' in before ? before : { products: [], variants: [] };
  const { productsToAdd, productsToRemove, productVariantsToAdd, productVariantsToRemove } = products;
  const faults = [
    ...missing(productsToAdd, (id) => store.product(id) !== undefined).map((id) =>
      fault([...path, 'products', 'productsToAdd'], `Product with id: ${id} is invalid`, 'INVALID'),
    ),
    ...missing(productVariantsToAdd, (id) => store.productOfVariant(id) !== undefined).map((id) =>
      fault(
        [...path, 'products', 'productVariantsToAdd'],
        `Product variant with id: ${id} is invalid`,
        'INVALID',
      ),
    ),
  ];
  const items = {
    products: changed(known.products, productsToAdd, productsToRemove),
    variants: changed(known.variants, productVariantsToAdd, productVariantsToRemove),
  };
  return { items, faults };
}

type Ids = readonly string[] | null | undefined;

/** Ids without their kind, each once. */
export function changed(before: readonly Id[], add: Ids, remove: Ids): Id[] {
  const gone = new Set((remove ?? []).map((gid) => parseGid(gid).id));
  const ids = new Set([...before, ...(add ?? []).map((gid) => parseGid(gid).id)]);
  return [...ids].filter((id) => !gone.has(id));
}

export function missing(gids: Ids, exists: (id: Id) => boolean): Id[] {
  return (gids ?? []).map((gid) => parseGid(gid).id).filter((id) => !exists(id));
}
