import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/** Removes the scores of these customers; of the whole shop, the cut points too. @returns rows removed */
export async function deleteScores(tx: ShopTx, customers: readonly ShopifyId[] | 'all'): Promise<number> {
  if (customers !== 'all') {
    const { rowCount } = await tx.query(
      sql`DELETE FROM score WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`,
    );
    return rowCount ?? 0;
  }
  const scores = await tx.query(sql`DELETE FROM score WHERE shop_id = ${tx.shopId}`);
  const cutPoints = await tx.query(sql`DELETE FROM cut_points WHERE shop_id = ${tx.shopId}`);
  return (scores.rowCount ?? 0) + (cutPoints.rowCount ?? 0);
}
