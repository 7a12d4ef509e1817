import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/**
 * Removes memberships, their evidence and their history of these customers. For erasure: no event is written.
 * @returns rows removed
 */
export async function deleteMemberships(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  const statements = [
    sql`DELETE FROM membership
               WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`,
    sql`DELETE FROM membership_event
               WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`,
  ];
  let removed = 0;
  for (const statement of statements) removed += (await tx.query(statement)).rowCount ?? 0;
  return removed;
}
