/**
 * Works a shop's outbox until it is empty. One run a shop at a time (the job sees to that); the claims keep two
 * runs apart all the same.
 *
 * Small backlogs go by aliased mutations, large ones by bulk files in up to four slots side by side; while the
 * slots are busy the single way goes on with what else there is. Files that an earlier run left are finished first.
 * Where Shopify does not let the app use bulk mutations everything goes the single way.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from '../../db/sql.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { isRefused } from '../../shopify/standing.ts';
import { readStandings } from '../../shopify/standing.server.ts';
import { createBulks } from './bulk/create-bulks.server.ts';
import { unfinishedBulks } from './bulk/bulk-rows.server.ts';
import { driveBulk } from './bulk/drive-bulk.server.ts';
import { BULK_SLOTS, chooseWay, linesPerFile, POINTS_PER_MUTATION, type WriteRates } from './choose-way.ts';
import { claimBatch, type Claim } from './claim-batch.server.ts';
import { mayWrite } from './may-write.server.ts';
import type { PushContext } from './push-context.server.ts';
import { LEASE_MS, pushSingle } from './push-single.server.ts';
import { MAX_MUTATIONS, mutationsOf } from './tag-mutation.ts';
import { noteRate, readWriteRates } from './write-rates.server.ts';

/** How long to look away while nothing but files is under way. */
const IDLE_MS = 500;
/** Writing was stopped by a person: how long until it is looked at again whether it still is. */
const STOPPED_MS = 60_000;
/** Requests of the single way side by side. */
export const REQUESTS = 3;
/** So many mutations beyond what the bucket held at first say how fast the single way is. */
const ENOUGH_TO_MEASURE = 200;

/**
 * @returns when there is more to do (back-off, or another writer's lease); null when the outbox is empty, or the
 *   app is not installed (coming back wakes the outbox)
 * @throws AppError 'shopify_access' or 'config' when nothing can be written for this shop; when `signal` is aborted
 */
export async function pushTags(
  ctx: PushContext,
  shopId: ShopId,
  options: { signal?: AbortSignal } = {},
): Promise<{ nextAt: Date | null }> {
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([stop.signal, options.signal]) : stop.signal;
  const writer = randomUUID();
  const waiting: string[] = await ctx.db.inShop(shopId, unfinishedBulks);
  const rates = await ctx.db.inShop(shopId, readWriteRates);
  const pace = { mutations: 0, milliseconds: 0, held: 0 };
  const running = new Map<string, Promise<void>>();
  let ended = 0;
  let limitedUntil: Date | null = null;
  // What was refused this week is not tried again; after it one file goes and asks.
  let bulkDenied = await ctx.db.inShop(shopId, async (tx) =>
    isRefused((await readStandings(tx)).bulk_mutations, ctx.clock.machineNow()),
  );
  let failed: { error: unknown } | undefined;

  function fillSlots(): void {
    while (running.size < BULK_SLOTS) {
      const id = waiting.shift();
      if (id === undefined) return;
      const drive = driveBulk(ctx, shopId, id, signal)
        .then((end) => {
          if (end === 'denied') bulkDenied = true;
        })
        .catch((error: unknown) => {
          failed ??= { error };
        })
        .finally(() => {
          ended += 1;
          running.delete(id);
        });
      running.set(id, drive);
    }
  }

  try {
    for (;;) {
      signal.throwIfAborted();
      if (failed) throw failed.error;
      fillSlots();
      const endedBefore = ended;
      const backlog = await countDue(ctx, shopId);
      const freeSlots = BULK_SLOTS - running.size - waiting.length;
      const bulk =
        !bulkDenied && freeSlots > 0 && chooseWay(backlog.fresh, ctx.admin.budget(), rates) === 'bulk';
      if (bulk) {
        // A claim a file, so that the memory of it does not grow with the backlog.
        const lines = linesPerFile(backlog.fresh, freeSlots, rates);
        let taken = 0;
        for (let file = 0; file < freeSlots; file++) {
          const claimed = await claimBulk(ctx, shopId, writer, { lines, rates });
          waiting.push(...claimed.ids);
          limitedUntil = claimed.limitedUntil;
          taken += claimed.taken;
          if (claimed.taken < lines) break;
        }
        if (taken > 0) continue;
      }
      // Also where no file could be made: what failed before, and goes beyond the limit of the day, goes singly.
      if (backlog.due > 0) {
        const taken = await claim(ctx, shopId, writer, 'single', REQUESTS * MAX_MUTATIONS);
        const began = ctx.clock.machineNow().getTime();
        if (pace.mutations === 0) pace.held = ctx.admin.budget().currentlyAvailable / POINTS_PER_MUTATION;
        await pushSingle(ctx, shopId, writer, taken.writes, signal);
        pace.mutations += taken.writes.reduce((sum, write) => sum + mutationsOf(write), 0);
        pace.milliseconds += ctx.clock.machineNow().getTime() - began;
        limitedUntil = taken.limitedUntil;
        if (taken.taken > 0) continue;
      }
      // What a file gave back while it was counted is not in the count.
      if (ended > endedBefore) continue;
      if (running.size === 0 && waiting.length === 0) {
        return { nextAt: await nextDue(ctx, shopId, limitedUntil) };
      }
      await Promise.race([...running.values(), sleep(IDLE_MS)]);
    }
  } finally {
    stop.abort();
    await Promise.allSettled(running.values());
    const sustained = pace.mutations - pace.held;
    if (sustained >= ENOUGH_TO_MEASURE) {
      const perSecond = (1_000 * sustained) / Math.max(1, pace.milliseconds);
      const at = ctx.clock.machineNow();
      await ctx.db.inShop(shopId, (tx) => noteRate(tx, { way: 'single', perSecond, overheadSeconds: 0, at }));
    }
  }
}

