import type { SandboxProduct } from '../../store/model.ts';
import type { GraphContext } from '../context.ts';
import { connect, inOrder } from '../connection.ts';
import type { ConnectionArgs } from '../connection.ts';
import { gid } from '../gid.ts';
import { moneyText } from '../money.ts';
import type { FieldResolvers } from './types.ts';

interface VariantSource {
  product: SandboxProduct;
  variant: SandboxProduct['variants'][number];
}

export const productFields: FieldResolvers<SandboxProduct> = {
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
