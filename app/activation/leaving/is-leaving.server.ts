import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/** While everything of ours is taken out nothing is put in. Ask with the shop's lock held. */
export async function isLeaving(tx: ShopTx): Promise<boolean> {
  const { rowCount } = await tx.query(
    sql`SELECT 1 FROM leaving WHERE shop_id = ${tx.shopId} AND state = 'running'`,
  );
  return rowCount !== 0;
}
