/**
 * Works the shop's metafield outbox: what differs from what was written last goes out, nothing else. One run a shop
 * at a time (the job sees to that); two would only meet in Shopify's compare-and-set.
 *
 * Tags come first: while any is due, this waits and leaves the shop's points to them, but not for those that are over the
 * day's limit, which is of tags. The metafields of those whose tags
 * wait for a person's decision wait with them.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../app-error.ts';
import { backOffMs } from '../../back-off.ts';
import type { Clock } from '../../clock.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import type { Log } from '../../log.server.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { readDayLimit } from '../tags/day-limit.server.ts';
import { isHeld } from '../held/held-reach.server.ts';
import { mayWrite } from '../tags/may-write.server.ts';
import { insertReachWrite } from '../reach-writes.server.ts';
import { defineMetafields, dropMetafields, type DropReceipts } from './define-metafields.server.ts';
import { defineReceipts } from './define-receipts.server.ts';
import { METAFIELDS } from './metafield-definitions.ts';
import { planMetafields, type MetafieldPlan, type WrittenDigests } from './plan-metafields.ts';
import { readMetafieldValues } from './read-metafield-values.server.ts';
import { isFinal, sendMetafields, type SentMetafields } from './send-metafields.server.ts';

export interface MetafieldContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
}

const BATCH = 250;
const AFTER_TAGS_MS = 5_000;
const STOPPED_MS = 60_000;
const BACK_OFF = { firstMs: 5_000, longestMs: 3_600_000 };
/** Refusals of one customer's values; then they wait until something about the customer changes. */
const MAX_ATTEMPTS = 8;

/** Short on purpose: it tells one value from another and says nothing of either. */
export const digestOf = (value: string): string =>
  createHash('sha256').update(value).digest('base64url').slice(0, 16);

/** @returns when there is more to do (machine time); null: nothing waits */
export async function writeMetafields(
  ctx: MetafieldContext,
  shopId: ShopId,
  { signal, batch = BATCH }: { signal?: AbortSignal; batch?: number } = {},
): Promise<Date | null> {
  const soon = (milliseconds: number) => new Date(ctx.clock.machineNow().getTime() + milliseconds);
  for (;;) {
    signal?.throwIfAborted();
    const state = await ctx.db.inShop(shopId, (tx) =>
      readState(tx, { now: ctx.clock.now(), machineNow: ctx.clock.machineNow() }),
    );
    if (state.metafields === 'off') return null;
    if (!state.mayWrite) return soon(STOPPED_MS);
    if (state.tagsDue) return soon(AFTER_TAGS_MS);
    if (state.metafields === 'removing') {
      const dropped = await withFailureShown(ctx, shopId, () =>
        dropMetafields(ctx.admin, { ...(signal ? { signal } : {}), receipts: dropReceipts(ctx, shopId) }),
      );
      if (dropped === null) return soon(BACK_OFF.longestMs);
      await ctx.db.inShop(shopId, (tx) => forgetMetafields(tx, ctx.clock.now()));
      continue;
    }
    if (!state.defined) {
      const defined = await withFailureShown(ctx, shopId, async () => {
        const receipts = defineReceipts(ctx, shopId);
        await defineMetafields(ctx.admin, { receipts, ...(signal ? { signal } : {}) });
        return true;
      });
      if (defined === null) return soon(BACK_OFF.longestMs);
      await ctx.db.inShop(shopId, (tx) => noteDefined(tx));
    }
    const work = await ctx.db.inShop(shopId, (tx) =>
      take(tx, { now: ctx.clock.now(), machineNow: ctx.clock.machineNow(), batch }),
    );
    if (work.rows.length === 0) return work.nextAt;
    await deliver(ctx, shopId, work, signal);
  }
}

interface Work {
  rows: { id: ShopifyId; generation: string; attempts: number }[];
  plans: Map<ShopifyId, MetafieldPlan>;
  nextAt: Date | null;
}

