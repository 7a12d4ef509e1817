/**
 * Takes leftovers that are to go out of the store, each noted as gone when Shopify confirms it. What was known from the
 * earlier installation is removed by those who made it. What Shopify refuses is shown with its reason and tried again.
 */
import { isAppError } from '../../app-error.ts';
import { backOffMs } from '../../back-off.ts';
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { mayWrite } from '../tags/may-write.server.ts';
import { dropMetafields } from '../metafields/define-metafields.server.ts';
import { dropReceipts } from '../metafields/write-metafields.server.ts';
import { deleteSegment } from '../segments-in-shopify/api.server.ts';
import type { NativeContext } from '../native-segments/sync-native-segments.server.ts';
import { deleteDiscount } from '../offers/discount-api.server.ts';
import { insertDiscountWrite } from '../offers/discount-rows.server.ts';
import { insertReachWrite } from '../reach-writes.server.ts';
import type { LeftoverKind } from './leftover.ts';

interface Removing extends Record<string, unknown> {
  kind: LeftoverKind;
  ref: string;
  name: string;
  detail: string;
  attempts: number;
}

const STOPPED_MS = 60_000;
const BACK_OFF = { firstMs: 30_000, longestMs: 6 * 3_600_000 };

/** @returns when there is more to do (machine time); null: nothing is to be removed */
export async function removeLeftovers(
  ctx: NativeContext,
  shopId: ShopId,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Date | null> {
  const machineNow = ctx.clock.machineNow();
  const { due, allowed } = await ctx.db.inShop(shopId, async (tx) => ({
    due: (
      await tx.query<Removing>(sql`
        SELECT kind, ref, name, detail, attempts FROM leftover
         WHERE shop_id = ${shopId} AND state = 'removing' AND (not_before IS NULL OR not_before <= ${machineNow})
         ORDER BY array_position(ARRAY['discount', 'segment', 'definition'], kind), ref`)
    ).rows,
    allowed: await mayWrite(tx),
  }));
  if (due.length > 0 && !allowed) return new Date(machineNow.getTime() + STOPPED_MS);
  for (const one of due) {
    signal?.throwIfAborted();
    const refused = await removeOne(ctx, shopId, one, signal);
    if (refused !== null) await ctx.db.inShop(shopId, (tx) => postpone(tx, one, { refused, machineNow }));
  }
  const { rows } = await ctx.db.inShop(shopId, (tx) =>
    tx.query<{ at: Date | null }>(
      sql`SELECT min(not_before) AS at FROM leftover WHERE shop_id = ${shopId} AND state = 'removing'`,
    ),
  );
  return rows[0]?.at ?? null;
}

/** @returns why it could not be removed, in words; null: it is gone, or another job removes it */
async function removeOne(
  ctx: NativeContext,
  shopId: ShopId,
  one: Removing,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  try {
    switch (one.kind) {
      case 'segment':
        return await removeSegment(ctx, shopId, one, signal);
      case 'discount':
        return await removeDiscount(ctx, shopId, one, signal);
      case 'definition':
        await dropMetafields(ctx.admin, {
          ...(signal ? { signal } : {}),
          receipts: dropReceipts(ctx, shopId),
        });
        await ctx.db.inShop(shopId, (tx) =>
          tx.query(sql`DELETE FROM leftover WHERE shop_id = ${shopId} AND kind = 'definition'`),
        );
        return null;
      case 'tag':
        return null;
    }
  } catch (error) {
    if (!isAppError(error) || signal?.aborted) throw error;
    if (error.code === 'shopify_access' || error.code === 'config') throw error;
    ctx.log.warn(
      { err: error, shopId, kind: one.kind },
      'what an earlier installation left cannot be removed',
    );
    return error.userMessage;
  }
}

async function removeSegment(
  ctx: NativeContext,
  shopId: ShopId,
  one: Removing,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const refused = await deleteSegment(ctx.admin, one.ref, signal);
  if (refused !== null) return `Shopify does not remove it: ${refused}`;
  await ctx.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      DELETE FROM native_segment
       WHERE shop_id = ${shopId} AND shopify_id = ${one.ref}::bigint AND state = 'left'`);
    const row = { kind: 'segment', act: 'delete', title: one.name, remoteId: one.ref } as const;
    await insertReachWrite(tx, row, ctx.clock.now());
    await forget(tx, one);
  });
  return null;
}

async function removeDiscount(
  ctx: NativeContext,
  shopId: ShopId,
  one: Removing,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const known = await ctx.db.inShop(shopId, async (tx) => {
    const { rowCount } = await tx.query(sql`
      UPDATE offer_discount SET not_before = NULL, attempts = 0 WHERE shop_id = ${shopId} AND discount_id = ${one.ref}`);
    if (!rowCount) return false;
    await forget(tx, one);
    await wake(tx, shopId, 'offers', AT_ONCE);
    return true;
  });
  if (known) return null;
  const said = await deleteDiscount(ctx.admin, { automatic: one.detail !== 'code', id: one.ref }, signal);
  if (!said.ok) return `Shopify does not remove it: ${said.message}`;
  await ctx.db.inShop(shopId, async (tx) => {
    const row = { kind: 'discount', act: 'delete', outcome: 'confirmed', title: one.name, remoteId: one.ref } as const; // prettier-ignore
    await insertDiscountWrite(tx, row, ctx.clock.now());
    await forget(tx, one);
  });
  return null;
}

async function forget(tx: ShopTx, { kind, ref }: Removing): Promise<void> {
  await tx.query(sql`DELETE FROM leftover WHERE shop_id = ${tx.shopId} AND kind = ${kind} AND ref = ${ref}`);
}

async function postpone(
  tx: ShopTx,
  { kind, ref, attempts }: Removing,
  { refused, machineNow }: { refused: string; machineNow: Date },
): Promise<void> {
  const wait = backOffMs(BACK_OFF, attempts);
  await tx.query(sql`
    UPDATE leftover SET failure = ${refused}, attempts = attempts + 1, not_before = ${new Date(machineNow.getTime() + wait)}
     WHERE shop_id = ${tx.shopId} AND kind = ${kind} AND ref = ${ref}`);
}
