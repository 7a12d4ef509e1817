/**
 * What an undo takes back: who entered and left by what is undone counts as never having moved. Who entered is not kept
 * by that entry (hold, minimum stay, softer rule for members), and waits again as before once they are out; who left is
 * the member that they were, since when they were, with the hold that they had; who stayed has the hold of before.
 *
 * Only where that was the last thing that happened to the customer in that segment: what an order or a day has brought
 * about since stands.
 */
import { raw, sql, type Sql } from '../db/sql.ts';
import { withinTouched } from '../history/within-touched.ts';

export interface Undoing {
  /** Which mass changes are undone: a condition on a row of mass_change. */
  moves: (change: Sql) => Sql;
  /** What they altered besides: a condition on a row of membership_kept. */
  kept: (kept: Sql) => Sql;
}

/**
 * customer_id, segment_id, kind (entered | left | kept), and what was before: of who left the membership that ended
 * (since, cause, rule_version, cut_points_version, evidence, held_until), of who entered left_on, of others one of both.
 */
export function undoneMoves(
  shopId: string,
  { moves, kept }: Undoing,
  { touched }: { touched: boolean },
): Sql {
  const [c, k] = [raw('c'), raw('k')];
  const among = touched ? sql`AND ${withinTouched('m.customer_id')}` : raw('');
  const amongKept = touched ? sql`AND ${withinTouched(sql`k.customer_id`)}` : raw('');
  return sql`
    SELECT DISTINCT ON (one.customer_id, one.segment_id) one.*
      FROM (
        SELECT m.customer_id, c.segment_id, c.kind, m.since, m.cause, m.rule_version, m.cut_points_version, m.evidence,
               m.held_until, m.left_on, c.at, c.id
          FROM mass_change c JOIN mass_member m ON m.shop_id = ${shopId} AND m.change_id = c.id
         WHERE c.shop_id = ${shopId} AND ${moves(c)} ${among}
        UNION ALL
        SELECT k.customer_id, k.segment_id, 'kept', NULL, NULL, NULL, NULL, NULL, k.held_until, k.left_on, k.at, NULL
          FROM membership_kept k WHERE k.shop_id = ${shopId} AND ${kept(k)} ${amongKept}) one
     WHERE NOT EXISTS (SELECT FROM membership_event e
                        WHERE e.shop_id = ${shopId} AND e.customer_id = one.customer_id
                          AND e.segment_id = one.segment_id AND e.at > one.at)
       AND NOT EXISTS (SELECT FROM mass_member n JOIN mass_change later ON later.shop_id = ${shopId} AND later.id = n.change_id
                        WHERE n.shop_id = ${shopId} AND n.customer_id = one.customer_id
                          AND later.segment_id = one.segment_id AND NOT (${moves(raw('later'))})
                          AND CASE WHEN one.id IS NULL THEN later.at > one.at ELSE later.id > one.id END)
     ORDER BY one.customer_id, one.segment_id, one.at, one.id`;
}