async function take(
  tx: ShopTx,
  { now, machineNow, batch }: { now: Date; machineNow: Date; batch: number },
): Promise<Work> {
  const { rows } = await tx.query<Work['rows'][number]>(sql`
    SELECT customer_id AS id, generation, attempts FROM metafield_outbox m
     WHERE shop_id = ${tx.shopId} AND not_before <= ${machineNow} AND NOT ${isHeld(tx, 'm.customer_id')}
     ORDER BY not_before, customer_id LIMIT ${batch}`);
  const plans = new Map<ShopifyId, MetafieldPlan>();
  if (rows.length === 0) {
    const { rows: next } = await tx.query<{ at: Date | null }>(sql`
      SELECT min(not_before) AS at FROM metafield_outbox m
       WHERE shop_id = ${tx.shopId} AND NOT ${isHeld(tx, 'm.customer_id')}`);
    return { rows, plans, nextAt: next[0]?.at ?? null };
  }
  const ids = rows.map(({ id }) => id);
  const wanted = await readMetafieldValues(tx, ids, now);
  const { rows: stored } = await tx.query<{ id: ShopifyId; digests: WrittenDigests }>(sql`
    SELECT customer_id AS id, digests FROM metafield_written
     WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  const written = new Map(stored.map(({ id, digests }) => [id, digests]));
  for (const id of ids) {
    const one = wanted.get(id);
    // Deleted, merged away, erased: there is nobody to write to.
    if (one) plans.set(id, planMetafields(one, written.get(id) ?? {}, digestOf));
  }
  return { rows, plans, nextAt: null };
}

async function deliver(
  ctx: MetafieldContext,
  shopId: ShopId,
  { rows, plans }: Work,
  signal: AbortSignal | undefined,
): Promise<void> {
  let sent: SentMetafields;
  try {
    sent = await sendMetafields(ctx.admin, plans, {
      ...(signal ? { signal } : {}),
      // Each call is recorded as it is answered: a run that dies writes nothing twice.
      onSet: (done) => ctx.db.inShop(shopId, (tx) => noteSet(tx, done)),
    });
  } catch (error) {
    if (!(error instanceof AppError) || signal?.aborted) throw error;
    ctx.log.warn({ err: error, shopId, customers: rows.length }, 'metafields could not be written');
    await ctx.db.inShop(shopId, (tx) => postpone(ctx, tx, rows.map((row) => ({ ...row, reason: error.code, counts: false })))); // prettier-ignore
    if (isFinal(error)) throw error;
    return;
  }
  await ctx.db.inShop(shopId, async (tx) => {
    await noteSet(tx, sent.set);
    await noteRemoved(tx, sent.removed);
    const failed = rows.filter(({ id }) => sent.failed.has(id) && sent.failed.get(id) !== 'gone');
    const done = rows.filter(({ id }) => !failed.some((one) => one.id === id));
    await tx.query(sql`
      DELETE FROM metafield_outbox o USING json_to_recordset(${JSON.stringify(done)}::json) AS d (id bigint, generation bigint)
       WHERE o.shop_id = ${shopId} AND o.customer_id = d.id AND o.generation = d.generation`);
    await postpone(
      ctx,
      tx,
      failed.map((row) => ({ ...row, reason: sent.failed.get(row.id) ?? '', counts: true })),
    );
  });
  ctx.log.info(
    {
      shopId,
      customers: rows.length,
      set: sent.set.length,
      removed: sent.removed.length,
      failed: sent.failed.size,
    },
    'metafields written',
  );
}

async function noteSet(tx: ShopTx, set: SentMetafields['set']): Promise<void> {
  const byCustomer = new Map<ShopifyId, Record<string, [string, string]>>();
  for (const { customerId, key, value, compareDigest } of set) {
    const digests = byCustomer.get(customerId) ?? {};
    digests[key] = [digestOf(value), compareDigest];
    byCustomer.set(customerId, digests);
  }
  const rows = [...byCustomer].map(([id, digests]) => ({ id, digests }));
  if (rows.length === 0) return;
  // Not of somebody who was erased while the request was under way.
  await tx.query(sql`
    INSERT INTO metafield_written (shop_id, customer_id, digests)
    SELECT ${tx.shopId}::bigint, w.id, w.digests
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS w (id bigint, digests jsonb)
      JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = w.id
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET digests = metafield_written.digests || excluded.digests`);
}

async function noteRemoved(tx: ShopTx, removed: SentMetafields['removed']): Promise<void> {
  if (removed.length === 0) return;
  await tx.query(sql`
    UPDATE metafield_written w SET digests = w.digests - r.keys
      FROM (SELECT id, array_agg(key) AS keys
              FROM unnest(${removed.map((one) => one.customerId)}::bigint[], ${removed.map((one) => one.key)}::text[]) AS u (id, key)
             GROUP BY id) r
     WHERE w.shop_id = ${tx.shopId} AND w.customer_id = r.id`);
}

async function postpone(
  ctx: MetafieldContext,
  tx: ShopTx,
  rows: readonly { id: ShopifyId; attempts: number; generation: string; reason: string; counts: boolean }[],
): Promise<void> {
  if (rows.length === 0) return;
  const machineNow = ctx.clock.machineNow();
  // Refused again and again: it waits for the customer's next change. A Shopify that is away is waited for.
  const given = rows.filter(({ attempts, counts }) => counts && attempts + 1 >= MAX_ATTEMPTS);
  for (const { reason } of given.slice(0, 1)) {
    ctx.log.warn({ shopId: tx.shopId, customers: given.length, reason }, 'metafields are refused for good');
  }
  await tx.query(sql`
    DELETE FROM metafield_outbox o USING json_to_recordset(${JSON.stringify(given)}::json) AS d (id bigint, generation bigint)
     WHERE o.shop_id = ${tx.shopId} AND o.customer_id = d.id AND o.generation = d.generation`);
  // Whoever has changed meanwhile is not postponed for what was refused before.
  const later = rows.map(({ id, attempts, generation, reason }) => ({
    id,
    generation,
    reason: reason.slice(0, 300),
    not_before: new Date(machineNow.getTime() + backOffMs(BACK_OFF, attempts)),
  }));
  await tx.query(sql`
    UPDATE metafield_outbox o SET attempts = o.attempts + 1, last_error = l.reason, not_before = l.not_before
      FROM json_to_recordset(${JSON.stringify(later)}::json) AS l (id bigint, generation bigint, reason text, not_before timestamptz)
     WHERE o.shop_id = ${tx.shopId} AND o.customer_id = l.id AND o.generation = l.generation`);
}

interface State {
  metafields: 'off' | 'on' | 'removing';
  defined: boolean;
  mayWrite: boolean;
  tagsDue: boolean;
}

async function readState(tx: ShopTx, { now, machineNow }: { now: Date; machineNow: Date }): Promise<State> {
  const { reached } = await readDayLimit(tx, now);
  const { rows } = await tx.query<{
    metafields: State['metafields'];
    defined: boolean;
    tagsDue: boolean;
  }>(sql`
    SELECT metafields, metafields_defined AS defined,
           EXISTS (SELECT FROM tag_outbox WHERE shop_id = ${tx.shopId} AND held_by IS NULL
                      AND not_before <= ${machineNow} AND attempts = 0
                      AND (NOT ${reached}::boolean OR bulk_id IS NOT NULL OR claimed_until > ${machineNow})) AS "tagsDue"
      FROM reach_settings WHERE shop_id = ${tx.shopId}`);
  const state = rows[0] ?? { metafields: 'off' as const, defined: false, tagsDue: false };
  return { ...state, mayWrite: await mayWrite(tx) };
}

async function noteDefined(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    UPDATE reach_settings SET metafields_defined = true, metafields_failure = NULL WHERE shop_id = ${tx.shopId}`);
}

