/**
 * Brings Shopify's discounts in step with the offers: makes, changes, removes, then looks whether somebody else has
 * changed or deleted one of ours. One run a shop at a time (the job sees to that).
 *
 * Nothing is made twice: before a request to create goes out, a row says so (`intended_at`); the next run looks for its
 * marker (a tag of the discount) or, for a segment, its query, before it creates again. A lost answer is no refusal: it
 * is looked into after seconds. What Shopify refuses is told in words beside the offer and tried again when something
 * changes, or the next night.
 *
 * A discount that stands for an offer goes only when the one with the new terms is there; where Shopify has no room for
 * both, before it. What somebody changed by hand stays changed, but what is said in the app after that is carried out.
 */
import { AppError, isAppError } from '../../app-error.ts';
import type { Clock } from '../../clock.ts';
import type { Db, ShopId } from '../../db/tenancy.server.ts';
import { readShopDay } from '../../history/read-shop-day.server.ts';
import type { Log } from '../../log.server.ts';
import type { AdminClient } from '../../shopify/admin-client.ts';
import { mayWrite } from '../may-write.server.ts';
import { isNamed } from '../native-segments/native-name.ts';
import { checkDiscounts } from './check-discounts.server.ts';
import {
  createDiscount,
  createOfferSegment,
  deactivateDiscount,
  deleteDiscount,
  deleteOfferSegment,
  listSegments,
  updateDiscount,
  type Said,
} from './discount-api.server.ts';
import {
  bodyDigest,
  deleteDiscountRow,
  insertDiscountRow,
  insertDiscountWrite,
  keyOf,
  markerOf,
  patchDiscountRow,
  readDiscountRows,
  wholeDigest,
  type DiscountRow,
  type DiscountWriteRow,
} from './discount-rows.server.ts';
import { baseOf, keptEdit } from './kept-edit.ts';
import { readOpenOffers } from './read-offers.server.ts';
import { readStoreDiscounts } from './read-store-discounts.server.ts';
import { sameLooks, type Discount } from './store-discount.ts';
import { wantedDiscounts, type WantedDiscount } from './wanted-discounts.ts';

export interface SyncContext {
  db: Db;
  admin: AdminClient;
  clock: Clock;
  log: Log;
}

const FIRST_BACK_OFF_MS = 5_000;
const LONGEST_BACK_OFF_MS = 300_000;
/** From so many failed calls on, what is wrong is shown beside the offer; it is tried on. */
const SHOWN_FROM_ATTEMPT = 6;
/** What Shopify refused is not asked for again before. */
const REFUSED_MS = 6 * 3_600_000;

type Plan = { row: DiscountRow; wanted: WantedDiscount | null };

/**
 * @returns when there is more to do (machine time); null: everything is as it should be, or nothing may be written
 * @throws AppError 'shopify_access' or 'config' when nothing can be written for this shop; when `signal` is aborted
 */
export async function syncDiscounts(
  ctx: SyncContext,
  shopId: ShopId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ nextAt: Date | null }> {
  const plans = await ctx.db.inShop(shopId, async (tx) => ((await mayWrite(tx)) ? planRows(ctx, tx) : null));
  if (!plans) return { nextAt: null };
  const machineNow = ctx.clock.machineNow();
  const due = plans.filter(({ row }) => row.notBefore === null || row.notBefore <= machineNow);
  const making = due.filter(({ wanted }) => wanted !== null);
  for (const plan of making) {
    signal?.throwIfAborted();
    // Adds before removes; only where Shopify has no room for both does the old one go first.
    const { wanted } = plan;
    const old = due.filter(({ row, wanted }) => wanted === null && keyOf(row) === keyOf(plan.row));
    await attempt(ctx, shopId, plan.row, async () => {
      const said = await bring(ctx, shopId, plan, signal);
      const inTheWay = said.ok ? [] : old.filter(({ row }) => isInTheWay(said, row, wanted));
      if (inTheWay.length === 0) return said;
      for (const { row } of inTheWay) await remove(ctx, shopId, row, signal);
      return bring(ctx, shopId, plan, signal);
    });
  }
  // Until the new terms are there the old ones are in force, however long that takes.
  const kept = new Set(plans.filter(({ row, wanted }) => wanted !== null && !wanted.paused && row.discountId === null).map(({ row }) => keyOf(row))); // prettier-ignore
  for (const { row, wanted } of due) {
    signal?.throwIfAborted();
    if (wanted !== null || kept.has(keyOf(row))) continue;
    await attempt(ctx, shopId, row, () => remove(ctx, shopId, row, signal));
  }
  await checkDiscounts(ctx, shopId, signal);
  return ctx.db.inShop(shopId, async (tx) => {
    const waiting = (await readDiscountRows(tx)).flatMap(({ notBefore, fault, attempts }) =>
      notBefore && (fault === null || attempts > 0) ? notBefore : [],
    );
    const times = waiting.filter((at) => at.getFullYear() < 9_000).map((at) => at.getTime());
    return { nextAt: times.length > 0 ? new Date(Math.min(...times)) : null };
  });
}

