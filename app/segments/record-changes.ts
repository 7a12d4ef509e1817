/**
 * The history of memberships, as the tail of the statement that changes them (`explained`: customer_id, segment_id,
 * entered, cause, rule_version, evidence). What happens in the store's life is an event a customer. What a change of
 * ours or the merchant's does to many at once is one header a segment, with its customers by reference and what ended
 * for them (`removed`: memberships; `back`: waits), so that it can be taken back. The temporary
 * table membership_change has all of them, for what follows in the same transaction (offers, automations).
 */
import { sql, type Sql } from '../db/sql.ts';
import { MASS_CAUSES } from '../intake/cause.ts';

/** @param headers of mass changes that were begun before: their members grow; without them new ones are written */
export function recordChanges(
  shopId: string,
  at: Date,
  cutPointsVersion: number,
  headers?: readonly string[],
): Sql {
  const mass = sql`cause = ANY(${[...MASS_CAUSES]}::text[])`;
  const kind = sql`CASE WHEN entered THEN 'entered' ELSE 'left' END`;
  const newHeaders = sql`
      INSERT INTO mass_change (shop_id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
      SELECT ${shopId}, segment_id, ${kind}, ${at}, cause, rule_version, ${cutPointsVersion}::int, count(*)
        FROM explained WHERE ${mass} GROUP BY segment_id, entered, cause, rule_version ORDER BY segment_id, entered
      RETURNING id, segment_id, kind, cause`;
  return sql`
    noted AS (
      INSERT INTO membership_change (customer_id, segment_id, entered, cause)
      SELECT customer_id, segment_id, entered, cause FROM explained
    ), told AS (
      INSERT INTO membership_event (shop_id, segment_id, customer_id, kind, at, cause, rule_version,
                                    cut_points_version, evidence)
      SELECT ${shopId}, segment_id, customer_id, ${kind}, ${at}, cause, rule_version, ${cutPointsVersion}::int, evidence
        FROM explained WHERE NOT ${mass} ORDER BY customer_id, segment_id
    ), header AS (
      ${headers ? growHeaders(shopId, headers) : newHeaders}
    ), named AS (
      INSERT INTO mass_member (shop_id, change_id, customer_id, since, cause, rule_version, cut_points_version, evidence,
                               held_until, left_on)
      SELECT ${shopId}, h.id, e.customer_id, r.since, r.cause, r.rule_version, r.cut_points_version, r.evidence,
             r.held_until, b.left_on
        FROM explained e JOIN header h
          ON h.segment_id = e.segment_id AND h.cause = e.cause AND h.kind = CASE WHEN e.entered THEN 'entered' ELSE 'left' END
        LEFT JOIN removed r ON r.customer_id = e.customer_id AND r.segment_id = e.segment_id
        LEFT JOIN back b ON b.customer_id = e.customer_id AND b.segment_id = e.segment_id
    )`;
}

function growHeaders(shopId: string, headers: readonly string[]): Sql {
  return sql`
      UPDATE mass_change c SET members = c.members + moved.n
        FROM (SELECT segment_id, CASE WHEN entered THEN 'entered' ELSE 'left' END AS kind, count(*) AS n
                FROM explained GROUP BY segment_id, entered) moved
       WHERE c.shop_id = ${shopId} AND c.id = ANY(${[...headers]}::bigint[])
         AND c.segment_id = moved.segment_id AND c.kind = moved.kind
      RETURNING c.id, c.segment_id, c.kind, c.cause`;
}
