import { allowMassAct } from '../../db/allow-mass-act.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { closeOffers } from './close-offers.server.ts';
import { LEFT_ALONE } from './discount-rows.server.ts';

/**
 * The app was removed: offers are over. What they left in the store stays known and is not touched by itself, so that
 * whoever comes back finds it and decides.
 */
export async function leaveOffers(tx: ShopTx, now: Date): Promise<void> {
  await allowMassAct(tx);
  await closeOffers(tx, { now, cause: 'uninstalled' });
  await tx.query(sql`
    UPDATE offer_holder SET ended_at = ${now}, end_cause = 'offer'
     WHERE shop_id = ${tx.shopId} AND ended_at IS NULL`);
  await tx.query(sql`DELETE FROM offer_order WHERE shop_id = ${tx.shopId} AND state = 'ask'`);
  await tx.query(
    sql`UPDATE offer_discount SET not_before = ${LEFT_ALONE}, fault = NULL, edited = NULL WHERE shop_id = ${tx.shopId}`,
  );
}
