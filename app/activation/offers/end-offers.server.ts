/**
 * Offers are over: at once for whoever would be given one, and for their discounts; for those who hold them in
 * portions, the first of them in the transaction that ends the offer, the others in transactions of their own
 * (settle-offer-day.server.ts), so that the end of an offer that a million people hold locks nobody out.
 */
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';
import { closeOffers } from './close-offers.server.ts';
import { clearMoved, MOVED, noteMoved } from './moved-holders.server.ts';
import type { OfferEnd } from './offer.ts';

/** So many holders, or members, a transaction: seconds within its limits in any store. */
export const HOLDERS_AT_ONCE = 2_000;

/** @returns how many people hold one of them and lose it */
export async function endOffers(
  tx: ShopTx,
  offerIds: readonly string[],
  { now, cause, atOnce = HOLDERS_AT_ONCE }: { now: Date; cause: OfferEnd; atOnce?: number },
): Promise<number> {
  const closed = await closeOffers(tx, { ids: offerIds, now, cause });
  if (closed.length === 0) return 0;
  const { rows: held } = await tx.query<{ people: number }>(sql`
    SELECT count(DISTINCT customer_id)::int AS people FROM offer_holder
     WHERE shop_id = ${tx.shopId} AND offer_id = ANY(${closed}::bigint[]) AND ended_at IS NULL`);
  const people = held[0]?.people ?? 0;
  if (people > 0) await endSomeHolders(tx, { now, atOnce });
  // Whether there are more: the next portion says.
  if (people > 0) await wake(tx, tx.shopId, 'offer-day', AT_ONCE);
  await wake(tx, tx.shopId, 'offers', AT_ONCE);
  return people;
}

/**
 * The next holders of offers that are over lose their tags. Whom it has ended it does not find again, so it may be
 * stopped and begun again anywhere.
 * @returns false: there are no more
 */
export async function endSomeHolders(
  tx: ShopTx,
  { now, atOnce }: { now: Date; atOnce: number },
): Promise<boolean> {
  await clearMoved(tx);
  const { rowCount } = await tx.query(sql`
    WITH part AS MATERIALIZED (
      SELECT o.id AS offer_id, h.customer_id FROM offer o
       CROSS JOIN LATERAL (
         SELECT customer_id FROM offer_holder
          WHERE shop_id = ${tx.shopId} AND offer_id = o.id AND ended_at IS NULL LIMIT ${atOnce}) h
       WHERE o.shop_id = ${tx.shopId} AND o.state = 'ended' LIMIT ${atOnce}
    ), ended AS (
      UPDATE offer_holder h SET ended_at = ${now}, end_cause = 'offer' FROM part
       WHERE h.shop_id = ${tx.shopId} AND h.offer_id = part.offer_id AND h.customer_id = part.customer_id
      RETURNING h.customer_id
    )
    ${noteMoved('ended')}`);
  if (!rowCount) return false;
  // Its end was approved with the offer: its tag goes also where another change waits for a person, which goes on waiting.
  await queueSelected(tx, MOVED, now, { offerOver: true });
  return true;
}
