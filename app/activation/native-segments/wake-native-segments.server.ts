import { sql } from '../../db/sql.ts';
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/**
 * The segments in Shopify are to be compared with ours: a segment was turned on or off, renamed, deleted, got another
 * rule or tag, or tags were written. Nothing happens in a shop that has none. Call it last in the transaction.
 * @param dueAt machine time; default: at once
 */
export async function wakeNativeSegments(tx: ShopTx, dueAt = AT_ONCE): Promise<void> {
  const { rows } = await tx.query<{ any: boolean }>(sql`
    SELECT EXISTS (SELECT FROM native_segment WHERE shop_id = ${tx.shopId})
        OR EXISTS (SELECT FROM segment_reach WHERE shop_id = ${tx.shopId} AND native <> 'none') AS "any"`);
  if (rows[0]?.any) await wake(tx, tx.shopId, 'native-segments', dueAt);
}
