/** An offer is taken from one person by hand, and given back. Each in one transaction with its record. */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql, type Sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { readShopDay } from '../../history/read-shop-day.server.ts';
import { touchCustomers } from '../../history/touched-customers.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { queueCustomers } from '../tags/queue-changed.server.ts';
import { readOffer } from './read-offers.server.ts';
import { recordOfferAct } from './record-offer-act.server.ts';
import { rouseLines } from './rouse-lines.server.ts';
import { endHolders } from './settle-offers.server.ts';

export interface OnePersonsOffer {
  offerId: string;
  customerId: ShopifyId;
  actor: string;
  /** Business time. */
  now: Date;
}

/** Who has it no longer has it. @returns false when they do not hold it */
export function takeOffer(ctx: { db: Db }, shopId: ShopId, one: OnePersonsOffer): Promise<boolean> {
  return changeOne(ctx, shopId, 'take_offer', one, sql`
    UPDATE offer_holder h SET ended_at = ${one.now}, end_cause = 'hand'
     WHERE h.ended_at IS NULL`);
} // prettier-ignore

/**
 * As it would be had nobody taken it, while the offer lasts: who has left the segment meanwhile keeps it for as many
 * days from now as others do after leaving.
 * @returns false when it was not taken by hand, the offer has ended, or they would lose it at once: named "never in",
 * left out of everything, or the days that they keep it are over
 */
export function giveBackOffer(ctx: { db: Db }, shopId: ShopId, one: OnePersonsOffer): Promise<boolean> {
  return changeOne(ctx, shopId, 'give_back_offer', one, sql`
    UPDATE offer_holder h SET ended_at = NULL, end_cause = NULL
     WHERE h.end_cause = 'hand'
       AND EXISTS (SELECT FROM offer o WHERE o.shop_id = h.shop_id AND o.id = h.offer_id AND o.state <> 'ended')`);
} // prettier-ignore

async function changeOne(
  ctx: { db: Db },
  shopId: ShopId,
  act: 'take_offer' | 'give_back_offer',
  { offerId, customerId, actor, now }: OnePersonsOffer,
  update: Sql,
): Promise<boolean> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const offer = await readOffer(tx, offerId);
    if (!offer) return false;
    await tx.query('SAVEPOINT before_one');
    const { rowCount } = await tx.query(sql`
      ${update} AND h.shop_id = ${shopId} AND h.offer_id = ${offer.id}::bigint AND h.customer_id = ${customerId}::bigint`);
    if (!rowCount) return false;
    if (act === 'give_back_offer' && !(await keepsIt(tx, offer.id, customerId, now))) {
      await tx.query('ROLLBACK TO SAVEPOINT before_one');
      return false;
    }
    // A person decided it: it waits for no other decision. To take it is its tag alone.
    await queueCustomers(tx, [customerId], now, act === 'take_offer' ? { offerOver: true } : { free: true });
    if (act === 'take_offer') await rouseLines(tx, sql`SELECT ${offer.id}::bigint`);
    const review = { offer: offer.id, name: offer.name, customers: 1 };
    await recordOfferAct(tx, { act, segmentId: offer.segmentId, actor, at: now, review });
    return true;
  });
}

/** Judged as on a new day: whatever took them out of the segment meanwhile, it was not the merchant's word of now. */
async function keepsIt(tx: ShopTx, offerId: string, customerId: ShopifyId, now: Date): Promise<boolean> {
  await touchCustomers(tx, new Map([[customerId, 'clock']]));
  await endHolders(tx, await readShopDay(tx, now));
  const { rowCount } = await tx.query(sql`
    SELECT 1 FROM offer_holder
     WHERE shop_id = ${tx.shopId} AND offer_id = ${offerId}::bigint AND customer_id = ${customerId}::bigint
       AND ended_at IS NULL`);
  return rowCount === 1;
}
