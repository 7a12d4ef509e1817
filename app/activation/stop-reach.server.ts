import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/**
 * The app was removed: nothing waits for the store any more, and whoever comes back decides again what is written to
 * it. Which segments in Shopify are ours stays known, so that they can be taken up or removed then.
 */
export async function stopReach(tx: ShopTx): Promise<void> {
  await tx.query(sql`DELETE FROM metafield_outbox WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`DELETE FROM metafield_written WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`
    UPDATE reach_settings SET metafields = 'off', metafields_defined = false, metafields_failure = NULL
     WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`DELETE FROM flow_event WHERE shop_id = ${tx.shopId} AND state = 'waiting'`);
  await tx.query(
    sql`UPDATE flow_run SET state = 'stopped' WHERE shop_id = ${tx.shopId} AND state = 'running'`,
  );
  await tx.query(sql`DELETE FROM flow_action_run WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`DELETE FROM attention WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`UPDATE native_segment SET state = 'left' WHERE shop_id = ${tx.shopId}`);
}