async function planRows(ctx: SyncContext, tx: Parameters<Parameters<Db['inShop']>[1]>[0]): Promise<Plan[]> {
  const day = await readShopDay(tx, ctx.clock.now());
  const wanted = wantedDiscounts(await readOpenOffers(tx), day);
  const stored = await readDiscountRows(tx);
  const fits = (row: DiscountRow, one: WantedDiscount) =>
    keyOf(row) === one.key && row.written?.split(':')[0] === bodyDigest(one);
  for (const one of wanted) if (!stored.some((row) => fits(row, one))) await insertDiscountRow(tx, one);
  const rows = await readDiscountRows(tx);
  return rows.map((row) => {
    const match = wanted.find((one) => fits(row, one)) ?? null;
    // Refused, and something else is asked for now: at once again.
    const other = match === null || row.written !== wholeDigest(match);
    if (other && row.fault !== null && row.title !== match?.title) row.notBefore = null;
    return { row, wanted: match };
  });
}

/** Runs `work`; notes for the row what went wrong. */
async function attempt(
  ctx: SyncContext,
  shopId: ShopId,
  row: DiscountRow,
  work: () => Promise<Said>,
): Promise<void> {
  const later = (milliseconds: number) => new Date(ctx.clock.machineNow().getTime() + milliseconds);
  try {
    const said = await work();
    if (said.ok) return;
    await ctx.db.inShop(shopId, (tx) =>
      patchDiscountRow(tx, row, { fault: refusalWords(said), notBefore: later(REFUSED_MS), attempts: 0 }),
    );
  } catch (error) {
    if (!isAppError(error) || error.code === 'shopify_access' || error.code === 'config') throw error;
    ctx.log.warn({ err: error, shopId, row: row.id }, 'a discount could not be written');
    const wait = Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** row.attempts);
    const attempts = row.attempts + 1;
    // It may have been made all the same ("not repeatable"): that is looked for soon.
    const shown = !error.retryable && attempts >= SHOWN_FROM_ATTEMPT;
    await ctx.db.inShop(shopId, (tx) =>
      patchDiscountRow(tx, row, {
        attempts,
        notBefore: later(wait),
        fault: shown ? error.userMessage : null,
      }),
    );
  }
}

/** There is room for the new one only without the old: 25 are active, or the old one has the code. */
function isInTheWay(
  said: Extract<Said, { ok: false }>,
  old: DiscountRow,
  wanted: WantedDiscount | null,
): boolean {
  if (isFull(said)) return old.discountId !== null && old.way !== 'code';
  if (!isTaken(said) || old.way !== 'code' || wanted?.way !== 'code') return false;
  const codes = old.seen === null ? [] : ((JSON.parse(old.seen) as Partial<Discount>).codes?.nodes ?? []);
  return codes.some(({ code }) => code.toLowerCase() === String(wanted.input['code']).toLowerCase());
}

const isFull = ({ code, message }: Extract<Said, { ok: false }>) =>
  code === 'ACTIVE_PERIOD_OVERLAP' || code === 'MAX_APP_DISCOUNTS' || /25 active/i.test(message);

const isTaken = ({ code, message }: Extract<Said, { ok: false }>) =>
  code === 'TAKEN' || /unique|taken/i.test(message);

function refusalWords(said: Extract<Said, { ok: false }>): string {
  if (said.code === 'MAX_APP_DISCOUNTS') return 'The store has as many discounts of apps as Shopify allows.';
  if (isFull(said)) {
    return 'The store has 25 automatic discounts, Shopify’s limit. Choose a discount code or the app’s discount, or end one of the others.';
  }
  if (isTaken(said)) return 'Another discount of the store has this name or code.';
  return `Shopify refused it: ${said.message}`;
}

