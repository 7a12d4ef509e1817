/** A product as the GraphQL API and bulk results write it (fragment ProductFacts). */
import { z } from 'zod';
import type { ProductFact } from '../facts.ts';
import type { NodeOutcome } from './outcome.ts';
import { productCore } from './product-groups.ts';
import { readNode } from './read-node.ts';
import { gid, instant, tagList, textOrEmpty, wordOrNull, type ReadTimes } from './wire.ts';

const productSchema = z.object({
  id: gid('Product'),
  title: textOrEmpty,
  vendor: textOrEmpty,
  productType: textOrEmpty,
  status: wordOrNull,
  tags: tagList,
  createdAt: instant,
  updatedAt: instant,
});

export function productFromNode(node: unknown, times: ReadTimes): NodeOutcome<ProductFact> {
  return readNode('product', productSchema, node, (wire) => ({
    kind: 'product',
    id: wire.id,
    core: productCore(
      {
        title: wire.title,
        vendor: wire.vendor,
        productType: wire.productType,
        status: wire.status ?? '',
        tags: wire.tags,
        createdAt: new Date(wire.createdAt),
      },
      wire.updatedAt,
      times.startedAt,
    ),
  }));
}
