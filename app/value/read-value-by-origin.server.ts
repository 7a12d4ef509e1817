/** What customers are worth by where they began: the channel of the first order that counts, and its products. */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';

export interface ValueOfOrigin {
  /** Source name, or product title; null when Shopify named none. */
  origin: string | null;
  customers: number;
  /** Mean over these customers, minor units. */
  spentMinor: number;
  /** Mean of the predicted value over 12 months; null when nobody of them has a prediction. */
  expectedValueMinor: number | null;
}

export interface ValueByOrigin {
  channels: ValueOfOrigin[];
  /** A customer whose first order had several products counts for each. */
  products: ValueOfOrigin[];
}

/** The `limit` origins with most customers of each kind. */
export async function readValueByOrigin(tx: ShopTx, day: ShopDay, limit: number): Promise<ValueByOrigin> {
  const order = judgeOrder(day.policy, day.currency);
  const first = sql`
    SELECT DISTINCT ON (o.customer_id) o.customer_id, o.id AS order_id, o.source_name, p.spent_minor
      FROM profile p JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = p.customer_id
     WHERE p.shop_id = ${tx.shopId} AND p.orders > 0 AND NOT p.left_out AND ${order.isCounted}
     ORDER BY o.customer_id, o.processed_at, o.id`;
  return {
    channels: await average(
      tx,
      sql`SELECT customer_id, spent_minor, source_name AS origin FROM (${first}) f`,
      limit,
    ),
    products: await average(
      tx,
      sql`SELECT DISTINCT f.customer_id, f.spent_minor, nullif(l.title, '') AS origin
            FROM (${first}) f
            JOIN order_line l ON l.shop_id = ${tx.shopId} AND l.order_id = f.order_id`,
      limit,
    ),
  };
}

async function average(tx: ShopTx, customers: Sql, limit: number): Promise<ValueOfOrigin[]> {
  const { rows } = await tx.query<ValueOfOrigin & Record<string, unknown>>(sql`
    SELECT c.origin, count(*)::int AS customers, avg(c.spent_minor)::float8 AS "spentMinor",
           avg(v.expected_value_minor)::float8 AS "expectedValueMinor"
      FROM (${customers}) c
      LEFT JOIN prediction v ON v.shop_id = ${tx.shopId} AND v.customer_id = c.customer_id
     GROUP BY c.origin ORDER BY customers DESC, c.origin LIMIT ${limit}`);
  return rows;
}
