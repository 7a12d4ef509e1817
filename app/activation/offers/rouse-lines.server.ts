import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/**
 * Of these offers somebody holds one no longer. Where people wait at a bound, the first in line get what came free, as
 * soon as the line is walked; where nobody does, nothing is to be done.
 * @param offerIds a statement of one column
 */
export async function rouseLines(tx: ShopTx, offerIds: Sql): Promise<void> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM offer WHERE shop_id = ${tx.shopId} AND line_waits AND state = 'running' AND id IN (${offerIds}) LIMIT 1`);
  if (rowCount) await wake(tx, tx.shopId, 'offer-day', AT_ONCE);
}
