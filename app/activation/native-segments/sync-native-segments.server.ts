/**
 * Brings the segments in Shopify in step with ours: made, renamed, repaired when somebody edited or deleted one, and
 * deleted when ours is turned off. Always by the stored id; a segment of the merchant's own with the same name is
 * never touched.
 *
 * Before one is made it is noted what is about to be made, and Shopify's list is searched for it: a run that died
 * between Shopify's success and our record finds its segment there and takes it up, as one that comes back after a
 * reinstall does. One run a shop at a time (the job sees to that).
 */
import { AppError, assertNever } from '../../app-error.ts';
import { backOffMs } from '../../back-off.ts';
import type { Clock } from '../../clock.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId } from '../../db/tenancy.server.ts';
import type { Log } from '../../log.server.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { mayWrite } from '../tags/may-write.server.ts';
import { insertReachWrite } from '../reach-writes.server.ts';
import { countNativeSegments } from './count-native-segments.server.ts';
import {
  createSegment,
  deleteSegment,
  listSegments,
  readSegmentsById,
  updateSegment,
} from '../segments-in-shopify/api.server.ts';
import { isNamed, type InShopify } from '../segments-in-shopify/names.ts';
import { planNativeSegment, type NativeAct } from './plan-native-segment.ts';
import {
  readStoredNatives,
  readWantedSegments,
  type StoredNative,
  type WantedSegment,
} from './read-native-segments.server.ts';

export interface NativeContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
}

const STOPPED_MS = 60_000;
const BACK_OFF = { firstMs: 30_000, longestMs: 6 * 3_600_000 };

