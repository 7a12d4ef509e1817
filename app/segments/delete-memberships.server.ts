import { raw, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/** Everything of segments that holds customer ids. */
const TABLES = [
  'membership',
  'membership_event',
  'mass_member',
  'membership_kept',
  'membership_left',
  'segment_person',
  'segment_move',
  'segment_move_again',
] as const;

/**
 * Removes memberships, their evidence and their history of these customers, and their names from lists. For erasure:
 * no event is written. @returns rows removed
 */
export async function deleteMemberships(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  let removed = 0;
  for (const table of TABLES) {
    const { rowCount } = await tx.query(sql`
      DELETE FROM ${raw(table)} WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`);
    removed += rowCount ?? 0;
  }
  // A change that is worked out names some of those whom it moves, and how far it has come.
  await tx.query(sql`
    UPDATE segment_change
       SET review = CASE WHEN review ? 'sample' THEN jsonb_set(review, '{sample}', (review -> 'sample') - ${[...customers]}::text[])
                    ELSE review END,
           cursor = CASE WHEN cursor = ANY(${[...customers]}::bigint[]) THEN cursor - 1 ELSE cursor END
     WHERE shop_id = ${tx.shopId}`);
  return removed;
}