function claim(
  ctx: PushContext,
  shopId: ShopId,
  writer: string,
  way: 'single' | 'bulk',
  maxCustomers: number,
): Promise<Claim> {
  return ctx.db.inShop(shopId, (tx) => claimBatch(tx, claimOptions(ctx, writer, way, maxCustomers)));
}

async function claimBulk(
  ctx: PushContext,
  shopId: ShopId,
  writer: string,
  { lines, rates }: { lines: number; rates: WriteRates },
): Promise<{ ids: string[]; taken: number; limitedUntil: Date | null }> {
  return ctx.db.inShop(shopId, async (tx) => {
    const options = claimOptions(ctx, writer, 'bulk', lines);
    const { writes, ...claimed } = await claimBatch(tx, options);
    const { machineNow } = options;
    return { ...claimed, ids: await createBulks(tx, writes, { machineNow, rates }) };
  });
}

function claimOptions(ctx: PushContext, writer: string, way: 'single' | 'bulk', maxCustomers: number) {
  const machineNow = ctx.clock.machineNow();
  return { writer, machineNow, now: ctx.clock.now(), leaseMs: LEASE_MS, maxCustomers, way };
}

/** Customers that may be claimed now, and those of them that may go into a file. */
async function countDue(ctx: PushContext, shopId: ShopId): Promise<{ due: number; fresh: number }> {
  const now = ctx.clock.machineNow();
  return ctx.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ due: number; fresh: number }>(sql`
      SELECT count(*)::int AS due,
             (count(*) FILTER (WHERE attempts = 0 AND claimed_by IS NULL))::int AS fresh
        FROM tag_outbox
       WHERE shop_id = ${shopId} AND not_before <= ${now} AND bulk_id IS NULL AND (held_by IS NULL OR offer_over)
         AND (claimed_until IS NULL OR claimed_until < ${now})`);
    return rows[0] ?? { due: 0, fresh: 0 };
  });
}

async function nextDue(ctx: PushContext, shopId: ShopId, limitedUntil: Date | null): Promise<Date | null> {
  return ctx.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ at: Date | null; installed: boolean }>(sql`
      SELECT (SELECT min(greatest(not_before, coalesce(claimed_until, not_before)))
                FROM tag_outbox WHERE shop_id = ${shopId} AND (held_by IS NULL OR offer_over OR claimed_until IS NOT NULL OR bulk_id IS NOT NULL)) AS at,
             state = 'installed' AS installed FROM shop WHERE id = ${shopId}`);
    const { at, installed } = rows[0] ?? { at: null, installed: false };
    if (at === null || !installed) return null;
    if ((await mayWrite(tx)) && limitedUntil === null) return at;
    // The midnight is one of the business clock, which may be moved: it is looked at again each minute, too.
    // What waits is due long since: without this it would be asked for each second, for nothing.
    return new Date(Math.max(at.getTime(), ctx.clock.machineNow().getTime() + STOPPED_MS));
  });
}
