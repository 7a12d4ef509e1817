/** Whether anything may be written to the store at all: the app is installed and writing was not stopped. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

export async function mayWrite(tx: ShopTx): Promise<boolean> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM shop_settings AS settings JOIN shop ON shop.id = settings.shop_id
     WHERE settings.shop_id = ${tx.shopId} AND settings.writes_stopped_at IS NULL AND shop.state = 'installed'`);
  return rowCount === 1;
}
