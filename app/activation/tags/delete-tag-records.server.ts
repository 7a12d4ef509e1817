import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';

/**
 * Removes everything that activation keeps about these customers. For erasure: tags in the store are not
 * touched. @returns rows removed
 */
export async function deleteTagRecords(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  const ids = [...customers];
  const statements = [
    sql`DELETE FROM tag_outbox WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM tag_owned WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM tag_write WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM tag_bulk_line WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM tag_edit WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM tag_found WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM tag_impossible WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM control_assignment WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM tag_held_out WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
  ];
  let removed = 0;
  for (const statement of statements) removed += (await tx.query(statement)).rowCount ?? 0;
  return removed;
}
