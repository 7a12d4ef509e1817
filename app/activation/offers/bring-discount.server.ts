/** One discount of ours, and the Shopify segment that limits it, are made, taken up again, or changed. */
import { AppError } from '../../app-error.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { createSegment, listSegments } from '../segments-in-shopify/api.server.ts';
import { isNamed } from '../segments-in-shopify/names.ts';
import { createDiscount, deactivateDiscount, updateDiscount, type Said } from './discount-api.server.ts';
import { refusalOf, USED_UP } from './discount-refusal.ts';
import {
  bodyDigest,
  insertDiscountWrite,
  keyOf,
  markerOf,
  noteBrought,
  patchDiscountRow,
  readDiscountRows,
  wholeDigest,
  type DiscountRow,
} from './discount-rows.server.ts';
import { baseOf, keptEdit } from './kept-edit.ts';
import { servedText, shownBy } from './kept-offers.ts';
import { noteServed } from './note-served.server.ts';
import { sameLooks, type Discount } from './store-discount.ts';
import { findByMarker, noteFailure, type SyncContext } from './sync-context.server.ts';
import { isUsedUp, limitInput } from './use-limit.ts';
import type { WantedDiscount } from './wanted-discounts.ts';

/** What stands for what; wanted null: it is to go. */
export type Plan = { row: DiscountRow; wanted: WantedDiscount | null };

/** Makes the discount or changes it, when it is not as it should be. */
export async function bringDiscount(
  ctx: SyncContext,
  shopId: ShopId,
  { row, wanted }: Plan,
  signal?: AbortSignal,
): Promise<Said> {
  if (!wanted) throw new AppError('invariant', 'Something unexpected happened.');
  const automatic = row.way !== 'code';
  const done = async (act: 'create' | 'update', id: string, written = wholeDigest(wanted)) => {
    await ctx.db.inShop(shopId, async (tx) => {
      const now = ctx.clock.now();
      const served = written === wholeDigest(wanted) ? servedText(wanted) : row.served;
      const { title } = wanted;
      await noteBrought(tx, row, { discountId: id, title, written, served, edited: keptEdit(row) });
      for (const shown of shownBy(row, wanted)) await noteServed(tx, shown, now);
      const receipt = { kind: 'discount', act, outcome: 'confirmed', title, remoteId: id } as const;
      await insertDiscountWrite(tx, receipt, now);
    });
  };
  if (row.discountId === null) {
    const again = row.intendedAt !== null;
    if (again) {
      const found = await findByMarker(ctx, row, signal);
      if (found !== undefined) {
        const segment = await bringSegment(ctx, shopId, { row, wanted, again }, signal);
        if (!segment.ok) return segment;
        // As it was asked for then: what was said since (dates, a pause) is still to be written.
        await done('create', found, bodyDigest(wanted));
        return bringDiscount(ctx, shopId, { row, wanted }, signal);
      }
    }
    // A paused offer needs no discount that does not exist yet.
    if (wanted.paused) return { ok: true, id: null };
    if (isUsedUp(row, wanted)) return USED_UP;
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
  const made = shared ?? there ?? (await createSegment(ctx.admin, segment, signal));
  if (typeof made !== 'string' && !made.ok) {
    const said = refusalOf(made.said);
    await noteFailure(ctx, shopId, { kind: 'segment', act: 'create', title: segment.name, said });
    return { ok: false, ...said };
  }
  const id = typeof made === 'string' ? made : made.segment.id;
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
  return { ok: true, id };
}

function inputOf(row: DiscountRow, wanted: WantedDiscount): Record<string, unknown> {
  const context =
    row.segmentId === null
      ? {}
      : { context: { customerSegments: { add: [`gid://shopify/Segment/${row.segmentId}`] } } };
  return { ...wanted.input, ...limitInput(row, wanted), ...context, tags: [markerOf(row)] };
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
  const { title, startsAt, endsAt, combinesWith, metafields, discountClasses } = wanted.input;
  const limit = limitInput(row, wanted);
  const resumed = row.written === wholeDigest({ ...wanted, paused: true });
  const sameDay = (a: unknown, b: unknown) => Date.parse(String(a)) === Date.parse(String(b));
  return {
    ...(title === base.title ? {} : { title }),
    ...(sameDay(startsAt, base.startsAt) && !resumed ? {} : { startsAt }),
    ...(sameDay(endsAt, base.endsAt) && !resumed ? {} : { endsAt }),
    ...(sameLooks(combinesWith, base.combinesWith) ? {} : { combinesWith }),
    ...((limit.usageLimit ?? null) === (base.usageLimit ?? null) ? {} : limit),
    ...(metafields === undefined ? {} : { metafields, discountClasses }),
  };
}
