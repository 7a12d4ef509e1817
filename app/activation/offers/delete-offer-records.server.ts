import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { rouseLines } from './rouse-lines.server.ts';

/**
 * Removes what offers keep about these customers. For erasure: the discounts stay, and what was taken off stays in the
 * sums of the offers, without the customers.
 * @returns rows removed
 */
export async function deleteOfferRecords(tx: ShopTx, customers: readonly ShopifyId[]): Promise<number> {
  const ids = [...customers];
  await rouseLines(
    tx,
    sql`SELECT offer_id FROM offer_holder
         WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[]) AND ended_at IS NULL`,
  );
  const holders = await tx.query(sql`
    DELETE FROM offer_holder WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  const present = await tx.query(sql`
    DELETE FROM offer_present WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])`);
  const { rows } = await tx.query<{ orders: number }>(sql`
    WITH gone AS (
      DELETE FROM offer_order WHERE shop_id = ${tx.shopId} AND customer_id = ANY(${ids}::bigint[])
      RETURNING offer_id, state, taken_minor
    ), kept AS (
      UPDATE offer o SET erased_uses = o.erased_uses + used.orders, erased_taken_minor = o.erased_taken_minor + used.taken
        FROM (SELECT offer_id, count(*) AS orders, coalesce(sum(taken_minor), 0) AS taken FROM gone
               WHERE state = 'used' GROUP BY offer_id) used
       WHERE o.shop_id = ${tx.shopId} AND o.id = used.offer_id
    )
    SELECT count(*)::int AS orders FROM gone`);
  return (holders.rowCount ?? 0) + (present.rowCount ?? 0) + (rows[0]?.orders ?? 0);
}
