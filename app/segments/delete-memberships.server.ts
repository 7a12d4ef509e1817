import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/**
 * Removes memberships, their evidence and their history of these customers; of the whole shop, the segments
 * and approvals too. For erasure: no event is written. @returns rows removed
 */
export async function deleteMemberships(
  tx: ShopTx,
  customers: readonly ShopifyId[] | 'all',
): Promise<number> {
  const statements =
    customers === 'all'
      ? [
          sql`DELETE FROM membership WHERE shop_id = ${tx.shopId}`,
          sql`DELETE FROM membership_event WHERE shop_id = ${tx.shopId}`,
          sql`DELETE FROM approval WHERE shop_id = ${tx.shopId}`,
          sql`DELETE FROM segment WHERE shop_id = ${tx.shopId}`,
        ]
      : [
          sql`DELETE FROM membership
               WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`,
          sql`DELETE FROM membership_event
               WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`,
        ];
  let removed = 0;
  for (const statement of statements) removed += (await tx.query(statement)).rowCount ?? 0;
  return removed;
}
