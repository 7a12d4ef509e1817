import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/** The app was removed while the store was being left: the run that is under way is over, without a receipt. */
export async function giveUpLeaving(tx: ShopTx, now: Date): Promise<void> {
  await tx.query(sql`
    UPDATE leaving SET state = 'done', finished_at = ${now} WHERE shop_id = ${tx.shopId} AND state = 'running'`);
}
