import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { METAFIELD_KEYS } from '../metafields/metafield-definitions.ts';
import { NOTHING_TO_LEAVE, type LeavingCounts } from './leaving.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

/**
 * What is ours in the store, as far as we know: tags that somebody else removed are not there any more. Of an earlier
 * installation what is not among our own records, unless the merchant wants it left.
 */
export async function countOurs(tx: ShopTx): Promise<LeavingCounts> {
  const { rows } = await tx.query<LeavingCounts & Record<string, unknown>>(sql`
    WITH left_over AS (
      SELECT kind, ref FROM leftover WHERE shop_id = ${tx.shopId} AND sure AND state <> 'left')
    SELECT (SELECT count(*)::int FROM tag_owned o
              JOIN customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id AND c.deleted_at IS NULL
             WHERE o.shop_id = ${tx.shopId} AND ${STILL_OURS}) AS tags,
           (SELECT count(*)::int FROM offer_discount
             WHERE shop_id = ${tx.shopId} AND discount_id IS NOT NULL)
         + (SELECT count(*)::int FROM left_over l WHERE kind = 'discount' AND NOT EXISTS (
              SELECT FROM offer_discount d WHERE d.shop_id = ${tx.shopId} AND d.discount_id = l.ref)) AS discounts,
           (SELECT count(DISTINCT segment_id)::int FROM offer_discount
             WHERE shop_id = ${tx.shopId} AND segment_id IS NOT NULL) AS "discountSegments",
           (SELECT count(*)::int FROM native_segment
             WHERE shop_id = ${tx.shopId} AND shopify_id IS NOT NULL)
         + (SELECT count(*)::int FROM left_over l WHERE kind = 'segment' AND NOT EXISTS (
              SELECT FROM native_segment n WHERE n.shop_id = ${tx.shopId} AND n.shopify_id::text = l.ref)
                AND NOT EXISTS (
              SELECT FROM offer_discount d WHERE d.shop_id = ${tx.shopId} AND d.segment_id = l.ref)) AS "nativeSegments",
           (SELECT count(*)::int FROM metafield_written WHERE shop_id = ${tx.shopId}) AS metafields,
           greatest((SELECT count(*)::int FROM left_over WHERE kind = 'definition'),
                    (SELECT count(*)::int FROM reach_settings
                      WHERE shop_id = ${tx.shopId} AND metafields_defined) * ${METAFIELD_KEYS.length}::int) AS definitions`);
  return rows[0] ?? NOTHING_TO_LEAVE;
}
