/** Which moves an undo takes back. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { SegmentChange } from './segment-change.ts';
import type { Undoing } from './undone-moves.ts';

/**
 * The mass changes of the approval, and what it altered besides, of segments that nothing else has changed since (but this
 * undo itself, while it is followed). Between two approvals only the first one moves anybody at its own instant.
 * @returns undefined when the change is no undo
 */
export async function readUndoing(tx: ShopTx, change: SegmentChange): Promise<Undoing | undefined> {
  if (change.act !== 'undo') return undefined;
  const { rows } = await tx.query<{ at: Date; segments: string[]; moves: string[] }>(sql`
    WITH undone AS (
      SELECT a.*, ARRAY(SELECT s.id FROM unnest(a.segment_ids) AS s (id)
                         WHERE NOT EXISTS (SELECT FROM approval later
                                WHERE later.shop_id = a.shop_id AND later.id > a.id
                                  AND later.undoes IS DISTINCT FROM a.id
                                  AND s.id = ANY(later.segment_ids) AND later.review ? 'before')) AS segments
        FROM approval a WHERE a.shop_id = ${tx.shopId} AND a.id = ${change.approvalId}::bigint
    )
    SELECT a.at, a.segments::text[] AS segments, ARRAY(
      SELECT c.id::text FROM mass_change c
       WHERE c.shop_id = a.shop_id AND c.segment_id = ANY(a.segments) AND c.at = a.at
         AND c.cause IN ('activation', 'rule', 'undo')
         AND c.id > coalesce((a.review ->> 'movesAfter')::bigint, 0)
         AND NOT EXISTS (SELECT FROM approval later WHERE later.shop_id = a.shop_id AND later.id > a.id
                            AND c.id > (later.review ->> 'movesAfter')::bigint)
       ORDER BY c.id) AS moves
      FROM undone a`);
  const [row] = rows;
  if (!row) return undefined;
  const { at, segments, moves } = row;
  return {
    moves: (one) => sql`${one}.id = ANY(${moves}::bigint[])`,
    kept: (one) => sql`
      ${one}.at = ${at}::timestamptz AND ${one}.segment_id = ANY(${segments}::bigint[])
      AND ${one}.cause IN ('activation', 'rule', 'undo')`,
  };
}
