/**
 * Memberships -> who holds which offer, for the customers of touched_customer, set-based, in the transaction that
 * changed the memberships. Wanted against stored, so running it again changes nothing.
 *
 * An offer is given on entering its segment by what happens in the store's life or by a merchant's word; causes that
 * move many at once give nothing (the offer's page gives it to those). It is kept until the offer's end, or so many
 * days after leaving when a date, other people's purchases or a merge were the cause; who leaves by something of their
 * own doing, is named "never in" or left out of everything loses it at once. The order that used it ends it elsewhere (find-uses.server.ts);
 * whoever was given it by hand (give-by-hand.server.ts) need not be in the segment.
 *
 * Nobody gets a second new offer within `offer_gap_days`; at an offer's bound new people wait, holders keep it, and what
 * comes free is for who waits longest.
 */
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { readShopDay, type ShopDay } from '../../history/read-shop-day.server.ts';
import { withinTouched } from '../../history/within-touched.ts';
import { reviewOffered } from '../../segments/review-offered.server.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';
import { endOffers } from './end-offers.server.ts';
import { giveToTouched } from './give-offers.server.ts';
import { clearMoved, MOVED, noteMoved } from './moved-holders.server.ts';
import { USABLE_FROM, USABLE_UNTIL } from './had-offer.ts';
import type { Offer } from './offer.ts';
import { readOpenOffers } from './read-offers.server.ts';
import { rouseLines } from './rouse-lines.server.ts';

/** Something of their own doing, or a merchant's word about them. A merge is neither: the kept customer holds on. */
const THEIR_OWN = ['order', 'refund', 'edit', 'consent', 'manual'] as const;

export interface SettledOffers {
  given: number;
  ended: number;
}

/** Queues whose tags may differ now. @param now business time */
export async function settleOffers(tx: ShopTx, { now }: { now: Date }): Promise<SettledOffers> {
  // What somebody had counts for ever (used, the days between two offers): it is followed with no offer open, too.
  await followMerged(tx, now);
  const offers = await readOpenOffers(tx);
  const settled = offers.length > 0 ? await settleOpen(tx, offers, now) : { given: 0, ended: 0 };
  // An order placed before an offer's end may be heard of after it.
  await askAboutOrders(tx, now);
  return settled;
}

async function settleOpen(tx: ShopTx, offers: readonly Offer[], now: Date): Promise<SettledOffers> {
  const day = await readShopDay(tx, now);
  const without = offers.filter(({ segmentStatus }) => segmentStatus === null || segmentStatus === 'draft');
  if (without.length > 0) await endOffers(tx, without.map(({ id }) => id), { now, cause: 'segment' }); // prettier-ignore
  const ended = await endHolders(tx, day);
  const given = await giveToTouched(tx, day, offers);
  return { given, ended };
}

/**
 * What the other customer of a merge held is held by the one that was kept, once. Where both had it, what ended it for
 * good for one of them (the order that used it, a merchant's word) ends it for the person; else whoever still holds it wins.
 */
async function followMerged(tx: ShopTx, now: Date): Promise<void> {
  const { rowCount } = await tx.query(sql`
    WITH mine AS MATERIALIZED (
      SELECT a.old_id, a.kept_id FROM touched_customer t
        JOIN customer_alias a ON a.shop_id = ${tx.shopId} AND a.kept_id = t.customer_id
       WHERE t.cause = 'merge'
    ), moved AS (
      DELETE FROM offer_holder h USING mine
       WHERE h.shop_id = ${tx.shopId} AND h.customer_id = mine.old_id
      RETURNING h.offer_id, mine.kept_id, h.since, h.cause, h.most_minor, h.until, h.ended_at, h.end_cause
    ), either AS (
      SELECT moved.* FROM moved
      UNION ALL
      SELECT h.offer_id, h.customer_id, h.since, h.cause, h.most_minor, h.until, h.ended_at, h.end_cause
        FROM offer_holder h
       WHERE h.shop_id = ${tx.shopId} AND h.customer_id IN (SELECT kept_id FROM moved)
         AND h.offer_id IN (SELECT offer_id FROM moved)
    )
    INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause, most_minor, until, ended_at, end_cause)
    SELECT DISTINCT ON (offer_id, kept_id) ${tx.shopId}::bigint, offer_id, kept_id, since, cause, most_minor, until,
           ended_at, end_cause
      FROM either
     ORDER BY offer_id, kept_id, coalesce(end_cause IN ('used', 'hand', 'excluded'), false) DESC,
              ended_at DESC NULLS FIRST, until DESC NULLS FIRST
    ON CONFLICT (shop_id, offer_id, customer_id) DO UPDATE
      SET since = excluded.since, cause = excluded.cause, most_minor = excluded.most_minor, until = excluded.until,
          ended_at = excluded.ended_at, end_cause = excluded.end_cause`);
  if (rowCount) {
    await reviewOffered(tx, sql`SELECT customer_id FROM touched_customer WHERE cause = 'merge'`, now);
    await rouseLines(
      tx,
      sql`SELECT h.offer_id FROM touched_customer t
            JOIN offer_holder h ON h.shop_id = ${tx.shopId} AND h.customer_id = t.customer_id
           WHERE t.cause = 'merge'`,
    );
  }
  await tx.query(sql`
    UPDATE offer_order u SET customer_id = a.kept_id FROM touched_customer t, customer_alias a
     WHERE t.cause = 'merge' AND a.shop_id = ${tx.shopId} AND a.kept_id = t.customer_id
       AND u.shop_id = ${tx.shopId} AND u.customer_id = a.old_id`);
}

