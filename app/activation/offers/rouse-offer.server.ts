import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/** The discount is brought in step at once, also one that Shopify refused before; each day looks for itself. */
export async function rouseOffer(tx: ShopTx, offerId: string): Promise<void> {
  await tx.query(sql`
    UPDATE offer_discount SET not_before = NULL, fault = NULL, attempts = 0
     WHERE shop_id = ${tx.shopId} AND (offer_id = ${offerId}::bigint OR offer_id IS NULL)
       AND (not_before IS NULL OR not_before < '9000-01-01')`);
  await wake(tx, tx.shopId, 'offers', AT_ONCE);
  await wake(tx, tx.shopId, 'offer-day', AT_ONCE);
}
