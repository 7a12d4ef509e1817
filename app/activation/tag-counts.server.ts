import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export interface TagCounts {
  /** (customer, tag) pairs that Shopify confirmed. */
  added: number;
  removed: number;
  /** (customer, tag) pairs whose last try was given up. */
  failed: number;
  /** Customers with at least one of our tags now. */
  customersTagged: number;
}

export async function readTagCounts(tx: ShopTx): Promise<TagCounts> {
  const { rows } = await tx.query<TagCounts & Record<string, unknown>>(sql`
    SELECT (count(*) FILTER (WHERE act = 'add' AND outcome = 'confirmed'))::int AS added,
           (count(*) FILTER (WHERE act = 'remove' AND outcome = 'confirmed'))::int AS removed,
           (SELECT count(*)::int FROM (
              SELECT DISTINCT ON (customer_id, tag) outcome FROM tag_write
               WHERE shop_id = ${tx.shopId} ORDER BY customer_id, tag, id DESC) AS last
             WHERE outcome = 'failed') AS failed,
           (SELECT count(DISTINCT customer_id)::int FROM tag_owned
             WHERE shop_id = ${tx.shopId} AND added_at IS NOT NULL AND suppressed_at IS NULL) AS "customersTagged"
      FROM tag_write WHERE shop_id = ${tx.shopId}`);
  return rows[0] ?? { added: 0, removed: 0, failed: 0, customersTagged: 0 };
}