/** @returns when to look again (machine time); null: everything is as it should be */
export async function syncNativeSegments(
  ctx: NativeContext,
  shopId: ShopId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Date | null> {
  const { wanted, stored, allowed } = await ctx.db.inShop(shopId, async (tx) => ({
    wanted: await readWantedSegments(tx),
    stored: await readStoredNatives(tx),
    allowed: await mayWrite(tx),
  }));
  if (wanted.length === 0 && stored.length === 0) return null;
  if (!allowed) return new Date(ctx.clock.machineNow().getTime() + STOPPED_MS);
  const run = new Run(ctx, shopId, signal);
  const ids = stored.flatMap(({ shopifyId }) => shopifyId ?? []);
  const found = await readSegmentsById(ctx.admin, ids, signal);
  const rows = new Map(stored.map((row) => [row.segmentId, row]));
  const wantedById = new Map(wanted.map((one) => [one.segmentId, one]));
  for (const segmentId of new Set([...wantedById.keys(), ...rows.keys()])) {
    signal?.throwIfAborted();
    const row = rows.get(segmentId) ?? null;
    const want = wantedById.get(segmentId) ?? null;
    if (row?.notBefore && row.notBefore > ctx.clock.machineNow()) continue;
    const act = planNativeSegment(want, row, found.get(row?.shopifyId ?? '') ?? null);
    await run.carryOut(act, segmentId, want, row);
  }
  const after = await ctx.db.inShop(shopId, readStoredNatives);
  const before = new Set(ids);
  const made = after.flatMap((row) => {
    const want = wantedById.get(row.segmentId);
    // One that waits for its next try and has been deleted in Shopify meanwhile cannot be counted.
    return want && row.shopifyId !== null && (found.has(row.shopifyId) || !before.has(row.shopifyId))
      ? [{ wanted: want, row: { ...row, shopifyId: row.shopifyId } }]
      : [];
  });
  const countAgain = await countNativeSegments(ctx, shopId, made, signal);
  const retries = after.flatMap(({ notBefore }) => (notBefore ? [notBefore] : []));
  return (
    [...retries, ...(countAgain ? [countAgain] : [])].sort((a, b) => a.getTime() - b.getTime())[0] ?? null
  );
}

class Run {
  readonly #ctx: NativeContext;
  readonly #shopId: ShopId;
  readonly #signal: AbortSignal | undefined;
  /** All segments of the store, read once and only when one has to be made or found. */
  #all: InShopify[] | undefined;

  constructor(ctx: NativeContext, shopId: ShopId, signal: AbortSignal | undefined) {
    this.#ctx = ctx;
    this.#shopId = shopId;
    this.#signal = signal;
  }

  async carryOut(
    act: NativeAct,
    segmentId: string,
    want: WantedSegment | null,
    row: StoredNative | null,
  ): Promise<void> {
    try {
      switch (act.act) {
        case 'nothing':
          // What had failed is as it should be all the same: taken by Shopify without our hearing, or no longer wanted.
          if (row?.notBefore) await this.#settle(segmentId);
          return;
        case 'create':
          if (want) await this.#create(want, row, act.again);
          return;
        case 'update':
          if (want && row?.shopifyId) await this.#update(want, { ...row, shopifyId: row.shopifyId }, act);
          return;
        case 'adopt':
          if (want && row?.shopifyId)
            await this.#note(want, { id: row.shopifyId, ...row, repaired: row.state === 'left' ? 'adopted' : null }); // prettier-ignore
          return;
        case 'delete':
          if (row) await this.#delete(row);
          return;
        case 'forget':
          await this.#forget(
            segmentId,
            row?.state === 'removing' && row.shopifyId !== null
              ? { id: row.shopifyId, title: row.name || row.markName }
              : null,
          );
          return;
        default:
          return assertNever(act);
      }
    } catch (error) {
      if (!(error instanceof AppError) || this.#signal?.aborted) throw error;
      if (error.code === 'shopify_access' || error.code === 'config') throw error;
      this.#ctx.log.warn(
        { err: error, shopId: this.#shopId, segmentId, act: act.act },
        'a segment in Shopify failed',
      );
      await this.#fail(segmentId, row?.attempts ?? 0, error.userMessage);
    }
  }

  async #create(want: WantedSegment, row: StoredNative | null, again: boolean): Promise<void> {
    if (row?.shopifyId === null && (await this.#takeUpFormer(want, row))) return;
    // Before the request goes out: whoever comes after us knows what to search for.
    await this.#ctx.db.inShop(this.#shopId, (tx) =>
      tx.query(sql`
        INSERT INTO native_segment (shop_id, segment_id, state, mark_name, mark_query)
        VALUES (${this.#shopId}, ${want.segmentId}::bigint, 'making', ${want.name}, ${want.query})
        ON CONFLICT (shop_id, segment_id) DO UPDATE
          SET state = 'making', shopify_id = NULL, mark_name = excluded.mark_name, mark_query = excluded.mark_query,
              members = NULL, expected = NULL, counted_at = NULL, differs_at = NULL`),
    );
    const left = await this.#findUnrecorded(want.name, want.query);
    if (left) {
      await this.#note(want, { ...left, repaired: 'adopted' });
      return;
    }
    const { name, query } = want;
    const made = await createSegment(this.#ctx.admin, { name, query }, this.#signal);
    if (!made.ok) {
      await this.#fail(want.segmentId, row?.attempts ?? 0, sayWhy(made.said));
      return;
    }
    await this.#note(want, { ...made.segment, act: 'create', repaired: again ? 'made_again' : null });
  }

  /**
   * Renamed, or with another rule, since one was made without our hearing of it: it is found by what was asked for then,
   * before the mark says something else, and brought to what is wanted now.
   */
  async #takeUpFormer(want: WantedSegment, row: StoredNative): Promise<boolean> {
    const asked = { name: row.markName, query: row.markQuery };
    if (asked.name === want.name && asked.query === want.query) return false;
    const made = await this.#findUnrecorded(asked.name, asked.query);
    if (!made) return false;
    await this.#note({ ...want, ...asked }, { ...made, repaired: 'adopted' });
    const { name, query } = want;
    await this.#update(want, { ...row, shopifyId: made.id }, { act: 'update', name, query, repaired: null });
    return true;
  }

  async #update(
    want: WantedSegment,
    { shopifyId, attempts }: StoredNative & { shopifyId: string },
    { name, query, repaired }: Extract<NativeAct, { act: 'update' }>,
  ): Promise<void> {
    const said = await updateSegment(this.#ctx.admin, { id: shopifyId, name, query }, this.#signal);
    if (!said.ok) await this.#fail(want.segmentId, attempts, sayWhy(said.said));
    else await this.#note(want, { ...said.segment, act: 'update', repaired });
  }

  async #delete(row: StoredNative): Promise<void> {
    const id = row.shopifyId ?? (await this.#findUnrecorded(row.markName, row.markQuery))?.id;
    if (id !== undefined) {
      // Before the request goes out: whoever comes after us and finds nothing knows that we took it out.
      await this.#ctx.db.inShop(this.#shopId, (tx) =>
        tx.query(sql`
          UPDATE native_segment SET state = 'removing', shopify_id = ${id}::bigint
           WHERE shop_id = ${this.#shopId} AND segment_id = ${row.segmentId}::bigint`),
      );
      const refused = await deleteSegment(this.#ctx.admin, id, this.#signal);
      if (refused !== null) {
        await this.#fail(row.segmentId, row.attempts, sayWhy(refused));
        return;
      }
    }
    await this.#forget(row.segmentId, id === undefined ? null : { id, title: row.name || row.markName });
  }

  /** One of ours that we have no id of: by the mark that was noted before it was made. */
  async #findUnrecorded(name: string, query: string): Promise<InShopify | undefined> {
    this.#all ??= await listSegments(this.#ctx.admin, this.#signal);
    const known = new Set(
      (await this.#ctx.db.inShop(this.#shopId, readStoredNatives)).flatMap(
        ({ shopifyId }) => shopifyId ?? [],
      ),
    );
    return this.#all.find((one) => one.query === query && isNamed(one.name, name) && !known.has(one.id));
  }

  async #note(
    want: WantedSegment,
    {
      id,
      name,
      query,
      repaired,
      act = null,
    }: InShopify & { repaired: string | null; act?: 'create' | 'update' | null },
  ): Promise<void> {
    const machineNow = this.#ctx.clock.machineNow();
    await this.#ctx.db.inShop(this.#shopId, async (tx) => {
      await tx.query(sql`
        UPDATE native_segment
           SET shopify_id = ${id}::bigint, name = ${name}, query = ${query}, state = 'made', mark_name = ${want.name},
               mark_query = ${want.query}, written_at = ${machineNow}, attempts = 0, not_before = NULL, failure = NULL,
               differs_at = NULL, repaired = coalesce(${repaired}::text, repaired),
               repaired_at = CASE WHEN ${repaired}::text IS NULL THEN repaired_at ELSE ${machineNow} END
         WHERE shop_id = ${this.#shopId} AND segment_id = ${want.segmentId}::bigint`);
      if (act === null) return;
      const wrote = { kind: 'segment' as const, act, title: name, remoteId: id };
      await insertReachWrite(tx, wrote, this.#ctx.clock.now());
    });
    this.#ctx.log.info(
      { shopId: this.#shopId, segmentId: want.segmentId, repaired },
      'a segment in Shopify is in step',
    );
  }

  async #fail(segmentId: string, attempts: number, failure: string): Promise<void> {
    const wait = backOffMs(BACK_OFF, attempts);
    await this.#ctx.db.inShop(this.#shopId, (tx) =>
      tx.query(sql`
        UPDATE native_segment
           SET state = CASE WHEN shopify_id IS NULL THEN 'failed' ELSE state END, failure = ${failure},
               attempts = attempts + 1, not_before = ${new Date(this.#ctx.clock.machineNow().getTime() + wait)}
         WHERE shop_id = ${this.#shopId} AND segment_id = ${segmentId}::bigint`),
    );
  }

  async #settle(segmentId: string): Promise<void> {
    await this.#ctx.db.inShop(this.#shopId, (tx) =>
      tx.query(sql`
        UPDATE native_segment SET failure = NULL, attempts = 0, not_before = NULL
         WHERE shop_id = ${this.#shopId} AND segment_id = ${segmentId}::bigint`),
    );
  }

  /** @param removed what was just taken out of the store; null: there was nothing */
  async #forget(segmentId: string, removed: { id: string; title: string } | null): Promise<void> {
    await this.#ctx.db.inShop(this.#shopId, async (tx) => {
      await tx.query(
        sql`DELETE FROM native_segment WHERE shop_id = ${this.#shopId} AND segment_id = ${segmentId}::bigint`,
      );
      if (removed === null) return;
      const { id: remoteId, title } = removed;
      await insertReachWrite(tx, { kind: 'segment', act: 'delete', title, remoteId }, this.#ctx.clock.now());
    });
  }
}

function sayWhy(refused: string | undefined): string {
  if (refused === undefined) return 'Shopify did not answer. It is tried again.';
  if (/limit/i.test(refused)) {
    return 'The store has 6,000 segments, the most that Shopify takes. Delete one in Shopify; then this one is made.';
  }
  return `Shopify does not take it: ${refused}`;
}