/** Of touched_customer: who loses it, and who keeps it for some days. @returns how many people lose one */
export async function endHolders(tx: ShopTx, day: ShopDay): Promise<number> {
  await clearMoved(tx);
  const { rowCount } = await tx.query(sql`
    WITH held AS MATERIALIZED (
      SELECT h.offer_id, h.customer_id, h.until, t.cause AS why, o.keep_days, h.cause = 'hand' AS by_hand,
             coalesce(s.status = 'live', false) AS live,
             EXISTS (SELECT FROM membership m WHERE m.shop_id = h.shop_id AND m.segment_id = o.segment_id
                        AND m.customer_id = h.customer_id) AS member,
             coalesce(p.left_out, false)
             OR EXISTS (SELECT FROM segment_person n WHERE n.shop_id = h.shop_id AND n.segment_id = o.segment_id
                           AND n.customer_id = h.customer_id AND n.list = 'never') AS excluded,
             p.customer_id IS NOT NULL AS known
        FROM touched_customer t
        JOIN offer_holder h ON h.shop_id = ${tx.shopId} AND h.customer_id = t.customer_id AND h.ended_at IS NULL
        JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id AND o.state <> 'ended'
        LEFT JOIN segment s ON s.shop_id = o.shop_id AND s.id = o.segment_id
        LEFT JOIN profile p ON p.shop_id = h.shop_id AND p.customer_id = h.customer_id
       WHERE ${withinTouched('h.customer_id')}
    ), judged AS (
      SELECT held.*, live AND NOT member AND NOT by_hand AND until IS NULL AS leaves FROM held
    ), decided AS (
      SELECT offer_id, customer_id, until,
             CASE WHEN NOT known THEN 'gone'
                  WHEN excluded THEN 'excluded'
                  WHEN NOT member AND until < ${day.today}::date THEN 'lapsed'
                  WHEN leaves AND (keep_days = 0 OR why = ANY(${[...THEIR_OWN]}::text[])) THEN 'left' END AS ends,
             CASE WHEN member THEN NULL WHEN leaves THEN ${day.today}::date + keep_days ELSE until END AS keeps_until
        FROM judged
    ), changed AS (
      UPDATE offer_holder h
         SET until = d.keeps_until, end_cause = d.ends,
             ended_at = CASE WHEN d.ends IS NOT NULL THEN ${day.now}::timestamptz END
        FROM decided d
       WHERE h.shop_id = ${tx.shopId} AND h.offer_id = d.offer_id AND h.customer_id = d.customer_id
         AND (d.ends IS NOT NULL OR d.until IS DISTINCT FROM d.keeps_until)
      RETURNING h.customer_id, h.ended_at IS NOT NULL AS over
    ), ended AS (
      SELECT customer_id FROM changed WHERE over
    )
    ${noteMoved('ended')}`);
  if (!rowCount) return 0;
  await queueSelected(tx, MOVED, day.now);
  // What waits for a person may be the very leaving; the end of the days after an earlier one, or a word, does not wait.
  const notByLeaving = sql`
    SELECT h.customer_id FROM moved_holder m
      JOIN offer_holder h ON h.shop_id = ${tx.shopId} AND h.customer_id = m.customer_id
     WHERE h.ended_at = ${day.now} AND h.end_cause <> 'left'`;
  await queueSelected(tx, notByLeaving, day.now, { offerOver: true });
  await rouseLines(
    tx,
    sql`SELECT h.offer_id FROM moved_holder m
          JOIN offer_holder h ON h.shop_id = ${tx.shopId} AND h.customer_id = m.customer_id AND h.ended_at = ${day.now}`,
  );
  return rowCount;
}

/**
 * Orders of holders that were placed with some discount, also after the offer was over for them and before its tag was
 * off: whether it was ours is asked of Shopify. What is taken off shipping is in no order's discounts, so every order of
 * who holds free shipping is asked about.
 */
async function askAboutOrders(tx: ShopTx, now: Date): Promise<void> {
  const { rowCount } = await tx.query(sql`
    INSERT INTO offer_order (shop_id, order_id, customer_id, state, at)
    SELECT DISTINCT ${tx.shopId}::bigint, placed.id, placed.customer_id, 'ask', ${now}::timestamptz
      FROM touched_customer t
      JOIN offer_holder h ON h.shop_id = ${tx.shopId} AND h.customer_id = t.customer_id
      JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id
      JOIN orders placed ON placed.shop_id = h.shop_id AND placed.customer_id = h.customer_id
       AND placed.processed_at >= ${USABLE_FROM}
     WHERE ${withinTouched('h.customer_id')} AND placed.deleted_at IS NULL AND NOT placed.test
       AND (placed.discount_minor > 0 OR cardinality(placed.discount_codes) > 0
            OR o.terms #>> '{gives,kind}' = 'free_shipping')
       AND ${USABLE_UNTIL}
    ON CONFLICT (shop_id, order_id) DO NOTHING`);
  if (rowCount) await wake(tx, tx.shopId, 'offers', AT_ONCE);
}
