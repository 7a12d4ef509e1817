/**
 * Asks Shopify what has changed since it was last asked, because messages get lost: customers, orders, products
 * and collections by `updated_at`, oldest change first, with an overlap for what was committed late. What it says is
 * applied like any message, so asking twice changes nothing.
 *
 * `reconciled_to` moves on only when all of them were read to their end; a killed run asks again from before.
 */
import type { Clock } from '../clock.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';
import type { AdminAnswer, AdminClient } from '../shopify/admin-client.ts';
import {
  READ_CHANGED_COLLECTIONS, READ_CHANGED_CUSTOMERS, READ_CHANGED_ORDERS, READ_CHANGED_PRODUCTS,
} from '../shopify/documents/read-changed.ts'; // prettier-ignore
import { applyFacts, type Touched } from './apply-facts.server.ts';
import type { Fact, ShopifyId } from './facts.ts';
import { customerFromNode } from './normalise/customer-node.ts';
import { collectionFromNode } from './normalise/collection-node.ts';
import { readCustomerPicks } from './read-customer-picks.server.ts';
import { readPicks } from './read-picks.server.ts';
import { wholeProduct } from './read-products-again.server.ts';
import { wholeOrder } from './read-orders-again.server.ts';
import type { ReadAgain } from './reread.server.ts';
import { readPicksWeekly } from './store-picks.server.ts';

export interface ReconcileContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
  redactionKey: Buffer;
  /** Computes what was touched, in the transaction that stored the facts. */
  onTouched(tx: ShopTx, touched: Touched): Promise<void>;
  signal?: AbortSignal;
}

export type Reconciled =
  | { outcome: 'done'; customers: number; orders: number; products: number; touched: number }
  /** The first import has not been done yet: it asks for everything. */
  | { outcome: 'not_imported' };

const OVERLAP_MS = 10 * 60_000;
/** Shopify pages at most 25,000 objects deep: before that, a new search begins where the last one came to. */
const DEPTH = 20_000;

interface Page {
  nodes: { id: string; updatedAt: string }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}

interface Reading<N> {
  page(search: string, after: string | null): Promise<AdminAnswer<{ page: Page & { nodes: N[] } }>>;
  judge(node: N, answer: AdminAnswer<unknown>): ReadAgain | Promise<ReadAgain>;
  object: 'customer' | 'order' | 'product' | 'collection';
  /** What else is to be read of the objects of a page. */
  besides?(ids: ShopifyId[]): Promise<Fact[]>;
}

