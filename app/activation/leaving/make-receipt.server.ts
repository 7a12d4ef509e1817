/** The receipt of leaving: what was removed, from the records that Activity shows, and what could not be. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { explainFailure } from '../tags/write-failure.ts';
import { countOurs } from './count-ours.server.ts';
import type { LeavingCounts, LeavingReceipt } from './leaving.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

export interface LeavingRun extends Record<string, unknown> {
  id: string;
  /** The last records of Activity from before. */
  afterTagWrite: string;
  afterDiscountWrite: string;
  afterReachWrite: string;
}

export async function makeReceipt(tx: ShopTx, run: LeavingRun): Promise<LeavingReceipt> {
  return { removed: await readRemoved(tx, run), failed: await readFailed(tx) };
}

async function readRemoved(tx: ShopTx, run: LeavingRun): Promise<LeavingCounts> {
  const { rows } = await tx.query<LeavingCounts & Record<string, unknown>>(sql`
    WITH discount AS (
      SELECT kind FROM discount_write WHERE shop_id = ${tx.shopId} AND id > ${run.afterDiscountWrite}::bigint
         AND act = 'delete' AND outcome = 'confirmed'
    ), reach AS (
      SELECT kind, amount FROM reach_write WHERE shop_id = ${tx.shopId} AND id > ${run.afterReachWrite}::bigint
         AND act = 'delete'
    )
    SELECT (SELECT count(*)::int FROM tag_write WHERE shop_id = ${tx.shopId} AND id > ${run.afterTagWrite}::bigint
               AND act = 'remove' AND outcome = 'confirmed') AS tags,
           (SELECT count(*)::int FROM discount WHERE kind = 'discount') AS discounts,
           (SELECT count(*)::int FROM discount WHERE kind = 'segment') AS "discountSegments",
           (SELECT count(*)::int FROM reach WHERE kind = 'segment') AS "nativeSegments",
           (SELECT coalesce(sum(amount), 0)::int FROM reach WHERE kind = 'metafields') AS metafields,
           (SELECT count(*)::int FROM reach WHERE kind = 'definition') AS definitions`);
  const [removed] = rows;
  if (!removed) throw new TypeError('a count without a row');
  return removed;
}

async function readFailed(tx: ShopTx): Promise<LeavingReceipt['failed']> {
  const left = await countOurs(tx);
  const { rows: tags } = await tx.query<{ reason: string | null; count: number }>(sql`
    SELECT last.reason, count(*)::int AS count FROM tag_owned o
      JOIN customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id AND c.deleted_at IS NULL
      LEFT JOIN LATERAL (
        SELECT w.reason FROM tag_write w WHERE w.shop_id = o.shop_id AND w.customer_id = o.customer_id AND w.tag = o.tag
         ORDER BY w.id DESC LIMIT 1) last ON true
     WHERE o.shop_id = ${tx.shopId} AND ${STILL_OURS} GROUP BY last.reason`);
  const { rows } = await tx.query<{ kind: string; reason: string; count: number }>(sql`
    SELECT 'discounts' AS kind, fault AS reason, count(*)::int AS count FROM offer_discount
     WHERE shop_id = ${tx.shopId} AND fault IS NOT NULL GROUP BY fault
    UNION ALL
    SELECT 'nativeSegments', failure, count(*)::int FROM native_segment
     WHERE shop_id = ${tx.shopId} AND failure IS NOT NULL GROUP BY failure
    UNION ALL
    SELECT 'metafields', metafields_failure, ${left.metafields}::int FROM reach_settings
     WHERE shop_id = ${tx.shopId} AND metafields_failure IS NOT NULL
    UNION ALL
    SELECT CASE kind WHEN 'segment' THEN 'nativeSegments' WHEN 'definition' THEN 'definitions' ELSE 'discounts' END,
           failure, count(*)::int FROM leftover
     WHERE shop_id = ${tx.shopId} AND state = 'removing' AND failure IS NOT NULL GROUP BY kind, failure`);
  return [
    ...tags.map(({ reason, count }) => ({
      kind: 'tags' as const,
      reason: explainFailure(reason ?? 'not_confirmed'),
      count,
    })),
    ...rows.map(({ kind, reason, count }) => ({ kind: kind as keyof LeavingCounts, reason, count })),
  ];
}
