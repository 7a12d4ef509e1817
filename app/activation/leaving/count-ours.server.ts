import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { NOTHING_TO_LEAVE, type LeavingCounts } from './leaving.ts';

/** What is ours in the store, as far as we know: tags that somebody else removed are not there any more. */
export async function countOurs(tx: ShopTx): Promise<LeavingCounts> {
  const { rows } = await tx.query<LeavingCounts & Record<string, unknown>>(sql`
    SELECT (SELECT count(*)::int FROM tag_owned o
              JOIN customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id AND c.deleted_at IS NULL
             WHERE o.shop_id = ${tx.shopId} AND o.suppressed_at IS NULL AND o.lost_in IS NULL) AS tags,
           (SELECT count(*)::int FROM offer_discount
             WHERE shop_id = ${tx.shopId} AND discount_id IS NOT NULL) AS discounts,
           (SELECT count(DISTINCT segment_id)::int FROM offer_discount
             WHERE shop_id = ${tx.shopId} AND segment_id IS NOT NULL) AS "discountSegments",
           (SELECT count(*)::int FROM native_segment
             WHERE shop_id = ${tx.shopId} AND shopify_id IS NOT NULL) AS "nativeSegments",
           (SELECT count(*)::int FROM metafield_written WHERE shop_id = ${tx.shopId}) AS metafields`);
  return rows[0] ?? NOTHING_TO_LEAVE;
}
