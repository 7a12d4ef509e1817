/**
 * Which offers an app discount of ours serves, from when to when: Shopify shows an order's discount by its title, and the
 * discount may serve another offer by the time that we hear of the order.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/** Of one app discount, named by its title: from `at` (business time) on it serves these offers and no others. */
export async function noteServed(
  tx: ShopTx,
  { title, offerIds }: { title: string; offerIds: readonly string[] },
  at: Date,
): Promise<void> {
  await tx.query(sql`
    UPDATE offer_served SET until = ${at}
     WHERE shop_id = ${tx.shopId} AND title = ${title} AND until IS NULL
       AND offer_id <> ALL(${[...offerIds]}::bigint[])`);
  await tx.query(sql`
    INSERT INTO offer_served (shop_id, offer_id, title, since)
    SELECT ${tx.shopId}::bigint, id, ${title}::text, ${at}::timestamptz
      FROM unnest(${[...offerIds]}::bigint[]) AS id
     WHERE NOT EXISTS (SELECT FROM offer_served s WHERE s.shop_id = ${tx.shopId} AND s.offer_id = id
                          AND s.title = ${title} AND s.until IS NULL)
    ON CONFLICT (shop_id, offer_id, title, since) DO UPDATE SET until = NULL`);
}
