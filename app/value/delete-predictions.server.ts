import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/** Removes the predictions of these customers; of the whole shop, the fits too. @returns rows removed */
export async function deletePredictions(
  tx: ShopTx,
  customers: readonly ShopifyId[] | 'all',
): Promise<number> {
  if (customers !== 'all') {
    const { rowCount } = await tx.query(
      sql`DELETE FROM prediction WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`,
    );
    return rowCount ?? 0;
  }
  const predictions = await tx.query(sql`DELETE FROM prediction WHERE shop_id = ${tx.shopId}`);
  const fits = await tx.query(sql`DELETE FROM ltv_fit WHERE shop_id = ${tx.shopId}`);
  return (predictions.rowCount ?? 0) + (fits.rowCount ?? 0);
}
