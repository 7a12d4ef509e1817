import type { SandboxCollection } from '../../store/model.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs } from '../connection.ts';
import { gid, parseGid } from '../gid.ts';
import { listProducts } from '../list-products.ts';
import { NotImplemented } from '../not-implemented.ts';
import { metafieldsOf } from './metafield.ts';
import type { FieldResolvers } from './types.ts';

interface ProductsArgs extends ConnectionArgs {
  reverse?: boolean | null;
  sortKey?: string | null;
}

export const collectionFields: FieldResolvers<SandboxCollection> = {
  ...metafieldsOf<SandboxCollection>('COLLECTION', (collection) => collection.id),
  id: (collection) => gid('Collection', collection.id),
  legacyResourceId: (collection) => collection.id,
  title: (collection) => collection.title,
  handle: (collection) => collection.handle,
  descriptionHtml: (collection) => collection.descriptionHtml,
  description: (collection, args: { truncateAt?: number | null }) =>
    collection.descriptionHtml.replace(/<[^>]*>/g, '').slice(0, args.truncateAt ?? undefined),
  sortOrder: (collection) => collection.sortOrder,
  updatedAt: (collection) => collection.updatedAt,
  productsCount: (collection) => ({ count: collection.productIds.length, precision: 'EXACT' }),
  hasProduct: (collection, args: { id: string }) => collection.productIds.includes(parseGid(args.id).id),
  ruleSet: () => null,
  products: (collection, args: ProductsArgs, context: GraphContext, info) => {
    const { store } = context;
    const products = collection.productIds.flatMap((id) => store.product(id) ?? []);
    const key = args.sortKey ?? 'COLLECTION_DEFAULT';
    if (key === 'COLLECTION_DEFAULT' || key === 'MANUAL') {
      return connect(() => inOrder(products, ({ id }) => id, args.reverse), args, context, info);
    }
    if (!['ID', 'TITLE'].includes(key)) throw new NotImplemented(`Products of a collection by ${key}`);
    const sorted = { sortKey: key, reverse: args.reverse ?? false };
    return connect(() => listProducts(store, sorted, { among: products }), args, context, info);
  },
};