/** @throws AppError as the client's; calling it again begins where the last complete one came to */
export async function reconcile(ctx: ReconcileContext, shopId: ShopId): Promise<Reconciled> {
  const begin = await ctx.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ to: Date | null }>(sql`
      SELECT reconciled_to AS to FROM shop_settings
       WHERE shop_id = ${shopId} AND first_imported_at IS NOT NULL`);
    const since = rows[0]?.to;
    return since ? { since, picks: await readPicks(tx) } : undefined;
  });
  if (!begin) return { outcome: 'not_imported' };
  const { since, picks } = begin;
  const from = new Date(since.getTime() - OVERLAP_MS);
  const options = { signal: ctx.signal };

  const products = await readChanged(ctx, shopId, from, {
    object: 'product',
    page: async (search, after) => {
      const answer = await ctx.admin.request(READ_CHANGED_PRODUCTS, { search, after }, options);
      return { ...answer, data: { page: answer.data.products } };
    },
    judge: (node, answer) => wholeProduct(ctx.admin, node, { readAt: answer.date, startedAt: answer.sentAt }),
  });
  // What a changed collection holds now is read apart, collection by collection.
  const collections = await readChanged(ctx, shopId, from, {
    object: 'collection',
    page: async (search, after) => {
      const answer = await ctx.admin.request(READ_CHANGED_COLLECTIONS, { search, after }, options);
      return { ...answer, data: { page: answer.data.collections } };
    },
    judge: (node, answer) => {
      const read = collectionFromNode(node, { readAt: answer.date, startedAt: answer.sentAt });
      if (read.outcome !== 'fact') return read;
      const { id } = read.fact;
      return {
        ...read,
        besides: [{ kind: 'reread', object: 'collection', id, reason: 'products of a collection' }],
      };
    },
  });
  const customers = await readChanged(ctx, shopId, from, {
    object: 'customer',
    besides: async (ids) => [...(await readCustomerPicks(ctx.admin, ids, picks, options)).values()],
    page: async (search, after) => {
      const answer = await ctx.admin.request(READ_CHANGED_CUSTOMERS, { search, after }, options);
      return { ...answer, data: { page: answer.data.customers } };
    },
    judge: (node, answer) => customerFromNode(node, { readAt: answer.date, startedAt: answer.sentAt }),
  });
  const orders = await readChanged(ctx, shopId, from, {
    object: 'order',
    page: async (search, after) => {
      const answer = await ctx.admin.request(
        READ_CHANGED_ORDERS,
        { search, after, withLocations: picks.locations },
        options,
      );
      return { ...answer, data: { page: answer.data.orders } };
    },
    judge: (node, answer) => wholeOrder(ctx.admin, node, { readAt: answer.date, startedAt: answer.sentAt }),
  });

  // The earliest of the first answers: what changed after it is asked for next time.
  const to = [products, collections, customers, orders].reduce((first, { startedAt }) =>
    startedAt < first.startedAt ? { ...first, startedAt } : first, products,
  ).startedAt; // prettier-ignore
  await ctx.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      UPDATE shop_settings SET reconciled_to = greatest(reconciled_to, ${to}), last_synced_at = ${ctx.clock.machineNow()}
       WHERE shop_id = ${shopId}`);
    await readPicksWeekly(tx, ctx.clock.machineNow());
  });
  return {
    outcome: 'done',
    customers: customers.read,
    orders: orders.read,
    products: products.read,
    touched: products.touched + collections.touched + customers.touched + orders.touched,
  };
}

async function readChanged<N extends { id: string; updatedAt: string }>(
  ctx: ReconcileContext,
  shopId: ShopId,
  from: Date,
  reading: Reading<N>,
): Promise<{ read: number; touched: number; startedAt: Date }> {
  let startedAt: Date | undefined;
  let anchor = searchTime(from.toISOString());
  let after: string | null = null;
  let depth = 0;
  let read = 0;
  let touched = 0;
  for (;;) {
    ctx.signal?.throwIfAborted();
    const answer: AdminAnswer<{ page: Page & { nodes: N[] } }> = await reading.page(
      `updated_at:>='${anchor}'`,
      after,
    );
    startedAt ??= answer.date;
    const { nodes, pageInfo } = answer.data.page;
    const facts: Fact[] = [];
    for (const node of nodes) {
      const judged = await reading.judge(node, answer);
      switch (judged.outcome) {
        case 'fact':
          facts.push(judged.fact, ...(judged.besides ?? []));
          break;
        case 'changing':
        case 'missing':
        case 'refused':
          facts.push({
            kind: 'reread',
            object: reading.object,
            id: /(\d+)$/.exec(node.id)?.[1] ?? '0',
            reason: 'changed while it was read',
          });
          break;
        case 'unreadable':
          ctx.log.error({ shopId, kind: reading.object, reason: judged.reason }, 'unreadable answer');
          break;
      }
    }
    if (reading.besides) {
      facts.push(...(await reading.besides(nodes.map(({ id }) => /(\d+)$/.exec(id)?.[1] ?? '0'))));
    }
    if (facts.length > 0) {
      touched += await ctx.db.inShop(shopId, async (tx) => {
        const now = ctx.clock.machineNow();
        const changed = await applyFacts(tx, facts, { now, redactionKey: ctx.redactionKey });
        if (changed.size > 0) await ctx.onTouched(tx, changed);
        return changed.size;
      });
    }
    read += nodes.length;
    depth += nodes.length;
    if (!pageInfo.hasNextPage || nodes.length === 0) return { read, touched, startedAt };
    after = pageInfo.endCursor ?? null;
    const last = searchTime(nodes.at(-1)?.updatedAt ?? anchor);
    if (depth >= DEPTH && last > anchor) {
      anchor = last;
      after = null;
      depth = 0;
    }
  }
}

/** To the second, as Shopify's search reads it; earlier, never later. */
function searchTime(instant: string): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}
