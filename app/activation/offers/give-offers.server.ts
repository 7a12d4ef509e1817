/**
 * Gives offers to people who may have them: who entered a segment (here, by what), who was in it when the offer began,
 * or whom the merchant names. Set-based; who they are stays in the database.
 *
 * Once a bound has left somebody out (`lineWaits`), nobody gets the offer for being heard of, whatever comes free: the
 * line is walked from its beginning (settle-offer-day.server.ts), and only when its end was reached is it over.
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
import { countedCost, holderCosts } from './holder-costs.ts';
import { mostCosts } from './most-cost.ts';
import { clearMoved, MOVED, noteMoved } from './moved-holders.server.ts';
import type { Offer } from './offer.ts';
import { readOffer } from './read-offers.server.ts';

const GIVING = [...LIVE_CAUSES, 'manual'] as const;

/**
 * Keeps the planner from joining all holders there are to the few who are asked about: row-level security names the
 * shop a second time, and it expects one holder where there are thousands.
 */
const ONE_BY_ONE = sql`OFFSET 0`;

interface Given {
  /** People. */
  given: number;
  /** Offers whose bound has left somebody out: nobody who came in after them has it before them. */
  bounded: string[];
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

/** Of `membership m` in the segment of `offer o`: has come in since the offer was made. */
const CAME_IN = sql`(m.cause = ANY(${[...GIVING]}::text[]) AND m.since >= o.made_at)`;

/** Of `membership m` in the segment of `offer o`: was there when a person gave it to those present. */
const WAS_PRESENT = sql`
  EXISTS (SELECT FROM offer_present present WHERE present.shop_id = m.shop_id AND present.offer_id = o.id
             AND present.customer_id = m.customer_id AND present.since = m.since ${ONE_BY_ONE})`;

/** Of `membership m` in the segment of `offer o`: has come in, or was present, and has not had it since then. */
export function isInLine(): Sql {
  return sql`
    (${CAME_IN} OR ${WAS_PRESENT})
    AND NOT EXISTS (SELECT FROM offer_holder h WHERE h.shop_id = m.shop_id AND h.offer_id = o.id
                       AND h.customer_id = m.customer_id
                       AND (${HELD_OR_OVER_FOR_GOOD} OR h.ended_at >= m.since) ${ONE_BY_ONE})`;
}

/**
 * To those of touched_customer who are in line, where nobody waits before them. Whom a bound leaves out may have another.
 * @returns how many people
 */
export async function giveToTouched(tx: ShopTx, day: ShopDay, offers: readonly Offer[]): Promise<number> {
  let giving = offers.filter((offer) => isGiving(offer, day) && !offer.lineWaits);
  let people = 0;
  while (giving.length > 0) {
    const { given, bounded } = await giveInLine(tx, day, giving);
    people += given;
    if (bounded.length === 0) break;
    giving = giving.filter(({ id }) => !bounded.includes(id));
  }
  return people;
}

function giveInLine(tx: ShopTx, day: ShopDay, giving: readonly Offer[]): Promise<Given> {
  const candidates = sql`
    SELECT o.id AS offer_id, m.customer_id, CASE WHEN ${CAME_IN} THEN m.cause ELSE 'start' END AS cause, m.since
      FROM touched_customer t
      JOIN membership m ON m.shop_id = ${tx.shopId} AND m.customer_id = t.customer_id
      JOIN offer o ON o.shop_id = m.shop_id AND o.segment_id = m.segment_id
       AND o.id = ANY(${giving.map(({ id }) => id)}::bigint[])
     WHERE ${withinTouched('m.customer_id')} AND ${isInLine()}`;
  return giveTo(tx, day, { candidates, offers: giving });
}

/**
 * The next in line for one offer: who came first, first. Whoever has had it is gone past; so the line may be walked
 * from its beginning again. Each walk begins there: at its end nobody waits.
 * @param options.after null: from the beginning. @param options.atOnce people
 * @returns how many were looked at and got it, and the last of them; null: there are no more, nobody gets it now, or
 * its bound is reached
 */
export async function giveToSome(
  tx: ShopTx,
  day: ShopDay,
  { id, after, atOnce }: { id: string; after: InLine | null; atOnce: number },
): Promise<{ looked: number; given: number; last: InLine | null }> {
  // As it is now: somebody may have paused or changed it since.
  const offer = await readOffer(tx, id);
  if (!offer || !isGiving(offer, day)) return { looked: 0, given: 0, last: null };
  const { looked, last } = await touchInLine(tx, offer, { after, atOnce });
  if (last === null) {
    await noteLineIsOver(tx, offer);
    return { looked, given: 0, last };
  }
  const { given, bounded } = await giveInLine(tx, day, [offer]);
  return { looked, given, last: bounded.length > 0 ? null : last };
}

/** Everybody who may have it has it: whoever comes in next gets it. */
async function noteLineIsOver(tx: ShopTx, { id, lineWaits }: Offer): Promise<void> {
  if (!lineWaits) return;
  await tx.query(
    sql`UPDATE offer SET line_waits = false WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint`,
  );
}

/** The next in line are touched: those who hold it no more or not yet. @returns how many, and the last of them */
async function touchInLine(
  tx: ShopTx,
  { id, segmentId }: Offer,
  { after, atOnce }: { after: InLine | null; atOnce: number },
): Promise<{ looked: number; last: InLine | null }> {
  const { since, customerId } = after ?? { since: '-infinity', customerId: '0' };
  await touchSelected(
    tx,
    sql`SELECT m.customer_id, 'clock'
          FROM offer o JOIN membership m ON m.shop_id = o.shop_id AND m.segment_id = o.segment_id
         WHERE o.shop_id = ${tx.shopId} AND o.id = ${id}::bigint AND (${CAME_IN} OR ${WAS_PRESENT})
           AND (m.since, m.customer_id) > (${since}::timestamptz, ${customerId}::bigint)
           AND NOT EXISTS (SELECT FROM offer_holder h WHERE h.shop_id = m.shop_id AND h.offer_id = o.id
                              AND h.customer_id = m.customer_id AND h.ended_at IS NULL ${ONE_BY_ONE})
         ORDER BY m.since, m.customer_id LIMIT ${atOnce}`,
  );
  const { rows } = await tx.query<InLine & { looked: number }>(sql`
    SELECT m.since::text AS since, m.customer_id AS "customerId", (count(*) OVER ())::int AS looked
      FROM touched_customer t
      JOIN membership m ON m.shop_id = ${tx.shopId} AND m.customer_id = t.customer_id
     WHERE ${withinTouched('m.customer_id')} AND m.segment_id = ${segmentId}::bigint
     ORDER BY m.since DESC, m.customer_id DESC LIMIT 1`);
  const [end] = rows;
  return end
    ? { looked: end.looked, last: { since: end.since, customerId: end.customerId } }
    : { looked: 0, last: null };
}

/**
 * Gives offers to candidates (offer_id, customer_id, cause, since) who may have one: not named "never in", not in the
 * control group, no other new offer of late, within the offer's bounds (who came first, first).
 */
async function giveTo(
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
      SELECT offer_id, count(*) FILTER (WHERE holds) AS holders, sum(${countedCost(sql`most_minor`)}) AS cost
        FROM (${holderCosts(tx.shopId, {
          bounded: offers.filter(isBounded).map(({ id }) => id),
          costBounded: offers.filter(({ mostCostMinor }) => mostCostMinor !== null).map(({ id }) => id),
          where: sql`offer_id IN (SELECT offer_id FROM one)`,
        })}) counted
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
      RETURNING customer_id, offer_id
    ), noted AS (
      ${noteMoved('given')}
    ), present AS (
      DELETE FROM offer_present waited USING given
       WHERE waited.shop_id = ${tx.shopId} AND waited.offer_id = given.offer_id AND waited.customer_id = given.customer_id
    ), left_out AS (
      SELECT DISTINCT offer_id FROM ranked
       WHERE (offer_id, customer_id) NOT IN (SELECT offer_id, customer_id FROM given)
    ), noted_line AS (
      UPDATE offer o SET line_waits = true FROM left_out
       WHERE o.shop_id = ${tx.shopId} AND o.id = left_out.offer_id AND NOT o.line_waits
    )
    SELECT (SELECT count(DISTINCT customer_id)::int FROM given) AS given,
           ARRAY(SELECT offer_id::text FROM left_out) AS bounded`);
  const { given, bounded } = rows[0] ?? { given: 0, bounded: [] };
  if (given > 0) {
    await queueSelected(tx, MOVED, day.now);
    await reviewOffered(tx, MOVED, day.now);
  }
  return { given, bounded };
}
