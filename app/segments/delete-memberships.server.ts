import { raw, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/** Everything of segments that holds customer ids. */
const TABLES = [
  'membership',
  'membership_event',
  'mass_member',
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
  return removed;
}
