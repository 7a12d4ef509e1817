/** Which moves an undo takes back. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { SegmentChange } from './segment-change.ts';
import type { Undoing } from './undone-moves.ts';

/**
 * The mass changes of the approval, of segments that nothing else has changed since (but this undo itself, while it is
 * followed). Between two approvals only the first one moves anybody at its own instant.
 * @returns undefined when the change is no undo, or the approval moved nobody
 */
export async function readUndoing(tx: ShopTx, change: SegmentChange): Promise<Undoing | undefined> {
  if (change.act !== 'undo') return undefined;
  const { rows } = await tx.query<{ id: string; at: Date }>(sql`
    SELECT c.id, a.at FROM approval a
      JOIN mass_change c ON c.shop_id = a.shop_id AND c.segment_id = ANY(a.segment_ids) AND c.at = a.at
     WHERE a.shop_id = ${tx.shopId} AND a.id = ${change.approvalId}::bigint
       AND c.cause IN ('activation', 'rule', 'undo')
       AND c.id > coalesce((a.review ->> 'movesAfter')::bigint, 0)
       AND NOT EXISTS (SELECT FROM approval later WHERE later.shop_id = a.shop_id AND later.id > a.id
                          AND c.id > (later.review ->> 'movesAfter')::bigint)
       AND NOT EXISTS (SELECT FROM approval later
                        WHERE later.shop_id = a.shop_id AND later.id > a.id AND later.undoes IS DISTINCT FROM a.id
                          AND c.segment_id = ANY(later.segment_ids) AND later.review ? 'before')
     ORDER BY c.id`);
  const first = rows[0];
  return first ? { moves: rows.map(({ id }) => id), at: first.at } : undefined;
}
