/**
 * Who was named for a segment by hand and has been merged into another customer is named there. Of two different
 * words the kept customer's own stands.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/** For the touched customers; without people named by hand or merges this looks at an index and no more. */
export async function followMergedPeople(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    WITH moved AS (
      DELETE FROM segment_person p USING customer_alias a, touched_customer t
       WHERE p.shop_id = ${tx.shopId} AND a.shop_id = ${tx.shopId} AND a.kept_id = t.customer_id
         AND p.customer_id = a.old_id
      RETURNING p.segment_id, a.kept_id, p.list, p.at, p.actor)
    INSERT INTO segment_person (shop_id, segment_id, customer_id, list, at, actor)
    SELECT DISTINCT ON (m.segment_id, m.kept_id, m.list) ${tx.shopId}::bigint, m.segment_id, m.kept_id, m.list, m.at, m.actor
      FROM moved m
     WHERE m.list NOT IN ('always', 'never') OR NOT EXISTS (
       SELECT FROM segment_person own
        WHERE own.shop_id = ${tx.shopId} AND own.segment_id = m.segment_id AND own.customer_id = m.kept_id
          AND own.list IN ('always', 'never'))
     ORDER BY m.segment_id, m.kept_id, m.list, m.at
    ON CONFLICT DO NOTHING`);
}
