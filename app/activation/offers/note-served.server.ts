/**
 * By which names orders show the discounts of which offers, from when to when: the title of a discount, its code, or of
 * an app discount also the titles of the offers in it. When we hear of an order the offer may be called otherwise, go
 * another way or have ended, and the name may stand for another offer.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/**
 * From `at` (business time) on the name stands for these offers and no others. A name that an offer had stays with it
 * until it stands for another one: its discount may be in force for a while beside the new one.
 */
export async function noteServed(
  tx: ShopTx,
  { name, offerIds }: { name: string; offerIds: readonly string[] },
  at: Date,
): Promise<void> {
  await tx.query(sql`
    UPDATE offer_served SET until = ${at}
     WHERE shop_id = ${tx.shopId} AND title = ${name} AND until IS NULL
       AND offer_id <> ALL(${[...offerIds]}::bigint[])`);
  await tx.query(sql`
    INSERT INTO offer_served (shop_id, offer_id, title, since)
    SELECT ${tx.shopId}::bigint, id, ${name}::text, ${at}::timestamptz
      FROM unnest(${[...offerIds]}::bigint[]) AS id
     WHERE NOT EXISTS (SELECT FROM offer_served s WHERE s.shop_id = ${tx.shopId} AND s.offer_id = id
                          AND s.title = ${name} AND s.until IS NULL)
    ON CONFLICT (shop_id, offer_id, title, since) DO UPDATE SET until = NULL`);
}
