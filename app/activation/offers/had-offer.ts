import { sql } from '../../db/sql.ts';
import { wholeOfferTag } from '../../segments/whole-offer-tag.ts';

/**
 * Of `offer_holder h`: they hold it, or it is over for them for good (used, taken by hand, excluded from the segment,
 * gone from the store, ended with the offer), so they get it no second time. Who left its segment, with days to keep it
 * (`lapsed`) or without (`left`), and comes back does.
 */
export const HELD_OR_OVER_FOR_GOOD = sql`(h.ended_at IS NULL OR h.end_cause NOT IN ('left', 'lapsed'))`;

/** Of `offer_holder h`: from when on an order may have used it. A tag put on by hand works before we hear of it. */
export const USABLE_FROM = sql`(h.since - CASE WHEN h.cause = 'hand' THEN interval '1 day' ELSE interval '0' END)`;

/**
 * Of `offer_holder h`, its `offer o` and `orders placed`: they held it then, or had its tag yet, which gives the discount
 * from the end of the offer for them until Shopify has taken it off.
 */
export const USABLE_UNTIL = sql`(
  h.ended_at IS NULL OR placed.processed_at <= h.ended_at
  OR EXISTS (SELECT FROM tag_owned t WHERE t.shop_id = h.shop_id AND t.customer_id = h.customer_id
                AND t.tag_key = lower(${wholeOfferTag()}) AND t.suppressed_at IS NULL)
  OR EXISTS (SELECT FROM tag_write w WHERE w.shop_id = h.shop_id AND w.customer_id = h.customer_id
                AND lower(w.tag) = lower(${wholeOfferTag()}) AND w.act = 'remove' AND w.outcome = 'confirmed'
                AND w.at >= placed.processed_at))`;

/** Of `offer_holder h` and its `offer o`: somebody took its tag off in Shopify, so they do not get the discount. */
export const TAG_TAKEN_OFF = sql`EXISTS (
  SELECT FROM tag_owned t WHERE t.shop_id = h.shop_id AND t.customer_id = h.customer_id
     AND t.tag_key = lower(${wholeOfferTag()}) AND t.suppressed_at IS NOT NULL)`;

/** Of `offer_holder h` and its `offer o`: Shopify does not take its tag (250 tags a customer), so they do not get it. */
export const TAG_NOT_WRITTEN = sql`EXISTS (
  SELECT FROM tag_impossible t WHERE t.shop_id = h.shop_id AND t.customer_id = h.customer_id
     AND t.tag_key = lower(${wholeOfferTag()}))`;
