/**
 * Gives offers to people who may have them: who entered a segment (here, by what), who was in it when the offer began,
 * or whom the merchant names. Set-based; who they are stays in the database.
 */
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopDay } from '../../history/read-shop-day.server.ts';
import { touchSelected } from '../../history/touched-customers.server.ts';
import { withinTouched } from '../../history/within-touched.ts';
import { LIVE_CAUSES } from '../../intake/cause.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { reviewOffered } from '../../segments/review-offered.server.ts';
import { queueSelected } from '../tags/queue-changed.server.ts';
import { HELD_OR_OVER_FOR_GOOD } from './had-offer.ts';
import { mostCosts } from './most-cost.ts';
import { clearMoved, MOVED, noteMoved } from './moved-holders.server.ts';
import type { Offer } from './offer.ts';

const GIVING = [...LIVE_CAUSES, 'manual'] as const;

/**
 * Keeps the planner from joining all holders there are to the few who are asked about: row-level security names the
 * shop a second time, and it expects one holder where there are thousands.
 */
const ONE_BY_ONE = sql`OFFSET 0`;

export interface Given {
  /** People. */
  given: number;
  /** A bound left somebody out: nobody who came in after them has it before them. */
  bounded: boolean;
}

/** A place in the line of those who wait for an offer; `since` as PostgreSQL writes it, to the microsecond. */
export interface InLine {
  since: string;
  customerId: ShopifyId;
}

/** Whether anybody new gets it on this day. */
export function isGiving({ state, segmentStatus, endsOn }: Offer, { today }: ShopDay): boolean {
  return state === 'running' && segmentStatus === 'live' && endsOn >= today;
}

/** Only then its holders have to be counted. */
function isBounded({ mostHolders, mostCostMinor }: Offer): boolean {
  return mostHolders !== null || mostCostMinor !== null;
}

/** Of `membership m` in the segment of `offer o`: has come in since the offer was made, and not had it since then. */
export function entered(): Sql {
  return sql`
    m.cause = ANY(${[...GIVING]}::text[]) AND m.since >= o.made_at
    AND NOT EXISTS (SELECT FROM offer_holder h WHERE h.shop_id = m.shop_id AND h.offer_id = o.id
                       AND h.customer_id = m.customer_id
                       AND (${HELD_OR_OVER_FOR_GOOD} OR h.ended_at >= m.since) ${ONE_BY_ONE})`;
}

/** To those of touched_customer who have entered. */
export async function giveToTouched(tx: ShopTx, day: ShopDay, offers: readonly Offer[]): Promise<Given> {
  const giving = offers.filter((offer) => isGiving(offer, day));
  if (giving.length === 0) return { given: 0, bounded: false };
  const candidates = sql`
    SELECT o.id AS offer_id, m.customer_id, m.cause, m.since
      FROM touched_customer t
      JOIN membership m ON m.shop_id = ${tx.shopId} AND m.customer_id = t.customer_id
      JOIN offer o ON o.shop_id = m.shop_id AND o.segment_id = m.segment_id
       AND o.id = ANY(${giving.map(({ id }) => id)}::bigint[])
     WHERE ${withinTouched('m.customer_id')} AND ${entered()}`;
  return giveTo(tx, day, { candidates, offers: giving });
}

/**
 * The next of those who have entered since the offer was made are touched, `atOnce` of them after `after`: who came
 * first, first. Most of them have had it long ago; who is to have it is for `giveToTouched`.
 * @param options.after null: from the beginning
 * @returns the last of them; null: there are no more
 */
export async function touchInLine(
  tx: ShopTx,
  { segmentId, madeAt }: Offer,
  { after, atOnce }: { after: InLine | null; atOnce: number },
): Promise<InLine | null> {
  const { since, customerId } = after ?? { since: madeAt.toISOString(), customerId: '0' };
  await touchSelected(
    tx,
    sql`SELECT m.customer_id, 'clock' FROM membership m
         WHERE m.shop_id = ${tx.shopId} AND m.segment_id = ${segmentId}::bigint
           AND m.cause = ANY(${[...GIVING]}::text[])
           AND (m.since, m.customer_id) > (${since}::timestamptz, ${customerId}::bigint)
         ORDER BY m.since, m.customer_id LIMIT ${atOnce}`,
  );
  const { rows } = await tx.query<InLine>(sql`
    SELECT m.since::text AS since, m.customer_id AS "customerId"
      FROM touched_customer t
      JOIN membership m ON m.shop_id = ${tx.shopId} AND m.customer_id = t.customer_id
     WHERE ${withinTouched('m.customer_id')} AND m.segment_id = ${segmentId}::bigint
     ORDER BY m.since DESC, m.customer_id DESC LIMIT 1`);
  return rows[0] ?? null;
}

