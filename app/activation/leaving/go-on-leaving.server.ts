/**
 * How far leaving is, and its receipt when nothing is left to do: counted from the same records that Activity shows.
 * What could not be removed stays noted as ours, is listed with its reason, and can be tried again.
 */
import type { Clock } from '../../clock.ts';
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { Log } from '../../log.server.ts';
import { explainFailure } from '../write-failure.ts';
import { countOurs } from './count-ours.server.ts';
import type { LeavingCounts, LeavingReceipt } from './leaving.ts';

interface Run {
  id: string;
  found: LeavingCounts;
  afterTagWrite: string;
  afterDiscountWrite: string;
}

/** @returns whether it has ended (or none is under way) */
export async function goOnLeaving(ctx: { db: Db; clock: Clock; log: Log }, shopId: ShopId): Promise<boolean> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const { rows } = await tx.query<Run & Record<string, unknown>>(sql`
      SELECT id, found, after_tag_write AS "afterTagWrite", after_discount_write AS "afterDiscountWrite"
        FROM leaving WHERE shop_id = ${shopId} AND state = 'running'`);
    const run = rows[0];
    if (!run) return true;
    const step = await stepOf(tx);
    if (step !== 'done') {
      await tx.query(sql`
        UPDATE leaving SET step = ${step} WHERE shop_id = ${shopId} AND id = ${run.id}::bigint`);
      return false;
    }
    const receipt = await makeReceipt(tx, run);
    await tx.query(sql`
      UPDATE leaving SET state = 'done', step = 'done', finished_at = ${ctx.clock.now()},
             receipt = ${JSON.stringify(receipt)}::jsonb
       WHERE shop_id = ${shopId} AND id = ${run.id}::bigint`);
    ctx.log.info({ shopId, removed: receipt.removed, failed: receipt.failed.length }, 'the store was left');
    return true;
  });
}

/** What is still under way; a failure that waits for a person holds up nothing. */
async function stepOf(tx: ShopTx): Promise<string> {
  const { rows } = await tx.query<{
    tags: boolean;
    discounts: boolean;
    natives: boolean;
    metafields: boolean;
  }>(sql`
    SELECT EXISTS (SELECT FROM tag_outbox WHERE shop_id = ${tx.shopId}) AS tags,
           EXISTS (SELECT FROM offer_discount WHERE shop_id = ${tx.shopId} AND fault IS NULL) AS discounts,
           EXISTS (SELECT FROM native_segment WHERE shop_id = ${tx.shopId} AND failure IS NULL) AS natives,
           EXISTS (SELECT FROM metafield_written WHERE shop_id = ${tx.shopId})
             AND NOT EXISTS (SELECT FROM reach_settings
                              WHERE shop_id = ${tx.shopId} AND metafields_failure IS NOT NULL) AS metafields`);
  const left = rows[0];
  if (left?.tags) return 'tags';
  if (left?.discounts) return 'discounts';
  if (left?.natives) return 'segments';
  return left?.metafields ? 'metafields' : 'done';
}

async function makeReceipt(tx: ShopTx, run: Run): Promise<LeavingReceipt> {
  const left = await countOurs(tx);
  const { rows: removed } = await tx.query<{ tags: number; discounts: number; segments: number }>(sql`
    SELECT (SELECT count(*)::int FROM tag_write WHERE shop_id = ${tx.shopId} AND id > ${run.afterTagWrite}::bigint
               AND act = 'remove' AND outcome = 'confirmed') AS tags,
           count(*) FILTER (WHERE kind = 'discount')::int AS discounts,
           count(*) FILTER (WHERE kind = 'segment')::int AS segments
      FROM discount_write WHERE shop_id = ${tx.shopId} AND id > ${run.afterDiscountWrite}::bigint
       AND act = 'delete' AND outcome = 'confirmed'`);
  const { rows: tags } = await tx.query<{ reason: string | null; count: number }>(sql`
    SELECT last.reason, count(*)::int AS count FROM tag_owned o
      JOIN customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id AND c.deleted_at IS NULL
      LEFT JOIN LATERAL (
        SELECT w.reason FROM tag_write w WHERE w.shop_id = o.shop_id AND w.customer_id = o.customer_id AND w.tag = o.tag
         ORDER BY w.id DESC LIMIT 1) last ON true
     WHERE o.shop_id = ${tx.shopId} AND o.suppressed_at IS NULL AND o.lost_in IS NULL GROUP BY last.reason`);
  const { rows: discounts } = await tx.query<{ reason: string; count: number }>(sql`
    SELECT fault AS reason, count(*)::int AS count FROM offer_discount
     WHERE shop_id = ${tx.shopId} AND fault IS NOT NULL GROUP BY fault`);
  const { rows: natives } = await tx.query<{ reason: string; count: number }>(sql`
    SELECT failure AS reason, count(*)::int AS count FROM native_segment
     WHERE shop_id = ${tx.shopId} AND failure IS NOT NULL GROUP BY failure`);
  const { rows: metafields } = await tx.query<{ reason: string }>(sql`
    SELECT metafields_failure AS reason FROM reach_settings
     WHERE shop_id = ${tx.shopId} AND metafields_failure IS NOT NULL`);
  return {
    removed: {
      tags: removed[0]?.tags ?? 0,
      discounts: removed[0]?.discounts ?? 0,
      discountSegments: removed[0]?.segments ?? 0,
      nativeSegments: Math.max(0, run.found.nativeSegments - left.nativeSegments),
      metafields: Math.max(0, run.found.metafields - left.metafields),
    },
    failed: [
      ...tags.map(({ reason, count }) => ({
        kind: 'tags' as const,
        reason: explainFailure(reason ?? 'not_confirmed'),
        count,
      })),
      ...discounts.map((one) => ({ kind: 'discounts' as const, ...one })),
      ...natives.map((one) => ({ kind: 'nativeSegments' as const, ...one })),
      ...metafields.map(({ reason }) => ({ kind: 'metafields' as const, reason, count: left.metafields })),
    ],
  };
}
