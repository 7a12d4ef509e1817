import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { Leftover } from './leftover.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

/**
 * What an earlier installation left, and tags with our prefix that were found in the store; those that the merchant
 * wants left are not named any more. Of tags only those that somebody has.
 */
export async function readLeftovers(tx: ShopTx): Promise<Leftover[]> {
  const { rows } = await tx.query<Leftover & Record<string, unknown>>(sql`
    SELECT * FROM (
      SELECT l.kind, l.ref, l.name, l.detail, l.sure, l.state, l.failure,
             CASE WHEN l.kind = 'tag' THEN (
               SELECT count(*)::int FROM tag_owned o
                 JOIN customer c ON c.shop_id = o.shop_id AND c.id = o.customer_id AND c.deleted_at IS NULL
                WHERE o.shop_id = l.shop_id AND o.tag_key = l.ref AND ${STILL_OURS})
             ELSE 0 END AS customers
        FROM leftover l WHERE l.shop_id = ${tx.shopId} AND l.state <> 'left'
      UNION ALL
      SELECT 'tag', f.tag_key, min(f.tag), '', false, 'asked', NULL, count(*)::int
        FROM tag_found f WHERE f.shop_id = ${tx.shopId} AND f.state = 'asked'
         AND NOT EXISTS (SELECT FROM leftover l WHERE l.shop_id = f.shop_id AND l.kind = 'tag' AND l.ref = f.tag_key)
       GROUP BY f.tag_key
    ) AS every WHERE kind <> 'tag' OR customers > 0
    ORDER BY array_position(ARRAY['tag', 'segment', 'discount', 'definition'], kind), name, ref LIMIT 1000`);
  return rows;
}
