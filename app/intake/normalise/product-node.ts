/**
 * A product as the GraphQL API and bulk results write it (fragment ProductFacts). A bulk result sends its
 * collections apart: then they are read by `collectionFromNode`.
 */
import { z } from 'zod';
import type { ProductFact, ShopifyId } from '../facts.ts';
import type { NodeOutcome } from './outcome.ts';
import { productCore } from './product-groups.ts';
import { readNode } from './read-node.ts';
import { gid, instant, tagList, textOrEmpty, wordOrNull, type ReadTimes } from './wire.ts';

const productSchema = z.object({
  id: gid('Product'),
  title: textOrEmpty,
  vendor: textOrEmpty,
  productType: textOrEmpty,
  handle: textOrEmpty,
  status: wordOrNull,
  tags: tagList,
  createdAt: instant,
  updatedAt: instant,
});

/** @param collections all that it is in, when they were read with it */
export function productFromNode(
  node: unknown,
  times: ReadTimes,
  collections?: readonly ShopifyId[],
): NodeOutcome<ProductFact> {
  return readNode('product', productSchema, node, (wire) => ({
    kind: 'product',
    id: wire.id,
    core: productCore(
      {
        title: wire.title,
        vendor: wire.vendor,
        productType: wire.productType,
        handle: wire.handle,
        status: wire.status ?? '',
        tags: wire.tags,
        createdAt: new Date(wire.createdAt),
      },
      wire.updatedAt,
      times.startedAt,
    ),
    ...(collections && {
      collections: { readAt: new Date(times.startedAt), ids: [...collections].sort() },
    }),
  }));
}
