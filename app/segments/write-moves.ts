/**
 * The tail of every statement that moves people: `explained` (explain-difference.ts, or moves that were worked out
 * before) and `renewed` (customer_id, segment_id, held_until) become memberships, what is remembered of who left, and
 * history; who may need other tags joins changed_customer.
 */
import { raw, sql, type Sql } from '../db/sql.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { MassCause } from '../intake/cause.ts';
import type { LocalDate } from '../local-date.ts';
import { recordChanges } from './record-changes.ts';
import { undoneMoves, type Undoing } from './undone-moves.ts';

/** What a person, or cancelling, takes back: of those it is kept what they altered. */
const UNDOABLE: readonly MassCause[] = ['activation', 'rule', 'undo', 'policy', 'refit'];

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
  /** Of all of these; default: of each customer as touched_customer says. */
  cause?: MassCause;
  /** Of an undo: the moves that it takes back. */
  undoing?: Undoing | undefined;
}

/** Clauses of a WITH, without the comma before them. */
export function writeMoves(
  shopId: string,
  { now, today, version, rejoining, headers, cause, undoing }: MovesOptions,
): Sql {
  const undone = undoing
    ? sql`undone AS MATERIALIZED (${undoneMoves(shopId, undoing, { touched: true })}),`
    : raw('');
  const of = (kind: 'entered' | 'left') => sql`
    SELECT FROM undone u WHERE u.customer_id = explained.customer_id AND u.segment_id = explained.segment_id
       AND u.kind = ${kind}`;
  // Who was in by what is undone leaves without a trace, and waits as before; who was out by it never left.
  const neverIn = undoing ? sql`AND NOT EXISTS (${of('entered')})` : raw('');
  const waitedBefore = undoing
    ? sql`UNION ALL
      SELECT ${shopId}::bigint, u.segment_id, u.customer_id, u.left_on FROM undone u
        LEFT JOIN explained e ON e.customer_id = u.customer_id AND e.segment_id = u.segment_id
       WHERE u.left_on IS NOT NULL AND CASE u.kind WHEN 'kept' THEN e.entered IS NOT TRUE ELSE NOT e.entered END`
    : raw('');
  const neverOut = undoing
    ? sql`UNION SELECT customer_id, segment_id FROM undone WHERE kind = 'left'`
    : raw('');
  const causeOfAll = cause === undefined ? raw('t.cause') : sql`${cause}::text`;
  return sql`${undone}
    removed AS (
      DELETE FROM membership m USING explained e
       WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')} AND m.segment_id = e.segment_id AND m.customer_id = e.customer_id
         AND NOT e.entered
      RETURNING m.customer_id, m.segment_id, m.since, m.cause, m.rule_version, m.cut_points_version, m.evidence, m.held_until
    ), added AS (
      INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version,
                              evidence, held_until)
      ${enteredAs(shopId, { now, version, undoing: undoing !== undefined })}
    ), remembered AS (
      INSERT INTO membership_kept (shop_id, at, segment_id, customer_id, cause, held_until)
      SELECT ${shopId}, ${now}, r.segment_id, r.customer_id, ${causeOfAll}, m.held_until
        FROM renewed r JOIN touched_customer t ON t.customer_id = r.customer_id
        JOIN membership m ON m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')}
         AND m.segment_id = r.segment_id AND m.customer_id = r.customer_id
       WHERE ${causeOfAll} = ANY(${[...UNDOABLE]}::text[])
      ON CONFLICT DO NOTHING
    ), held_again AS (
      UPDATE membership m SET held_until = r.held_until FROM renewed r
       WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')} AND m.segment_id = r.segment_id
         AND m.customer_id = r.customer_id
    ), waiting AS (
      INSERT INTO membership_left (shop_id, segment_id, customer_id, left_on)
      SELECT ${shopId}::bigint, segment_id, customer_id, ${today}::date FROM explained
       WHERE NOT entered AND segment_id = ANY(${[...rejoining]}::bigint[]) ${neverIn}
      ${waitedBefore}
      ON CONFLICT (shop_id, segment_id, customer_id) DO UPDATE SET left_on = excluded.left_on
    ), back AS (
      DELETE FROM membership_left m
        USING (SELECT customer_id, segment_id FROM explained WHERE entered ${neverOut}) e
       WHERE m.shop_id = ${shopId} AND ${withinTouched('m.customer_id')} AND m.segment_id = e.segment_id
         AND m.customer_id = e.customer_id
      RETURNING m.customer_id, m.segment_id, m.left_on
    ), ${recordChanges(shopId, now, version, headers)}, changed AS (
      INSERT INTO changed_customer (customer_id)
      SELECT DISTINCT e.customer_id FROM explained e
        JOIN profile p ON p.shop_id = ${shopId} AND p.customer_id = e.customer_id
       WHERE e.live AND ${withinTouched('p.customer_id')} ON CONFLICT DO NOTHING
    )`;
}

/** Who enters; whoever is in again because it is undone that they left is the member that they were. */
function enteredAs(
  shopId: string,
  { now, version, undoing }: { now: Date; version: number; undoing: boolean },
): Sql {
  if (!undoing) {
    return sql`
      SELECT ${shopId}, segment_id, customer_id, ${now}, cause, rule_version, ${version}::int, evidence, held_until
        FROM explained WHERE entered`;
  }
  return sql`
      SELECT ${shopId}, e.segment_id, e.customer_id, coalesce(u.since, ${now}), coalesce(u.cause, e.cause),
             coalesce(u.rule_version, e.rule_version), coalesce(u.cut_points_version, ${version}::int),
             coalesce(u.evidence, e.evidence), e.held_until
        FROM explained e
        LEFT JOIN undone u ON u.customer_id = e.customer_id AND u.segment_id = e.segment_id AND u.kind = 'left'
       WHERE e.entered`;
}
