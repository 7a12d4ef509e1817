/**
 * Products with all their collections, and collections with all their products. Most fit one page; what changes
 * between two pages is left for later.
 */
import type { AdminClient } from '../shopify/admin-client.ts';
import { READ_COLLECTION_PRODUCTS, READ_PRODUCT_COLLECTIONS } from '../shopify/documents/read-again.ts';
import type { Fact, ShopifyId } from './facts.ts';
import { collectionFromNode } from './normalise/collection-node.ts';
import { productFromNode } from './normalise/product-node.ts';
import type { ReadTimes } from './normalise/wire.ts';
import type { ReadAgain } from './reread.server.ts';

interface Page {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined };
}

/** An object of the answer, with the first page of what belongs to it; nothing of the kind when it is gone. */
interface Holder {
  id?: string;
  updatedAt?: string;
  collections?: Page;
  products?: Page;
}

/** @param node a product with the first page of its collections */
export async function wholeProduct(
  admin: AdminClient,
  node: Holder | null | undefined,
  times: ReadTimes,
): Promise<ReadAgain> {
  if (!node?.id || !node.collections) return { outcome: 'missing', at: new Date(times.readAt) };
  const { id } = node;
  const collections = await allOf(node.collections, node.updatedAt, async (after) => {
    const { data } = await admin.request(READ_PRODUCT_COLLECTIONS, { id, after });
    return data.product && { updatedAt: data.product.updatedAt, page: data.product.collections };
  });
  if (!collections) return { outcome: 'changing' };
  const besides: Fact[] = [];
  for (const collection of collections) {
    const read = collectionFromNode(collection, times);
    if (read.outcome === 'unreadable') return read;
    besides.push(read.fact);
  }
  const read = productFromNode(
    node,
    times,
    besides.map((fact) => ('id' in fact ? fact.id : '')),
  );
  return read.outcome === 'fact' ? { ...read, besides } : read;
}

/** @param node a collection with the first page of its products */
export async function wholeCollection(
  admin: AdminClient,
  node: Holder | null | undefined,
  times: ReadTimes,
): Promise<ReadAgain> {
  if (!node?.id || !node.products) return { outcome: 'missing', at: new Date(times.readAt) };
  const { id } = node;
  const products = await allOf(node.products, node.updatedAt, async (after) => {
    const { data } = await admin.request(READ_COLLECTION_PRODUCTS, { id, after });
    return data.collection && { updatedAt: data.collection.updatedAt, page: data.collection.products };
  });
  if (!products) return { outcome: 'changing' };
  const ids = products.map((product): ShopifyId => /(\d+)$/.exec(product.id)?.[1] ?? '');
  return collectionFromNode(node, times, [...new Set(ids)]);
}

/** @returns undefined when it changed between two pages */
async function allOf(
  first: Page,
  updatedAt: string | undefined,
  next: (after: string | null) => Promise<{ updatedAt: string; page: Page } | null | undefined>,
): Promise<{ id: string }[] | undefined> {
  const all: { id: string }[] = [];
  for (let page = first; ;) {
    all.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return all;
    const answer = await next(page.pageInfo.endCursor ?? null);
    if (!answer || answer.updatedAt !== updatedAt) return undefined;
    page = answer.page;
  }
}
