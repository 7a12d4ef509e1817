import { AT_ONCE, wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/**
 * A discount or a segment in Shopify was changed or deleted, by whomever: when it is one of ours, it is looked at
 * again within the minute. Most are the merchant's own, for which nothing is done.
 */
export async function wakeForChangedPart(
  tx: ShopTx,
  { what, id }: { what: 'discount' | 'segment'; id: string },
): Promise<void> {
  const { rows } = await tx.query<{ offers: boolean; native: boolean }>(sql`
    SELECT EXISTS (SELECT FROM offer_discount WHERE shop_id = ${tx.shopId}
                      AND CASE WHEN ${what === 'discount'}::boolean THEN discount_id ELSE segment_id END = ${id}) AS offers,
           ${what === 'segment'}::boolean AND EXISTS (
             SELECT FROM native_segment WHERE shop_id = ${tx.shopId} AND shopify_id::text = ${id}) AS native`);
  if (rows[0]?.offers) await wake(tx, tx.shopId, 'offers', AT_ONCE);
  if (rows[0]?.native) await wake(tx, tx.shopId, 'native-segments', AT_ONCE);
}
