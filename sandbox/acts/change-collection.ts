/** Collections with a list of products: created, renamed, filled and deleted. Rules (smart collections) are not here. */
import { z } from 'zod';
import { ActError, asOneAction, checkInput, findProduct, laterThan } from './act.ts';
import { handleOf } from './change-product.ts';
import type { Id, SandboxCollection } from '../store/model.ts';
import type { Store } from '../store/store.ts';

const productRefs = z.array(z.string().trim().min(1));
export const createCollectionInput = z.object({
  title: z.string().trim().min(1, 'must not be empty'),
  products: productRefs.default([]),
});
export const updateCollectionInput = z.object({
  collection: z.string(),
  title: z.string().trim().min(1).optional(),
  /** All of them, in their order. */
  products: productRefs.optional(),
});
export const deleteCollectionInput = z.object({ collection: z.string() });
export const productCollectionsInput = z.object({
  product: z.string(),
  /** Ids of all collections that the product shall be in. */
  collections: z.array(z.string()),
});

/** By id or gid. @throws ActError */
export function findCollection(store: Store, reference: string): SandboxCollection {
  const id = /^(?:gid:\/\/shopify\/Collection\/)?(\d+)$/.exec(reference.trim())?.[1] ?? '';
  const collection = store.collections.get(id);
  if (!collection) throw new ActError(`There is no collection ${reference}`);
  return collection;
}

/** @throws ActError */
export function createCollection(store: Store, input: unknown): SandboxCollection {
  const wanted = checkInput(createCollectionInput, input);
  const collection: SandboxCollection = {
    id: store.newId('other'),
    title: wanted.title,
    handle: handleOf(wanted.title),
    descriptionHtml: '',
    sortOrder: 'BEST_SELLING',
    productIds: idsOf(store, wanted.products),
    updatedAt: laterThan(null, store),
  };
  return asOneAction(store, () => {
    store.collections.put(collection);
    store.emit({ kind: 'collection_created', collectionId: collection.id });
    return collection;
  });
}

/** What is not named stays. @throws ActError */
export function updateCollection(store: Store, input: unknown): SandboxCollection {
  const wanted = checkInput(updateCollectionInput, input);
  const before = findCollection(store, wanted.collection);
  const after = {
    ...before,
    title: wanted.title ?? before.title,
    productIds: wanted.products ? idsOf(store, wanted.products) : before.productIds,
  };
  return asOneAction(store, () => put(store, after));
}

/** @throws ActError */
export function deleteCollection(store: Store, input: unknown): { deletedCollectionId: Id } {
  const { id } = findCollection(store, checkInput(deleteCollectionInput, input).collection);
  return asOneAction(store, () => {
    store.collections.delete(id);
    store.emit({ kind: 'collection_deleted', collectionId: id });
    return { deletedCollectionId: id };
  });
}

/** Puts a product into exactly these collections; those that do not change are not touched. @throws ActError */
export function setProductCollections(store: Store, input: unknown): { changed: Id[] } {
  const wanted = checkInput(productCollectionsInput, input);
  const product = findProduct(store, wanted.product);
  const into = new Set(wanted.collections.map((reference) => findCollection(store, reference).id));
  return asOneAction(store, () => {
    const changed: Id[] = [];
    for (const collection of [...store.collections.all()]) {
      const isIn = collection.productIds.includes(product.id);
      if (isIn === into.has(collection.id)) continue;
      const productIds = isIn
        ? collection.productIds.filter((id) => id !== product.id)
        : [...collection.productIds, product.id];
      changed.push(put(store, { ...collection, productIds }).id);
    }
    return { changed };
  });
}

function put(store: Store, collection: SandboxCollection): SandboxCollection {
  const changed = { ...collection, updatedAt: laterThan(collection.updatedAt, store) };
  store.collections.put(changed);
  store.emit({ kind: 'collection_updated', collectionId: changed.id });
  return changed;
}

/** Each product once, in the order named. */
function idsOf(store: Store, products: readonly string[]): Id[] {
  return [...new Set(products.map((reference) => findProduct(store, reference).id))];
}