/** Makes the discount or changes it, when it is not as it should be. */
async function bring(
  ctx: SyncContext,
  shopId: ShopId,
  { row, wanted }: Plan,
  signal?: AbortSignal,
): Promise<Said> {
  if (!wanted) throw new AppError('invariant', 'Something unexpected happened.');
  const automatic = row.way !== 'code';
  const done = async (act: 'create' | 'update', id: string, written = wholeDigest(wanted)) => {
    await ctx.db.inShop(shopId, async (tx) => {
      await patchDiscountRow(tx, row, {
        discountId: id,
        title: wanted.title,
        written,
        seen: null,
        edited: keptEdit(row),
        fault: null,
        notBefore: null,
        attempts: 0,
      });
      await insertDiscountWrite(
        tx,
        { kind: 'discount', act, outcome: 'confirmed', title: wanted.title, remoteId: id },
        ctx.clock.now(),
      );
    });
  };
  if (row.discountId === null) {
    const again = row.intendedAt !== null;
    if (again) {
      const marker = markerOf(row);
      const found = (await readStoreDiscounts(ctx.admin, { priority: 'background', ...(signal ? { signal } : {}) })).find(({ shown }) => shown.tags.includes(marker)); // prettier-ignore
      if (found) {
        const segment = await bringSegment(ctx, shopId, { row, wanted, again }, signal);
        if (!segment.ok) return segment;
        // As it was asked for then: what was said since (dates, a pause) is still to be written.
        await done('create', found.id, bodyDigest(wanted));
        return bring(ctx, shopId, { row, wanted }, signal);
      }
    }
    // A paused offer needs no discount that does not exist yet.
    if (wanted.paused) return { ok: true, id: null };
    if (!again) {
      await ctx.db.inShop(shopId, (tx) => patchDiscountRow(tx, row, { intendedAt: ctx.clock.machineNow() }));
    }
    const segment = await bringSegment(ctx, shopId, { row, wanted, again }, signal);
    if (!segment.ok) return segment;
    const said = await createDiscount(ctx.admin, { automatic, kind: row.kind }, inputOf(row, wanted), signal);
    if (said.ok && said.id !== null) await done('create', said.id);
    else if (!said.ok) await noteFailure(ctx, shopId, { act: 'create', title: wanted.title, said });
    return said;
  }
  // Deleted by hand there is nothing to change: it is made again by "repair".
  if (row.written === wholeDigest(wanted) || row.edited?.what === 'deleted') {
    return { ok: true, id: row.discountId };
  }
  const which = { automatic, kind: row.kind, id: row.discountId };
  const change = changeOf(row, wanted);
  const said = wanted.paused
    ? await deactivateDiscount(ctx.admin, which, signal)
    : Object.keys(change).length === 0
      ? ({ ok: true, id: row.discountId } as const)
      : await updateDiscount(ctx.admin, which, change, signal);
  if (said.ok) await done('update', row.discountId);
  else await noteFailure(ctx, shopId, { act: 'update', title: wanted.title, said });
  return said;
}

/** The Shopify segment of the offer's tag. */
async function bringSegment(
  ctx: SyncContext,
  shopId: ShopId,
  { row, wanted, again }: { row: DiscountRow; wanted: WantedDiscount; again: boolean },
  signal?: AbortSignal,
): Promise<Said> {
  const { segment } = wanted;
  if (!segment || row.segmentId !== null) return { ok: true, id: row.segmentId };
  const known = await ctx.db.inShop(shopId, readDiscountRows);
  const sound = known.filter((one) => keyOf(one) === keyOf(row) && one.edited?.what !== 'segment');
  const shared = sound.find((one) => one.segmentId !== null)?.segmentId;
  // The merchant may have a segment of the same people: ours has our name.
  const isOurs = (one: { name: string; query: string }) =>
    one.query === segment.query && isNamed(one.name, segment.name);
  const there = again ? (await listSegments(ctx.admin, signal)).find(isOurs)?.id : undefined;
  const said: Said = shared || there ? { ok: true, id: shared ?? there ?? null } : await createOfferSegment(ctx.admin, segment, signal); // prettier-ignore
  if (!said.ok || said.id === null) {
    if (!said.ok) {
      await noteFailure(ctx, shopId, { kind: 'segment', act: 'create', title: segment.name, said });
    }
    return said;
  }
  const { id } = said;
  await ctx.db.inShop(shopId, async (tx) => {
    await patchDiscountRow(tx, row, { segmentId: id });
    if (!shared) {
      await insertDiscountWrite(
        tx,
        { kind: 'segment', act: 'create', outcome: 'confirmed', title: segment.name, remoteId: id },
        ctx.clock.now(),
      );
    }
  });
  return said;
}

