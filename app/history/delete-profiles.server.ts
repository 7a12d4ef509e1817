import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/** Removes the purchase histories of these customers. @returns rows removed */
export async function deleteProfiles(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  const { rowCount } = await tx.query(
    sql`DELETE FROM profile WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${[...customers]}::bigint[])`,
  );
  return rowCount ?? 0;
}