/**
 * Gives offers to candidates (offer_id, customer_id, cause, since) who may have one: not named "never in", not in the
 * control group, no other new offer of late, within the offer's bounds (who came first, first).
 */
export async function giveTo(
  tx: ShopTx,
  day: ShopDay,
  { candidates, offers }: { candidates: Sql; offers: readonly Offer[] },
): Promise<Given> {
  await clearMoved(tx);
  const { rows } = await tx.query<Given & Record<string, unknown>>(sql`
    WITH candidate AS MATERIALIZED (
      SELECT c.* FROM (${candidates}) c
        JOIN offer o ON o.shop_id = ${tx.shopId} AND o.id = c.offer_id
        JOIN shop_settings settings ON settings.shop_id = ${tx.shopId}
       WHERE NOT EXISTS (SELECT FROM segment_person n WHERE n.shop_id = ${tx.shopId} AND n.segment_id = o.segment_id
                            AND n.customer_id = c.customer_id AND n.list = 'never')
         AND NOT EXISTS (SELECT FROM tag_held_out e WHERE e.shop_id = ${tx.shopId} AND e.segment_id = o.segment_id
                            AND e.customer_id = c.customer_id)
         AND NOT EXISTS (SELECT FROM offer_holder h WHERE h.shop_id = ${tx.shopId} AND h.customer_id = c.customer_id
                            AND (h.since AT TIME ZONE ${day.timeZone})::date
                                > ${day.today}::date - settings.offer_gap_days ${ONE_BY_ONE})
    ), one AS MATERIALIZED (
      SELECT DISTINCT ON (customer_id, CASE WHEN settings.offer_gap_days = 0 THEN offer_id END) candidate.*
        FROM candidate JOIN shop_settings settings ON settings.shop_id = ${tx.shopId}
       ORDER BY customer_id, CASE WHEN settings.offer_gap_days = 0 THEN offer_id END, offer_id
    ), cost AS MATERIALIZED (
      ${mostCosts(tx.shopId, day, sql`SELECT offer_id, customer_id FROM one`, offers)}
    ), taken AS (
      SELECT offer_id, count(*) FILTER (WHERE ended_at IS NULL) AS holders,
             coalesce(sum(most_minor) FILTER (WHERE ended_at IS NULL OR end_cause = 'used'), 0) AS cost
        FROM offer_holder
       WHERE shop_id = ${tx.shopId} AND offer_id IN (SELECT offer_id FROM one)
         AND offer_id = ANY(${offers.filter(isBounded).map(({ id }) => id)}::bigint[])
       GROUP BY offer_id
    ), ranked AS (
      SELECT one.*, cost.most_minor,
             row_number() OVER line + coalesce(taken.holders, 0) AS place,
             sum(cost.most_minor) OVER line + coalesce(taken.cost, 0) AS so_far
        FROM one JOIN cost USING (offer_id, customer_id) LEFT JOIN taken USING (offer_id)
      WINDOW line AS (PARTITION BY one.offer_id ORDER BY one.since, one.customer_id)
    ), given AS (
      INSERT INTO offer_holder (shop_id, offer_id, customer_id, since, cause, most_minor)
      SELECT ${tx.shopId}::bigint, r.offer_id, r.customer_id, ${day.now}::timestamptz, r.cause, r.most_minor
        FROM ranked r JOIN offer o ON o.shop_id = ${tx.shopId} AND o.id = r.offer_id
       WHERE (o.most_holders IS NULL OR r.place <= o.most_holders)
         AND (o.most_cost_minor IS NULL OR r.so_far <= o.most_cost_minor)
       ORDER BY r.offer_id, r.customer_id
      ON CONFLICT (shop_id, offer_id, customer_id) DO UPDATE
        SET since = excluded.since, cause = excluded.cause, most_minor = excluded.most_minor, until = NULL,
            ended_at = NULL, end_cause = NULL
      RETURNING customer_id
    ), noted AS (
      ${noteMoved('given')}
    )
    SELECT count(DISTINCT customer_id)::int AS given, (SELECT count(*) FROM ranked) > count(*) AS bounded FROM given`);
  const { given, bounded } = rows[0] ?? { given: 0, bounded: false };
  if (given > 0) {
    await queueSelected(tx, MOVED, day.now);
    await reviewOffered(tx, MOVED, day.now);
  }
  return { given, bounded };
}
