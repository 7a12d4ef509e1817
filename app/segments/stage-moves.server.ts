/**
 * Who would enter and leave by a change that is not in force: worked out with the statement that keeps memberships and
 * put aside as moves, for the customers of touched_customer. Working it out again for the same customers takes the place
 * of what was put aside before. Nothing else reads a move.
 */
import { raw, sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import { explainDifference } from './explain-difference.ts';
import type { RuleContext } from './field.ts';
import { compileSegments, membershipDifference } from './membership-difference.ts';
import type { Segment } from './segment.ts';

/** @param planned.active the affected segments that are live or paused afterwards; planned.emptied ids of those that keep nobody */
export async function stageMoves(
  tx: ShopTx,
  planned: { active: readonly Segment[]; emptied: readonly string[] },
  context: RuleContext,
): Promise<void> {
  await tx.query(
    sql`DELETE FROM segment_move m WHERE m.shop_id = ${tx.shopId} AND ${withinTouched('m.customer_id')}`,
  );
  if (planned.active.length > 0) {
    const compiled = compileSegments(planned.active);
    await tx.query(sql`
      ${membershipDifference(tx.shopId, compiled, context)}, ${explainDifference(compiled)}
      INSERT INTO segment_move (shop_id, customer_id, segment_id, kind, held_until, evidence)
      SELECT ${tx.shopId}::bigint, customer_id, segment_id, CASE WHEN entered THEN 'entered' ELSE 'left' END, held_until, evidence
        FROM explained
      UNION ALL
      SELECT ${tx.shopId}::bigint, customer_id, segment_id, 'renewed', held_until, '{}'::jsonb FROM renewed`);
  }
  if (planned.emptied.length > 0) {
    await tx.query(sql`
      INSERT INTO segment_move (shop_id, customer_id, segment_id, kind, evidence)
      SELECT ${tx.shopId}::bigint, m.customer_id, m.segment_id, 'left', '{}'::jsonb FROM membership m
       WHERE m.shop_id = ${tx.shopId} AND m.segment_id = ANY(${[...planned.emptied]}::bigint[])
         AND ${withinTouched('m.customer_id')}`);
  }
}

/** WITH ..., held (customer_id, segment_id): the members once the moves are made, of the touched customers or of all. */
export function heldAfterMoves(
  shopId: string,
  active: readonly string[],
  { touched }: { touched: boolean },
): Sql {
  const among = touched ? sql`AND ${withinTouched('m.customer_id')}` : raw('');
  return sql`
    WITH moved AS MATERIALIZED (
      SELECT m.customer_id, m.segment_id, m.kind FROM segment_move m
       WHERE m.shop_id = ${shopId} AND m.segment_id = ANY(${[...active]}::bigint[]) ${among}
    ), held AS MATERIALIZED (
      SELECT m.customer_id, m.segment_id FROM membership m
       WHERE m.shop_id = ${shopId} AND m.segment_id = ANY(${[...active]}::bigint[]) ${among}
         AND NOT EXISTS (SELECT FROM moved WHERE moved.customer_id = m.customer_id
                            AND moved.segment_id = m.segment_id AND moved.kind = 'left')
      UNION ALL
      SELECT customer_id, segment_id FROM moved WHERE kind = 'entered'
    )`;
}
