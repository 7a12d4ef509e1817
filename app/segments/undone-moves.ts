/**
 * What an undo takes back: who entered and left by the approval that is undone counts as never having moved. Who
 * entered is not kept by that entry (hold, minimum stay, softer rule for members), and waits for nothing once they are
 * out again; who left does not wait to come back, is a member for the softer rule, and has a hold again.
 *
 * Only where that was the last thing that happened to the customer in that segment: what an order or a day has brought
 * about since stands.
 */
import { raw, sql, type Sql } from '../db/sql.ts';
import { withinTouched } from '../history/within-touched.ts';

export interface Undoing {
  /** Ids of the mass changes of the approval that is undone. */
  moves: readonly string[];
  /** Business time of that approval. */
  at: Date;
}

/** customer_id, segment_id, kind (entered | left) */
export function undoneMoves(shopId: string, { moves, at }: Undoing, { touched }: { touched: boolean }): Sql {
  const ids = sql`${[...moves]}::bigint[]`;
  return sql`
    SELECT m.customer_id, c.segment_id, c.kind
      FROM mass_change c JOIN mass_member m ON m.shop_id = ${shopId} AND m.change_id = c.id
     WHERE c.shop_id = ${shopId} AND c.id = ANY(${ids}) ${touched ? sql`AND ${withinTouched('m.customer_id')}` : raw('')}
       AND NOT EXISTS (SELECT FROM membership_event e
                        WHERE e.shop_id = ${shopId} AND e.customer_id = m.customer_id
                          AND e.segment_id = c.segment_id AND e.at > ${at}::timestamptz)
       AND NOT EXISTS (SELECT FROM mass_member n JOIN mass_change later ON later.shop_id = ${shopId} AND later.id = n.change_id
                        WHERE n.shop_id = ${shopId} AND n.customer_id = m.customer_id
                          AND later.segment_id = c.segment_id AND later.id > c.id AND later.id <> ALL(${ids}))`;
}