function inputOf(row: DiscountRow, wanted: WantedDiscount): Record<string, unknown> {
  const context =
    row.segmentId === null
      ? {}
      : { context: { customerSegments: { add: [`gid://shopify/Segment/${row.segmentId}`] } } };
  return { ...wanted.input, ...context, tags: [markerOf(row)] };
}

/**
 * What an update may change; the rest belongs to the body. Of a discount that somebody changed by hand only what was
 * said in the app since: their change comes back by "repair".
 */
function changeOf(row: DiscountRow, wanted: WantedDiscount): Record<string, unknown> {
  const { functionHandle: _, ...input } = inputOf(row, wanted);
  const text = row.seen ?? baseOf(row.edited);
  if (row.edited === null || text === null) return input;
  const base = JSON.parse(text) as Partial<Discount>;
  const { title, startsAt, endsAt, combinesWith, metafields } = wanted.input;
  const resumed = row.written === wholeDigest({ ...wanted, paused: true });
  const sameDay = (a: unknown, b: unknown) => Date.parse(String(a)) === Date.parse(String(b));
  return {
    ...(title === base.title ? {} : { title }),
    ...(sameDay(startsAt, base.startsAt) && !resumed ? {} : { startsAt }),
    ...(sameDay(endsAt, base.endsAt) && !resumed ? {} : { endsAt }),
    ...(sameLooks(combinesWith, base.combinesWith) ? {} : { combinesWith }),
    ...(metafields === undefined ? {} : { metafields }),
  };
}

/** The discount first: a segment that a discount still names stays. */
async function remove(
  ctx: SyncContext,
  shopId: ShopId,
  row: DiscountRow,
  signal?: AbortSignal,
): Promise<Said> {
  const automatic = row.way !== 'code';
  if (row.discountId === null && row.intendedAt !== null) {
    const marker = markerOf(row);
    const options = { priority: 'background' as const, ...(signal ? { signal } : {}) };
    const found = (await readStoreDiscounts(ctx.admin, options)).find(({ shown }) => shown.tags.includes(marker)); // prettier-ignore
    if (found) await ctx.db.inShop(shopId, (tx) => patchDiscountRow(tx, row, { discountId: found.id }));
  }
  if (row.discountId !== null) {
    const id = row.discountId;
    const said = await deleteDiscount(ctx.admin, { automatic, id }, signal);
    if (!said.ok) {
      await noteFailure(ctx, shopId, { act: 'delete', title: row.title, said });
      return said;
    }
    await ctx.db.inShop(shopId, async (tx) => {
      await patchDiscountRow(tx, row, { discountId: null, intendedAt: null });
      await insertDiscountWrite(
        tx,
        { kind: 'discount', act: 'delete', outcome: 'confirmed', title: row.title, remoteId: id },
        ctx.clock.now(),
      );
    });
  }
  const { segmentId } = row;
  const others = await ctx.db.inShop(shopId, readDiscountRows);
  const inUse = others.some((one) => one.id !== row.id && one.segmentId === segmentId);
  if (segmentId !== null && !inUse) {
    const said = await deleteOfferSegment(ctx.admin, segmentId, signal);
    if (!said.ok) {
      await noteFailure(ctx, shopId, { kind: 'segment', act: 'delete', title: row.title, said });
      return said;
    }
  }
  await ctx.db.inShop(shopId, async (tx) => {
    if (segmentId !== null && !inUse) {
      await insertDiscountWrite(
        tx,
        { kind: 'segment', act: 'delete', outcome: 'confirmed', title: row.title, remoteId: segmentId },
        ctx.clock.now(),
      );
    }
    await deleteDiscountRow(tx, row);
  });
  return { ok: true, id: null };
}

async function noteFailure(
  ctx: SyncContext,
  shopId: ShopId,
  {
    kind = 'discount',
    act,
    title,
    said,
  }: Pick<DiscountWriteRow, 'act' | 'title'> & {
    kind?: DiscountWriteRow['kind'];
    said: Extract<Said, { ok: false }>;
  },
): Promise<void> {
  await ctx.db.inShop(shopId, (tx) =>
    insertDiscountWrite(
      tx,
      { kind, act, outcome: 'failed', title, remoteId: null, reason: refusalWords(said) },
      ctx.clock.now(),
    ),
  );
}
