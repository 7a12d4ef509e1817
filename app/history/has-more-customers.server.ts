import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/** Whether the shop has more than so many customers, without counting all of them. */
export async function hasMoreCustomers(tx: ShopTx, than: number): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM profile WHERE shop_id = ${tx.shopId} OFFSET ${than} LIMIT 1`);
  return rowCount === 1;
}
