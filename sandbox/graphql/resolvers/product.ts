import type { SandboxProduct } from '../../store/model.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs } from '../connection.ts';
import { gid, parseGid } from '../gid.ts';
import { listCollections } from '../list-products.ts';
import type { ListArgs } from '../list-records.ts';
import { searchNotes } from '../search-report.ts';
import { moneyText } from '../money.ts';
import { metafieldsOf } from './metafield.ts';
import type { FieldResolvers } from './types.ts';

interface VariantSource {
  product: SandboxProduct;
  variant: SandboxProduct['variants'][number];
}

export const productFields: FieldResolvers<SandboxProduct> = {
  ...metafieldsOf<SandboxProduct>('PRODUCT', (product) => product.id),
  id: (product) => gid('Product', product.id),
  legacyResourceId: (product) => product.id,
  title: (product) => product.title,
  handle: (product) => product.handle,
  vendor: (product) => product.vendor,
  productType: (product) => product.productType,
  status: (product) => product.status,
  tags: (product) => product.tags,
  createdAt: (product) => product.createdAt,
  updatedAt: (product) => product.updatedAt,
  isGiftCard: () => false,
  totalInventory: () => 0,
  hasOnlyDefaultVariant: ({ variants }) => variants.length === 1 && variants[0]?.title === 'Default Title',
  collections: (product, args: ConnectionArgs & ListArgs, context: GraphContext, info) =>
    connect(
      () => {
        const product_id = `product_id:${product.id}`;
        const query = args.query ? `${product_id} AND (${args.query})` : product_id;
        const notes = searchNotes(args.query, context, info);
        const { sortKey, reverse } = args;
        return listCollections(context.store, { sortKey, reverse, query }, notes);
      },
      args,
      context,
      info,
    ),
  inCollection: (product, args: { id: string }, { store }) =>
    store.collections.get(parseGid(args.id).id)?.productIds.includes(product.id) ?? false,
  variantsCount: (product) => ({ count: product.variants.length, precision: 'EXACT' }),
  variants: (product, args: ConnectionArgs & { reverse?: boolean }, context: GraphContext, info) =>
    connect(
      () =>
        inOrder(
          product.variants.map((variant): VariantSource => ({ product, variant })),
          ({ variant }) => variant.id,
          args.reverse,
        ),
      args,
      context,
      info,
    ),
};

export const variantFields: FieldResolvers<VariantSource> = {
  id: ({ variant }) => gid('ProductVariant', variant.id),
  legacyResourceId: ({ variant }) => variant.id,
  title: ({ variant }) => variant.title,
  displayName: ({ product, variant }) => `${product.title} - ${variant.title}`,
  sku: ({ variant }) => variant.sku,
  price: ({ variant }, _: unknown, { store }) => moneyText(variant.priceMinor, store.shop.currency),
  product: ({ product }) => product,
};
