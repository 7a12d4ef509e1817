/**
 * Before an offer is made or changed: how many hold it, how many of them can be reached by e-mail, the most it can
 * cost, and what they would pay. Counted from the store as it is now; nothing is written.
 */
import { allowMassAct } from '../../db/allow-mass-act.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopDay } from '../../history/read-shop-day.server.ts';
import { reviewFingerprint } from '../../segments/review-fingerprint.server.ts';
import { canonical } from '../../segments/segment-change.ts';
import { isInLine } from './give-offers.server.ts';
import { HELD_OR_OVER_FOR_GOOD } from './had-offer.ts';
import { countedCost, holderCosts } from './holder-costs.ts';
import { mostCosts, type CostedOffer } from './most-cost.ts';
import type { OfferDraft } from './offer-form.ts';

export interface Exposure {
  /** Who has the offer once it is made. */
  holders: number;
  /** Of them, subscribed to e-mail. */
  reachable: number;
  /** Minor units: together, from their own history. */
  mostMinor: string;
  /** Members who would not get it now. */
  waiting: {
    /** Had another new offer within the days that the merchant set. */
    otherOffer: number;
    /** Beyond the bound on people or cost. */
    bound: number;
    /** Named "never in", or in the control group. */
    excluded: number;
  };
}

export interface OfferReview {
  exposure: Exposure;
  /** Minor units: the store's average counted order. */
  typicalCartMinor: string;
  fingerprint: string;
}

const DRAFT = '0';

/**
 * @param offerId of a change: who holds it keeps it, and is counted. So are those who have entered since it was made
 * and wait for it: a wider bound gives it to them, whether or not it is given to everybody who is there.
 */
export async function reviewOffer(
  tx: ShopTx,
  day: ShopDay,
  { segmentId, draft, offerId = null }: { segmentId: string; draft: OfferDraft; offerId?: string | null },
): Promise<OfferReview> {
  await allowMassAct(tx);
  const costed: CostedOffer = { id: DRAFT, ...draft };
  const costBounded = offerId !== null && draft.mostCostMinor !== null ? [offerId] : [];
  const { rows } = await tx.query<{
    holders: number;
    reachable: number;
    most: string;
    otherOffer: number;
    bound: number;
    excluded: number;
    average: string;
  }>(sql`
    WITH holder AS MATERIALIZED (
      SELECT customer_id FROM offer_holder
       WHERE shop_id = ${tx.shopId} AND offer_id = ${offerId}::bigint AND ended_at IS NULL
    ), candidate AS MATERIALIZED (
      SELECT m.customer_id, m.since,
             EXISTS (SELECT FROM segment_person n WHERE n.shop_id = m.shop_id AND n.segment_id = m.segment_id
                        AND n.customer_id = m.customer_id AND n.list = 'never')
             OR EXISTS (SELECT FROM tag_held_out e WHERE e.shop_id = m.shop_id AND e.segment_id = m.segment_id
                           AND e.customer_id = m.customer_id) AS excluded,
             EXISTS (SELECT FROM offer_holder h WHERE h.shop_id = m.shop_id AND h.customer_id = m.customer_id
                        AND (h.since AT TIME ZONE ${day.timeZone})::date > ${day.today}::date - settings.offer_gap_days)
               AS other_offer
        FROM membership m JOIN shop_settings settings ON settings.shop_id = m.shop_id
        LEFT JOIN offer o ON o.shop_id = m.shop_id AND o.id = ${offerId}::bigint
       WHERE m.shop_id = ${tx.shopId} AND m.segment_id = ${segmentId}::bigint AND (${draft.present}::boolean OR (${isInLine()}))
         AND NOT EXISTS (SELECT FROM offer_holder h WHERE h.shop_id = m.shop_id AND h.offer_id = ${offerId}::bigint
                            AND h.customer_id = m.customer_id AND ${HELD_OR_OVER_FOR_GOOD})
    ), person AS MATERIALIZED (
      SELECT customer_id, NULL::timestamptz AS since FROM holder
      UNION ALL SELECT customer_id, since FROM candidate WHERE NOT excluded AND NOT other_offer
    ), cost AS MATERIALIZED (
      ${mostCosts(tx.shopId, day, sql`SELECT ${DRAFT}::bigint, customer_id FROM person`, [costed])}
    ), counted AS MATERIALIZED (
      SELECT * FROM (${holderCosts(tx.shopId, { bounded: costBounded, costBounded, where: sql`true` })}) each_person
    ), ranked AS MATERIALIZED (
      SELECT person.customer_id, person.since IS NULL AS holds, cost.most_minor,
             row_number() OVER line AS place,
             sum(CASE WHEN counted.holds THEN ${countedCost(sql`cost.most_minor`)} ELSE cost.most_minor END) OVER line + (
               SELECT coalesce(sum(${countedCost(sql`most_minor`)}), 0) FROM counted WHERE NOT holds) AS so_far
        FROM person JOIN cost USING (customer_id) LEFT JOIN counted USING (customer_id)
      WINDOW line AS (ORDER BY person.since NULLS FIRST, person.customer_id)
    ), within AS MATERIALIZED (
      SELECT *, holds OR ((${draft.mostHolders}::int IS NULL OR place <= ${draft.mostHolders}::int)
             AND (${draft.mostCostMinor}::bigint IS NULL OR so_far <= ${draft.mostCostMinor}::bigint)) AS has
        FROM ranked
    )
    SELECT (count(*) FILTER (WHERE has))::int AS holders,
           (count(*) FILTER (WHERE has AND c.email_consent = 'SUBSCRIBED'))::int AS reachable,
           coalesce(sum(most_minor) FILTER (WHERE has), 0)::text AS most,
           (count(*) FILTER (WHERE NOT has))::int AS bound,
           (SELECT count(*)::int FROM candidate WHERE excluded) AS excluded,
           (SELECT count(*)::int FROM candidate WHERE other_offer AND NOT excluded) AS "otherOffer",
           (SELECT coalesce(sum(spent_minor) / nullif(sum(orders), 0), 0)::bigint::text FROM profile
             WHERE shop_id = ${tx.shopId} AND orders > 0) AS average
      FROM within LEFT JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = within.customer_id`);
  const row = rows[0];
  const exposure: Exposure = {
    holders: row?.holders ?? 0,
    reachable: row?.reachable ?? 0,
    mostMinor: row?.most ?? '0',
    waiting: {
      otherOffer: row?.otherOffer ?? 0,
      bound: row?.bound ?? 0,
      excluded: row?.excluded ?? 0,
    },
  };
  return {
    exposure,
    typicalCartMinor: row?.average ?? '0',
    fingerprint: reviewFingerprint({ segmentId, offerId, draft: canonical(draft) }, [
      { gains: exposure.holders, loses: 0 },
    ]),
  };
}
