/**
 * Moves that were put aside become memberships and history, for the customers of touched_customer; they are used up by
 * it, so doing it again does nothing. What a customer's own events have brought about meanwhile stands; who is gone by now
 * (deleted, merged away) enters nothing any more.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { MassCause } from '../intake/cause.ts';
import { tagKey } from '../intake/tag-key.ts';
import { forgetWaits } from './empty-segments.server.ts';
import type { Segment } from './segment.ts';
import type { RuleDay } from './read-rule-day.server.ts';
import { writeMoves } from './write-moves.ts';

export interface MadeMoves {
  /** As they are now that the change is in force. */
  affected: readonly Segment[];
  cause: MassCause;
  /** Business time: the memberships' since. */
  at: Date;
  headers: readonly string[];
}

export async function makeMoves(
  tx: ShopTx,
  { affected, cause, at, headers }: MadeMoves,
  { context, cutPoints, day }: RuleDay,
): Promise<{ entered: number; left: number }> {
  const ids = affected.map(({ id }) => id);
  const tagKeys = affected.map(({ tagName }) => tagKey(day.tagPrefix + tagName));
  // Whoever is in one of these, or has its tag, is compared: also those who stay.
  await tx.query(sql`
    INSERT INTO changed_customer (customer_id)
    SELECT p.customer_id FROM profile p
     WHERE p.shop_id = ${tx.shopId} AND ${withinTouched('p.customer_id')} AND p.customer_id IN (
       SELECT m.customer_id FROM membership m
        WHERE m.shop_id = ${tx.shopId} AND m.segment_id = ANY(${ids}::bigint[]) AND ${withinTouched('m.customer_id')}
       UNION ALL
       SELECT o.customer_id FROM tag_owned o
        WHERE o.shop_id = ${tx.shopId} AND o.tag_key = ANY(${tagKeys}::text[]) AND ${withinTouched('o.customer_id')})
    ON CONFLICT DO NOTHING`);
  const rejoining = affected
    .filter(({ status, settings }) => status !== 'draft' && settings.rejoinAfterDays)
    .map(({ id }) => id);
  const { rows } = await tx.query<{ entered: number; left: number }>(sql`
    WITH moved AS MATERIALIZED (
      SELECT m.customer_id, m.segment_id, m.kind, m.held_until, m.evidence FROM segment_move m
       WHERE m.shop_id = ${tx.shopId} AND ${withinTouched('m.customer_id')}
    ), used AS (
      DELETE FROM segment_move m WHERE m.shop_id = ${tx.shopId} AND ${withinTouched('m.customer_id')}
    ), stored AS MATERIALIZED (
      SELECT m.customer_id, m.segment_id FROM membership m
       WHERE m.shop_id = ${tx.shopId} AND m.segment_id = ANY(${ids}::bigint[]) AND ${withinTouched('m.customer_id')}
    ), explained AS MATERIALIZED (
      SELECT moved.customer_id, moved.segment_id, moved.kind = 'entered' AS entered, moved.held_until,
             ${cause}::text AS cause, g.rule_version, g.live, moved.evidence
        FROM moved
        JOIN unnest(${ids}::bigint[], ${affected.map(({ ruleVersion }) => ruleVersion)}::int[],
                    ${affected.map(({ status }) => status === 'live')}::boolean[])
             AS g (segment_id, rule_version, live) ON g.segment_id = moved.segment_id
        LEFT JOIN stored ON stored.customer_id = moved.customer_id AND stored.segment_id = moved.segment_id
       WHERE moved.kind <> 'renewed' AND (moved.kind = 'entered') = (stored.customer_id IS NULL)
         AND (moved.kind = 'left' OR moved.customer_id IN (
               SELECT p.customer_id FROM profile p WHERE p.shop_id = ${tx.shopId} AND ${withinTouched('p.customer_id')}))
    ), renewed AS (
      SELECT customer_id, segment_id, held_until FROM moved WHERE kind = 'renewed'
    ), ${writeMoves(tx.shopId, { now: at, today: context.today, version: cutPoints.version, rejoining, headers, cause, undoing: context.undoing })}
    SELECT count(*) FILTER (WHERE entered)::int AS entered, count(*) FILTER (WHERE NOT entered)::int AS left
      FROM explained`);
  const emptied = affected.filter(({ status }) => status === 'draft').map(({ id }) => id);
  if (emptied.length > 0) {
    const which = sql`m.segment_id = ANY(${emptied}::bigint[]) AND ${withinTouched('m.customer_id')}`;
    await forgetWaits(tx, which, { now: at, cause });
  }
  return rows[0] ?? { entered: 0, left: 0 };
}

/** One mass change for each segment and direction, whose members are added as the moves are made. @returns their ids */
export async function beginHeaders(
  tx: ShopTx,
  { affected, cause, at }: Omit<MadeMoves, 'headers'>,
  cutPointsVersion: number,
): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO mass_change (shop_id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
    SELECT ${tx.shopId}, g.id, way.kind, ${at}, ${cause}, g.rule_version, ${cutPointsVersion}::int, 0
      FROM unnest(${affected.map(({ id }) => id)}::bigint[], ${affected.map(({ ruleVersion }) => ruleVersion)}::int[])
             AS g (id, rule_version)
      CROSS JOIN (VALUES ('entered'), ('left')) AS way (kind)
     ORDER BY g.id, way.kind RETURNING id`);
  return rows.map(({ id }) => id);
}

/** Those that nobody was moved by are no history. */
export async function endHeaders(tx: ShopTx, headers: readonly string[]): Promise<void> {
  await tx.query(sql`
    DELETE FROM mass_change WHERE shop_id = ${tx.shopId} AND id = ANY(${[...headers]}::bigint[]) AND members = 0`);
}
