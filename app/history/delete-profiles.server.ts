import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

/**
 * Profiles, and the merchant's word that somebody is left out. What is being looked at of another order policy names
 * people in its samples: then it goes whole, and is worked out anew when it is asked for.
 */
export async function deleteProfiles(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  let removed = 0;
  for (const statement of [
    sql`DELETE FROM profile WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${customers}::bigint[])`,
    sql`DELETE FROM left_out_person WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${customers}::bigint[])`,
    sql`DELETE FROM policy_draft WHERE shop_id = ${tx.shopId} AND effect -> 'people' ?| ${customers}::text[]`,
  ]) {
    removed += (await tx.query(statement)).rowCount ?? 0;
  }
  return removed;
}
