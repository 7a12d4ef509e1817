/**
 * What was removed at Shopify without our hearing of it: no search by `updated_at` names it. Counts do: where
 * Shopify counts fewer than we hold, the range of ids is halved until it is small, and what lies in it is read
 * again, which tells what is gone. A store in step costs one count a kind; each lost removal about forty.
 */
import type { Clock } from '../clock.ts';
import { raw, sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { AdminClient } from '../shopify/admin-client.ts';
import type { BulkKind } from '../shopify/documents/bulk-queries.ts';
import { countObjects } from './count-objects.server.ts';
import { queueRereads } from './store/queue-rereads.server.ts';

export interface FindMissingContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  signal?: AbortSignal;
}

/** So few are simply read again. */
const SMALL = 25;
/** Counts of one kind in one night; what is left is found in the next ones. */
const MOST_COUNTS = 500;

const KINDS = {
  customers: { object: 'customer', table: 'customer', known: 'core_stamp IS NOT NULL' },
  orders: { object: 'order', table: 'orders', known: 'core_stamp IS NOT NULL' },
  products: { object: 'product', table: 'product', known: 'core_stamp IS NOT NULL' },
} as const;

interface Range {
  /** Exclusive. */
  after: string;
  /** Inclusive. */
  to: string;
  ours: number;
}

/**
 * Queues the re-reads. @returns how many objects are in doubt
 * @throws AppError as the client's; nothing but the re-reads of finished kinds is left behind
 */
export async function findMissing(ctx: FindMissingContext, shopId: ShopId): Promise<number> {
  let found = 0;
  for (const kind of ['customers', 'orders', 'products'] as const) {
    // Of orders that Shopify hides after 60 days a count says nothing.
    if (kind === 'orders' && !(await ctx.db.inShop(shopId, seesAllOrders))) continue;
    const ids = await doubtful(ctx, shopId, kind);
    found += ids.length;
    const now = ctx.clock.machineNow();
    const { object } = KINDS[kind];
    await ctx.db.inShop(shopId, (tx) =>
      queueRereads(
        tx,
        ids.map((id) => ({ object, id, reason: 'missing in the count', notBefore: now })),
        now,
      ),
    );
  }
  return found;
}

async function doubtful(ctx: FindMissingContext, shopId: ShopId, kind: BulkKind): Promise<string[]> {
  const whole = await ctx.db.inShop(shopId, (tx) => wholeRange(tx, kind));
  const open: Range[] = whole.ours > 0 ? [whole] : [];
  const ids: string[] = [];
  for (let counts = 0; counts < MOST_COUNTS; counts += 1) {
    const range = open.pop();
    if (range === undefined) break;
    ctx.signal?.throwIfAborted();
    const search = `id:>${range.after} AND id:<=${range.to}`;
    const theirs = await countObjects(ctx.admin, kind, search, { signal: ctx.signal });
    if (theirs >= range.ours) continue;
    if (range.ours <= SMALL) ids.push(...(await ctx.db.inShop(shopId, (tx) => idsOf(tx, kind, range))));
    else open.push(...(await ctx.db.inShop(shopId, (tx) => halves(tx, kind, range))));
  }
  return ids;
}

const held = (tx: ShopTx, kind: BulkKind) => sql`
  FROM ${raw(KINDS[kind].table)} WHERE shop_id = ${tx.shopId} AND deleted_at IS NULL AND ${raw(KINDS[kind].known)}`;

async function wholeRange(tx: ShopTx, kind: BulkKind): Promise<Range> {
  const { rows } = await tx.query<{ to: string | null; ours: number }>(sql`
    SELECT max(id) AS to, count(*)::int AS ours ${held(tx, kind)}`);
  return { after: '0', to: rows[0]?.to ?? '0', ours: rows[0]?.ours ?? 0 };
}

async function idsOf(tx: ShopTx, kind: BulkKind, { after, to }: Range): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT id ${held(tx, kind)} AND id > ${after}::bigint AND id <= ${to}::bigint ORDER BY id`);
  return rows.map(({ id }) => id);
}

async function halves(tx: ShopTx, kind: BulkKind, { after, to, ours }: Range): Promise<Range[]> {
  const half = Math.floor(ours / 2);
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT id ${held(tx, kind)} AND id > ${after}::bigint AND id <= ${to}::bigint
     ORDER BY id OFFSET ${half - 1} LIMIT 1`);
  const middle = rows[0]?.id ?? to;
  return [
    { after, to: middle, ours: half },
    { after: middle, to, ours: ours - half },
  ];
}

async function seesAllOrders(tx: ShopTx): Promise<boolean> {
  const { rows } = await tx.query<{ all: boolean }>(sql`
    SELECT 'read_all_orders' = ANY(scopes) AS all FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  return rows[0]?.all === true;
}
