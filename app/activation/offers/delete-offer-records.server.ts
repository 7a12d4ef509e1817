import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';

/** Removes what offers keep about these customers. For erasure: the discounts stay. @returns rows removed */
export async function deleteOfferRecords(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  const ids = [...customers];
  const holders = await tx.query(sql`
    DELETE FROM offer_holder WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  const present = await tx.query(sql`
    DELETE FROM offer_present WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  const orders = await tx.query(sql`
    DELETE FROM offer_order WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  return (holders.rowCount ?? 0) + (present.rowCount ?? 0) + (orders.rowCount ?? 0);
}
