import { sql } from '../../db/sql.ts';
import { AT_ONCE, waitForShop, wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { isLeaving } from '../leaving/is-leaving.server.ts';
import { expectAnyValue, queueAllMetafields } from './queue-metafields.server.ts';

/**
 * On: everybody's metafields are written. Off: our definitions are taken out of the store, and Shopify removes the
 * values with them. @param now business time
 * @returns whether it is so now; they are not switched on while the store is being left
 */
export async function switchMetafields(tx: ShopTx, on: boolean, now: Date): Promise<boolean> {
  await waitForShop(tx, tx.shopId);
  if (on && (await isLeaving(tx))) return false;
  if (on) {
    await forgetHalfRemoved(tx);
    await tx.query(sql`
      INSERT INTO reach_settings (shop_id, metafields, metafields_since) VALUES (${tx.shopId}, 'on', ${now})
      ON CONFLICT (shop_id) DO UPDATE
        SET metafields = 'on', metafields_since = excluded.metafields_since, metafields_failure = NULL,
            metafields_defined = false
        WHERE reach_settings.metafields <> 'on'`);
    await queueAllMetafields(tx, now);
    return true;
  }
  await tx.query(sql`
    UPDATE reach_settings SET metafields = 'removing', metafields_since = ${now}, metafields_failure = NULL
     WHERE shop_id = ${tx.shopId} AND metafields IN ('on', 'removing')`);
  await tx.query(sql`DELETE FROM metafield_outbox WHERE shop_id = ${tx.shopId}`);
  await wake(tx, tx.shopId, 'metafields', AT_ONCE);
  return true;
}

/**
 * Switched on again before everything was out of the store: which values Shopify has removed with their definitions is
 * not known, so all are compared anew, those too that the customer should no longer have.
 */
async function forgetHalfRemoved(tx: ShopTx): Promise<void> {
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM reach_settings WHERE shop_id = ${tx.shopId} AND metafields = 'removing' FOR UPDATE`);
  if (rowCount) await expectAnyValue(tx);
}
