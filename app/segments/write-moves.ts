/**
 * The tail of every statement that moves people: `explained` (explain-difference.ts, or moves that were worked out
 * before) and `renewed` (customer_id, segment_id, held_until) become memberships, what is remembered of who left, and
 * history; who may need other tags joins changed_customer.
 */
import { raw, sql, type Sql } from '../db/sql.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { LocalDate } from '../local-date.ts';
import { recordChanges } from './record-changes.ts';
import { undoneMoves, type Undoing } from './undone-moves.ts';

export interface MovesOptions {
  /** Business time: the memberships' since. */
  now: Date;
  today: LocalDate;
  /** Of the cut points in force. */
  version: number;
  /** Ids of segments that one comes back to only after some days. */
  rejoining: readonly string[];
  /** The mass changes that the history adds these to; else it begins new ones. */
  headers?: readonly string[];
  /** Of an undo: the moves that it takes back. */
  undoing?: Undoing | undefined;
}

/** Clauses of a WITH, without the comma before them. */
export function writeMoves(
  shopId: string,
  { now, today, version, rejoining, headers, undoing }: MovesOptions,
): Sql {
  const undone = undoing
    ? sql`undone AS MATERIALIZED (${undoneMoves(shopId, undoing, { touched: true })}),`
    : raw('');
  // Who was in by what is undone leaves without a trace; who was out by it never left.
  const neverIn = undoing
    ? sql`AND NOT EXISTS (SELECT FROM undone u WHERE u.customer_id = explained.customer_id
                             AND u.segment_id = explained.segment_id AND u.kind = 'entered')`
    : raw('');
  const neverOut = undoing
    ? sql`UNION SELECT customer_id, segment_id FROM undone WHERE kind = 'left'`
    : raw('');
  return sql`${undone}
    removed AS (
      DELETE FROM membership m USING explained e
       WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')} AND m.segment_id = e.segment_id AND m.customer_id = e.customer_id
         AND NOT e.entered
    ), added AS (
      INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version,
                              evidence, held_until)
      SELECT ${shopId}, segment_id, customer_id, ${now}, cause, rule_version, ${version}::int, evidence, held_until
        FROM explained WHERE entered
    ), held_again AS (
      UPDATE membership m SET held_until = r.held_until FROM renewed r
       WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')} AND m.segment_id = r.segment_id
         AND m.customer_id = r.customer_id
    ), waiting AS (
      INSERT INTO membership_left (shop_id, segment_id, customer_id, left_on)
      SELECT ${shopId}, segment_id, customer_id, ${today}::date FROM explained
       WHERE NOT entered AND segment_id = ANY(${[...rejoining]}::bigint[]) ${neverIn}
      ON CONFLICT (shop_id, segment_id, customer_id) DO UPDATE SET left_on = excluded.left_on
    ), back AS (
      DELETE FROM membership_left m
        USING (SELECT customer_id, segment_id FROM explained WHERE entered ${neverOut}) e
       WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')} AND m.segment_id = e.segment_id
         AND m.customer_id = e.customer_id
    ), ${recordChanges(shopId, now, version, headers)}, changed AS (
      INSERT INTO changed_customer (customer_id)
      SELECT DISTINCT e.customer_id FROM explained e
        JOIN profile p ON p.shop_id = ${shopId} AND p.customer_id = e.customer_id
       WHERE e.live AND ${withinTouched('p.customer_id')} ON CONFLICT DO NOTHING
    )`;
}
