/**
 * A product as it is now (type, tags, vendor, collections) may decide about everybody who has bought it. They are
 * touched only where a live rule asks about products; how many at once is the caller's matter.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../facts.ts';
import { rulesAsk } from '../rules-ask.server.ts';
import { touch, type Touched } from './touched.ts';

export async function touchBuyers(
  tx: ShopTx,
  products: readonly ShopifyId[],
  touched: Touched,
): Promise<void> {
  const ids = [...new Set(products)];
  if (ids.length === 0 || !(await rulesAsk(tx, 'products'))) return;
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT DISTINCT o.customer_id AS id
      FROM order_line l
      JOIN orders o ON o.shop_id = ${tx.shopId} AND o.id = l.order_id
     WHERE l.shop_id = ${tx.shopId} AND l.product_id = ANY(${ids}::bigint[])
       AND o.customer_id IS NOT NULL AND o.deleted_at IS NULL`);
  for (const { id } of rows) touch(touched, id, 'product');
}
