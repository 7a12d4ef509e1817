/**
 * Somebody has put the tag of an offer on a customer in Shopify: they get its discount from then on, so they hold it,
 * by a merchant's word. No bound, no days between two offers and no control group stand against it, and leaving the
 * segment does not end it, since they need not be in it; the offer's end, the order that uses it and "take it away" do.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { readShopDay } from '../../history/read-shop-day.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { reviewOffered } from '../../segments/review-offered.server.ts';
import { mostCosts } from './most-cost.ts';
import { clearMoved, MOVED, noteMoved } from './moved-holders.server.ts';
import type { Offer } from './offer.ts';

/**
 * @param found tags that are not ours, by their keys
 * @param options.offers the open ones. @param options.now business time
 * @returns those of them that are of open offers, and of people who may have them: neither named "never in" nor left out
 */
export async function giveByHand<T extends { id: ShopifyId; key: string }>(
  tx: ShopTx,
  found: readonly T[],
  { offers, now }: { offers: readonly Offer[]; now: Date },
): Promise<T[]> {
  const byKey = new Map(offers.map((offer) => [tagKey(offer.tag), offer.id]));
  const named = found.flatMap((tag) => {
    const offerId = byKey.get(tag.key);
    return offerId === undefined ? [] : [{ tag, offerId }];
  });
  if (named.length === 0) return [];
  const day = await readShopDay(tx, now);
  await clearMoved(tx);
  const { rows } = await tx.query<{ id: ShopifyId; offerId: string }>(sql`
    WITH named AS MATERIALIZED (
      SELECT n.* FROM unnest(${named.map(({ offerId }) => offerId)}::bigint[], ${named.map(({ tag }) => tag.id)}::bigint[])
                    AS n (offer_id, customer_id)
        JOIN offer o ON o.shop_id = ${tx.shopId} AND o.id = n.offer_id
        JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = n.customer_id AND NOT p.left_out
       WHERE NOT EXISTS (SELECT FROM segment_person never WHERE never.shop_id = ${tx.shopId} AND never.segment_id = o.segment_id
                            AND never.customer_id = n.customer_id AND never.list = 'never')
    ), cost AS MATERIALIZED (
      ${mostCosts(tx.shopId, day, sql`SELECT offer_id, customer_id FROM named`, offers)}
    ), given AS (
      INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause, most_minor)
      SELECT ${tx.shopId}::bigint, offer_id, customer_id, ${now}::timestamptz, 'hand', cost.most_minor
        FROM named JOIN cost USING (offer_id, customer_id) ORDER BY offer_id, customer_id
      ON CONFLICT (shop_id, offer_id, customer_id) DO UPDATE
        SET since = excluded.since, cause = excluded.cause, most_minor = excluded.most_minor, until = NULL,
            ended_at = NULL, end_cause = NULL
      RETURNING customer_id
    ), noted AS (
      ${noteMoved('given')}
    )
    SELECT customer_id AS id, offer_id AS "offerId" FROM named`);
  await reviewOffered(tx, MOVED, now);
  const given = new Set(rows.map(({ id, offerId }) => `${id} ${offerId}`));
  return named.flatMap(({ tag, offerId }) => (given.has(`${tag.id} ${offerId}`) ? [tag] : []));
}
