/** How an offer stands: holders, what it can cost and has taken off so far, its discount in Shopify. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { HELD_OR_OVER_FOR_GOOD, TAG_NOT_WRITTEN, TAG_TAKEN_OFF } from './had-offer.ts';
import type { DiscountEdit } from './kept-edit.ts';

export interface OfferStanding {
  offerId: string;
  holders: number;
  reachable: number;
  /** Of the holders, minor units. */
  mostMinor: string;
  /** Have left the segment, and keep it for some days. */
  leaving: number;
  /** Were given its tag by hand in Shopify. */
  byHand: number;
  /** Had its tag taken off by hand in Shopify: they do not get the discount. */
  tagOff: number;
  /** Its tag cannot be written on them (250 tags): they do not get the discount. */
  notWritten: number;
  used: number;
  /** All discounts of the orders that used it, minor units; of free shipping what was taken off shipping. */
  takenMinor: string;
  /** Members without it: came in with many others, another new offer of late, or the bound is reached. */
  without: number;
  /** Offers that the app's discount serves together with this one, itself included; 0: it has a discount of its own. */
  sharedBy: number;
  inShopify: 'there' | 'coming' | 'refused' | 'edited' | 'none';
  fault: string | null;
  edited: DiscountEdit | null;
}

export async function readOfferStandings(
  tx: ShopTx,
  ids: readonly string[],
): Promise<Map<string, OfferStanding>> {
  const { rows } = await tx.query<OfferStanding & { there: boolean; rows: number; running: boolean }>(sql`
    SELECT o.id AS "offerId", held.*, used.*,
           (SELECT count(*)::int FROM membership m
             WHERE o.state <> 'ended' AND m.shop_id = o.shop_id AND m.segment_id = o.segment_id
               AND NOT EXISTS (SELECT FROM offer_holder h WHERE h.shop_id = o.shop_id AND h.offer_id = o.id
                                  AND h.customer_id = m.customer_id
                                  AND ${HELD_OR_OVER_FOR_GOOD})) AS without,
           (SELECT count(*)::int FROM offer x WHERE x.shop_id = o.shop_id AND x.way = 'function' AND o.way = 'function'
               AND x.slot = o.slot AND x.state <> 'ended') AS "sharedBy",
           o.state = 'running' AS running, d.rows, coalesce(d.there, false) AS there, d.fault, d.edited
      FROM offer o
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS holders, (count(*) FILTER (WHERE c.email_consent = 'SUBSCRIBED'))::int AS reachable,
               coalesce(sum(h.most_minor), 0)::text AS "mostMinor",
               (count(*) FILTER (WHERE h.until IS NOT NULL))::int AS leaving,
               (count(*) FILTER (WHERE h.cause = 'hand'))::int AS "byHand",
               (count(*) FILTER (WHERE ${TAG_TAKEN_OFF}))::int AS "tagOff",
               (count(*) FILTER (WHERE ${TAG_NOT_WRITTEN}))::int AS "notWritten"
          FROM offer_holder h JOIN customer c ON c.shop_id = h.shop_id AND c.id = h.customer_id
         WHERE h.shop_id = o.shop_id AND h.offer_id = o.id AND h.ended_at IS NULL) held
      CROSS JOIN LATERAL (
        SELECT o.erased_uses + count(*)::int AS used,
               (o.erased_taken_minor + coalesce(sum(u.taken_minor), 0))::text AS "takenMinor"
          FROM offer_order u WHERE u.shop_id = o.shop_id AND u.offer_id = o.id AND u.state = 'used') used
      CROSS JOIN LATERAL (
        SELECT count(*)::int AS rows, bool_or(discount_id IS NOT NULL) AS there, max(fault) AS fault,
               (array_agg(edited) FILTER (WHERE edited IS NOT NULL))[1] AS edited
          FROM offer_discount d
         WHERE d.shop_id = o.shop_id AND (d.offer_id = o.id OR (d.slot = o.slot AND o.way = 'function'))) d
     WHERE o.shop_id = ${tx.shopId} AND o.id = ANY(${[...ids]}::bigint[])`);
  return new Map(
    rows.map(({ there, rows: made, running, ...row }) => {
      const inShopify = row.edited ? 'edited' : row.fault !== null ? 'refused' : there ? 'there' : made > 0 || running ? 'coming' : 'none'; // prettier-ignore
      return [row.offerId, { ...row, inShopify }];
    }),
  );
}
