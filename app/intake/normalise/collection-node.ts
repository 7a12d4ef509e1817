/** A collection as the GraphQL API and bulk results write it (fragment CollectionFacts). */
import { z } from 'zod';
import type { CollectionFact, ShopifyId } from '../facts.ts';
import { collectionCore } from './collection-groups.ts';
import type { NodeOutcome } from './outcome.ts';
import { readNode } from './read-node.ts';
import { gid, instant, textOrEmpty, type ReadTimes } from './wire.ts';

const nodeSchema = z.object({
  id: gid('Collection'),
  title: textOrEmpty,
  handle: textOrEmpty,
  updatedAt: instant,
});

/** @param products all that it holds, when they were read with it */
export function collectionFromNode(
  node: unknown,
  times: ReadTimes,
  products?: readonly ShopifyId[],
): NodeOutcome<CollectionFact> {
  return readNode('collection', nodeSchema, node, (wire) => ({
    kind: 'collection',
    id: wire.id,
    core: collectionCore({ title: wire.title, handle: wire.handle }, wire.updatedAt, times.startedAt),
    ...(products && { products: { readAt: new Date(times.startedAt), ids: [...products].sort() } }),
  }));
}
