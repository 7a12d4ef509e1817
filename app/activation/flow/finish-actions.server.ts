/**
 * Customers whom Flow wanted checked and who have been read again: they are computed anew even if nothing about them
 * has changed, and their runs are done with the transaction that does so.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';

/**
 * Call it after the re-reads were settled. @param now machine time
 * @returns the customers whom runs asked for, by the id that is kept after merges
 */
export async function finishActions(tx: ShopTx, read: readonly ShopifyId[], now: Date): Promise<ShopifyId[]> {
  if (read.length === 0) return [];
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    WITH finished AS (
      UPDATE flow_action_run a SET done_at = ${now}
       WHERE a.shop_id = ${tx.shopId} AND a.done_at IS NULL AND a.customer_id = ANY(${[...read]}::bigint[])
         AND NOT EXISTS (SELECT FROM reread r WHERE r.shop_id = ${tx.shopId} AND r.kind = 'customer'
                            AND r.object_id = a.customer_id)
      RETURNING a.customer_id)
    SELECT DISTINCT coalesce(alias.kept_id, f.customer_id) AS id
      FROM finished f
      LEFT JOIN customer_alias alias ON alias.shop_id = ${tx.shopId} AND alias.old_id = f.customer_id
      JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = coalesce(alias.kept_id, f.customer_id)`);
  return rows.map((row) => row.id);
}