/** For dropMetafields: each definition's end. */
export function dropReceipts(ctx: Pick<MetafieldContext, 'db' | 'clock'>, shopId: ShopId): DropReceipts {
  const same = (tx: ShopTx, id: string) => sql`FROM reach_write
    WHERE shop_id = ${tx.shopId} AND kind = 'definition' AND act = 'delete' AND remote_id = ${id}`;
  return {
    write: ({ key, id }) =>
      ctx.db.inShop(shopId, async (tx) => {
        const { rowCount } = await tx.query(sql`SELECT 1 ${same(tx, id)}`);
        if (rowCount) return;
        const row = { kind: 'definition', act: 'delete', title: METAFIELDS[key].name, remoteId: id } as const;
        await insertReachWrite(tx, row, ctx.clock.now());
      }),
    drop: ({ id }) =>
      ctx.db.inShop(shopId, async (tx) => {
        await tx.query(sql`DELETE ${same(tx, id)}`);
      }),
  };
}

/** Nothing of ours is in the store any more; somebody may have switched them on again meanwhile. */
async function forgetMetafields(tx: ShopTx, now: Date): Promise<void> {
  const { rowCount } = await tx.query(sql`
    UPDATE reach_settings SET metafields = 'off', metafields_defined = false, metafields_failure = NULL
     WHERE shop_id = ${tx.shopId} AND metafields = 'removing'`);
  if (rowCount) await tx.query(sql`DELETE FROM metafield_outbox WHERE shop_id = ${tx.shopId}`);
  const gone = await tx.query(sql`DELETE FROM metafield_written WHERE shop_id = ${tx.shopId}`);
  if (gone.rowCount) {
    const row = { kind: 'metafields', act: 'delete', title: '', amount: gone.rowCount } as const;
    await insertReachWrite(tx, row, now);
  }
  await tx.query(sql`
    UPDATE reach_settings SET metafields_defined = false WHERE shop_id = ${tx.shopId} AND metafields = 'on'`);
}

/** @returns null when Shopify refused, which is shown to the merchant */
async function withFailureShown<T>(
  ctx: MetafieldContext,
  shopId: ShopId,
  work: () => Promise<T>,
): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error;
    ctx.log.warn({ err: error, shopId }, 'the definitions of metafields are refused');
    await ctx.db.inShop(shopId, (tx) =>
      tx.query(
        sql`UPDATE reach_settings SET metafields_failure = ${error.userMessage} WHERE shop_id = ${shopId}`,
      ),
    );
    return null;
  }
}
