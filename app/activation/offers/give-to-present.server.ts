import { allowMassAct } from '../../db/allow-mass-act.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopDay } from '../../history/read-shop-day.server.ts';
import { HOLDERS_AT_ONCE } from './end-offers.server.ts';
import { giveToSome } from './give-offers.server.ts';
import { HELD_OR_OVER_FOR_GOOD } from './had-offer.ts';

/**
 * Everybody who is in the offer's segment now joins its line; the first get it here, the others with the next look at
 * what a day does (`rouseOffer`), in portions.
 * @returns how many got it; `more`: there are others in line
 */
export async function giveToPresent(
  tx: ShopTx,
  day: ShopDay,
  { offerId, atOnce = HOLDERS_AT_ONCE }: { offerId: string; atOnce?: number },
): Promise<{ given: number; more: boolean }> {
  await allowMassAct(tx);
  await tx.query(sql`
    INSERT INTO offer_present (shop_id, offer_id, customer_id, since)
    SELECT o.shop_id, o.id, m.customer_id, m.since
      FROM offer o JOIN membership m ON m.shop_id = o.shop_id AND m.segment_id = o.segment_id
     WHERE o.shop_id = ${tx.shopId} AND o.id = ${offerId}::bigint
       AND NOT EXISTS (SELECT FROM offer_holder h WHERE h.shop_id = o.shop_id AND h.offer_id = o.id
                          AND h.customer_id = m.customer_id AND ${HELD_OR_OVER_FOR_GOOD})
    ON CONFLICT (shop_id, offer_id, customer_id) DO UPDATE SET since = excluded.since`);
  const { looked, given, last } = await giveToSome(tx, day, { id: offerId, after: null, atOnce });
  return { given, more: last !== null && looked === atOnce };
}
