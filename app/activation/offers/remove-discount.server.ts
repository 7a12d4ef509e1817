/** One discount of ours goes, and its segment with the last that names it. */
import type { ShopId } from '../../db/tenancy.server.ts';
import { deleteSegment } from '../segments-in-shopify/api.server.ts';
import { deleteDiscount, type Said } from './discount-api.server.ts';
import { refusalOf } from './discount-refusal.ts';
import {
  deleteDiscountRow,
  insertDiscountWrite,
  patchDiscountRow,
  readDiscountRows,
  type DiscountRow,
} from './discount-rows.server.ts';
import { noteServed } from './note-served.server.ts';
import { findByMarker, noteFailure, type SyncContext } from './sync-context.server.ts';

/** The discount first: a segment that a discount still names stays. */
export async function removeDiscount(
  ctx: SyncContext,
  shopId: ShopId,
  row: DiscountRow,
  signal?: AbortSignal,
): Promise<Said> {
  const automatic = row.way !== 'code';
  if (row.discountId === null && row.intendedAt !== null) {
    const found = await findByMarker(ctx, row, signal);
    if (found !== undefined) {
      await ctx.db.inShop(shopId, (tx) => patchDiscountRow(tx, row, { discountId: found }));
    }
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
      if (row.way === 'function') await noteServed(tx, { name: row.title, offerIds: [] }, ctx.clock.now());
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
    const refused = await deleteSegment(ctx.admin, segmentId, signal);
    if (refused !== null) {
      const said = refusalOf(refused);
      await noteFailure(ctx, shopId, { kind: 'segment', act: 'delete', title: row.title, said });
      return { ok: false, ...said };
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
