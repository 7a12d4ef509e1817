import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/**
 * Removes what metafields and Flow keep about these customers. For erasure: Shopify erases the customer with all
 * metafields itself. @returns rows removed
 */
export async function deleteReachRecords(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  const ids = [...customers];
  const statements = [
    sql`DELETE FROM metafield_outbox WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM metafield_written WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM flow_event WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM flow_action_run WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
  ];
  let removed = 0;
  for (const statement of statements) removed += (await tx.query(statement)).rowCount ?? 0;
  return removed;
}
