/** What intake keeps, removed for erasure. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from './facts.ts';

/** The ids under which a customer is or was known: its own, and those that were merged into it. */
export async function idsOfCustomer(tx: ShopTx, customerId: ShopifyId): Promise<ShopifyId[]> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT old_id AS id FROM customer_alias WHERE shop_id = ${tx.shopId} AND kept_id = ${customerId}`);
  return [customerId, ...rows.map((row) => row.id)];
}

/** Removes customers with their aliases and wishes to read them again; their orders stay, without a customer. */
export async function deleteCustomerFacts(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  const ids = [...customers];
  const statements = [
    sql`UPDATE orders SET customer_id = NULL WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM customer_alias
         WHERE shop_id = ${tx.shopId} AND (old_id = ANY(${ids}::bigint[]) OR kept_id = ANY(${ids}::bigint[]))`,
    sql`DELETE FROM reread
         WHERE shop_id = ${tx.shopId} AND kind = 'customer' AND object_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM customer_metafield WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`,
    sql`DELETE FROM customer WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[])`,
  ];
  let changed = 0;
  for (const statement of statements) changed += (await tx.query(statement)).rowCount ?? 0;
  return changed;
}
