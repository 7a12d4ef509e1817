import { asOneAction } from '../../acts/act.ts';
import {
  createCollection,
  deleteCollection,
  setProductCollections,
  updateCollection,
} from '../../acts/change-collection.ts';
import { createProduct, deleteProduct, updateProduct } from '../../acts/change-product.ts';
import type { Store } from '../../store/store.ts';
import { takesOnly } from '../arguments.ts';
import type { GraphContext } from '../context.ts';
import { gid, parseGid } from '../gid.ts';
import { NotImplemented } from '../not-implemented.ts';
import { shopObject } from '../resolvers/shop.ts';
import type { FieldResolvers } from '../resolvers/types.ts';
import { attempt, beginJob } from './attempt.ts';
import type { FieldsOfErrors } from './attempt.ts';

type Input = Record<string, unknown>;

const PRODUCT = ['title', 'vendor', 'productType', 'status', 'tags'];
const ERRORS: FieldsOfErrors = [
  [/^title/, ['title'], "Title can't be blank"],
  [/^There is no product/, ['id'], 'Product does not exist'],
  [/^There is no collection/, ['id'], 'Collection does not exist'],
];

export const productMutations: FieldResolvers<unknown> = {
  productCreate: (_, args: { product?: Input | null; input?: Input | null }, { store }) => {
    const input = args.product ?? args.input ?? {};
    takesOnly(input, [...PRODUCT, 'collectionsToJoin'], 'ProductCreateInput');
    const { done, userErrors } = attempt(
      () =>
        asOneAction(store, () => {
          const product = createProduct(store, withoutNulls(input, PRODUCT));
          joinAndLeave(store, product.id, input);
          return product;
        }),
      ERRORS,
    );
    return { product: done ?? null, shop: shopObject(store), userErrors };
  },

  productUpdate: (_, args: { product?: Input | null; input?: Input | null }, { store }) => {
    const input = args.product ?? args.input ?? {};
    takesOnly(input, ['id', ...PRODUCT, 'collectionsToJoin', 'collectionsToLeave'], 'ProductUpdateInput');
    const product = idOf(input['id'], 'Product');
    const { done, userErrors } = attempt(
      () =>
        asOneAction(store, () => {
          const changed = updateProduct(store, { product, ...withoutNulls(input, PRODUCT) });
          joinAndLeave(store, changed.id, input);
          return changed;
        }),
      ERRORS,
    );
    return { product: done ?? null, userErrors };
  },

  productDelete: (_, { input, synchronous }: { input: { id: string }; synchronous?: boolean }, { store }) => {
    if (synchronous === false) throw new NotImplemented('Deleting a product later');
    const { done, userErrors } = attempt(
      () => deleteProduct(store, { product: idOf(input.id, 'Product') }),
      ERRORS,
    );
    if (done) store.metafields.deleteOf('PRODUCT', done.deletedProductId);
    return {
      deletedProductId: done ? gid('Product', done.deletedProductId) : null,
      shop: shopObject(store),
      userErrors,
    };
  },

  collectionCreate: (_, args: { input?: Input | null; collection?: Input | null }, { store }) => {
    const input = args.collection ?? args.input ?? {};
    takesOnly(input, ['title', 'products'], 'CollectionInput');
    const { done, userErrors } = attempt(() => createCollection(store, withoutNulls(input)), ERRORS);
    return { collection: done ?? null, userErrors };
  },

  collectionUpdate: (_, args: { input?: Input | null; collection?: Input | null }, { store }) => {
    const input = args.collection ?? args.input ?? {};
    takesOnly(input, ['id', 'title', 'products'], 'CollectionInput');
    const { id, ...wanted } = withoutNulls(input);
    const { done, userErrors } = attempt(
      () => updateCollection(store, { collection: idOf(id, 'Collection'), ...wanted }),
      ERRORS,
    );
    return { collection: done ?? null, job: null, userErrors };
  },

  collectionDelete: (_, { input }: { input: { id: string } }, { store }) => {
    const { done, userErrors } = attempt(
      () => deleteCollection(store, { collection: idOf(input.id, 'Collection') }),
      ERRORS,
    );
    if (done) store.metafields.deleteOf('COLLECTION', done.deletedCollectionId);
    return {
      deletedCollectionId: done ? gid('Collection', done.deletedCollectionId) : null,
      shop: shopObject(store),
      userErrors,
    };
  },

  collectionAddProducts: (_, { id, productIds }: ProductsArgs, { store }) => {
    const { done, userErrors } = attempt(() => changeProducts(store, id, productIds, []), ERRORS);
    return { collection: done ?? null, userErrors };
  },

  collectionAddProductsV2: (_, { id, productIds }: ProductsArgs, context: GraphContext) => {
    const { done, userErrors } = attempt(() => changeProducts(context.store, id, productIds, []), ERRORS);
    return {
      job: done ? beginJob(context) : null,
      userErrors: userErrors.map((one) => ({ ...one, code: null })),
    };
  },

  collectionRemoveProducts: (_, { id, productIds }: ProductsArgs, context: GraphContext) => {
    const { done, userErrors } = attempt(() => changeProducts(context.store, id, [], productIds), ERRORS);
    return { job: done ? beginJob(context) : null, userErrors };
  },
};

interface ProductsArgs {
  id: string;
  productIds: string[];
}

function changeProducts(store: Store, id: string, add: readonly string[], remove: readonly string[]) {
  const collection = idOf(id, 'Collection');
  const gone = new Set(remove.map((one) => parseGid(one).id));
  const before = store.collections.get(collection)?.productIds ?? [];
  const products = [...before.filter((one) => !gone.has(one)), ...add];
  return updateCollection(store, { collection, products });
}

function joinAndLeave(store: Store, product: string, input: Input): void {
  const [join, leave] = [input['collectionsToJoin'], input['collectionsToLeave']];
  if (!Array.isArray(join) && !Array.isArray(leave)) return;
  const into = new Set(
    [...store.collections.all()].filter(({ productIds }) => productIds.includes(product)).map(({ id }) => id),
  );
  for (const id of (join ?? []) as string[]) into.add(parseGid(id).id);
  for (const id of (leave ?? []) as string[]) into.delete(parseGid(id).id);
  setProductCollections(store, { product, collections: [...into] });
}

function withoutNulls(input: Input, names?: readonly string[]): Input {
  return Object.fromEntries(
    Object.entries(input).filter(
      ([name, value]) => value !== null && value !== undefined && (names?.includes(name) ?? true),
    ),
  );
}

/** Of another type: nothing is found. */
function idOf(text: unknown, type: string): string {
  if (typeof text !== 'string') return '0';
  const parsed = parseGid(text);
  return parsed.type === type ? parsed.id : '0';
}
