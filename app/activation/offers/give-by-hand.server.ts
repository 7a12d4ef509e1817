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
import { readOpenOffers } from './read-offers.server.ts';

export interface HandGiven {
  id: ShopifyId;
  tag: string;
  key: string;
  /** When Shopify was read with it (remote time). */
  readAt: Date;
}

/**
 * @param found tags that are not ours, as read
 * @param now business time
 * @returns those of them that are of open offers, and of people who may have them: neither named "never in" nor left out
 */
export async function giveByHand<T extends HandGiven>(
  tx: ShopTx,
  found: readonly T[],
  now: Date,
): Promise<T[]> {
  const offers = new Map<string, Offer>();
  for (const offer of await readOpenOffers(tx)) offers.set(tagKey(offer.tag), offer);
  const theirs = found.filter(({ key }) => offers.has(key));
  if (theirs.length === 0) return [];
  const day = await readShopDay(tx, now);
  await clearMoved(tx);
  const { rows } = await tx.query<{ id: ShopifyId; offerId: string }>(sql`
    WITH named AS MATERIALIZED (
      SELECT n.* FROM unnest(${theirs.map(({ key }) => offers.get(key)?.id ?? '0')}::bigint[], ${theirs.map(({ id }) => id)}::bigint[],
                             ${theirs.map(({ key }) => key)}::text[], ${theirs.map(({ tag }) => tag)}::text[],
                             ${theirs.map(({ readAt }) => readAt)}::timestamptz[])
                    AS n (offer_id, customer_id, tag_key, tag, seen_at)
        JOIN offer o ON o.shop_id = ${tx.shopId} AND o.id = n.offer_id
        JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = n.customer_id AND NOT p.left_out
       WHERE NOT EXISTS (SELECT FROM segment_person never WHERE never.shop_id = ${tx.shopId} AND never.segment_id = o.segment_id
                            AND never.customer_id = n.customer_id AND never.list = 'never')
    ), cost AS MATERIALIZED (
      ${mostCosts(tx.shopId, day, sql`SELECT offer_id, customer_id FROM named`, [...offers.values()])}
    ), noted_edit AS (
      INSERT INTO tag_edit (shop_id, customer_id, tag_key, tag, kind, at, noticed_at)
      SELECT ${tx.shopId}::bigint, customer_id, tag_key, tag, 'added', ${now}::timestamptz, seen_at FROM named
    ), ours AS (
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      SELECT ${tx.shopId}::bigint, customer_id, tag_key, tag, seen_at FROM named ON CONFLICT DO NOTHING
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
  return theirs.filter(({ id, key }) => given.has(`${id} ${offers.get(key)?.id}`));
}
