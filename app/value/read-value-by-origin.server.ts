/**
 * What customers are worth by where they began: the channel of the first order that counts, and the product that made
 * most of it. Every buyer is in exactly one row of each table, so the rows add up to the store.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';

/** Rows that are shown by themselves; all others are summed. */
export const SHOWN_ORIGINS = 10;

export interface OriginValue {
  /** Shopify's source name, or a product's title; null when Shopify named none. */
  origin: string | null;
  /** How many channels or products are in this row: 1, or those that were summed. */
  origins: number;
  /** True for the row that sums all but the first ten. */
  summed: boolean;
  customers: number;
  repeatCustomers: number;
  /** Spent to date by all of them, minor units as text. */
  spentMinor: string;
  /** Customers with a prediction, and the sum of what they are expected to spend in 12 months. */
  predicted: number;
  expectedMinor: string;
}

/** By the channel of the first order ("web", "pos", an app's number), most customers first. */
export async function readValueByChannel(tx: ShopTx, day: ShopDay): Promise<OriginValue[]> {
  return sumByOrigin(
    tx,
    sql`SELECT customer_id, orders, spent_minor, source_name AS key, source_name AS origin
          FROM (${firstOrders(tx, day)}) f`,
  );
}

/**
 * By the product with the largest amount in the first order (gift cards last, equal amounts by line). Products are
 * told apart by Shopify's number and named as they are called now; lines without one by their title.
 */
export async function readValueByFirstProduct(tx: ShopTx, day: ShopDay): Promise<OriginValue[]> {
  return sumByOrigin(
    tx,
    sql`SELECT f.customer_id, f.orders, f.spent_minor,
               coalesce(l.product_id::text, 'title ' || nullif(l.title, '')) AS key,
               coalesce(nullif(t.title, ''), nullif(l.title, '')) AS origin
          FROM (${firstOrders(tx, day)}) f
          LEFT JOIN LATERAL (
            SELECT l.product_id, l.title FROM order_line l
             WHERE l.shop_id = ${tx.shopId} AND l.order_id = f.order_id
             ORDER BY l.gift_card, l.total_minor DESC, l.id LIMIT 1) l ON true
          LEFT JOIN product t ON t.shop_id = ${tx.shopId} AND t.id = l.product_id`,
  );
}

/** One row a buyer; of orders at the same instant the one with the lowest number. */
function firstOrders(tx: ShopTx, day: ShopDay): Sql {
  const order = judgeOrder(day.policy, day.currency);
  return sql`
    SELECT DISTINCT ON (p.customer_id) p.customer_id, p.orders, p.spent_minor, o.id AS order_id, o.source_name
      FROM profile p
      JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = p.customer_id
                   AND o.processed_at = p.first_order_at
     WHERE p.shop_id = ${tx.shopId} AND p.orders > 0 AND NOT p.left_out AND ${order.isCounted}
     ORDER BY p.customer_id, o.id`;
}

async function sumByOrigin(tx: ShopTx, customers: Sql): Promise<OriginValue[]> {
  const { rows } = await tx.query<OriginValue & Record<string, unknown>>(sql`
    WITH by_key AS (
      SELECT c.key, min(c.origin) AS origin, count(*) AS customers, count(*) FILTER (WHERE c.orders > 1) AS repeats,
             sum(c.spent_minor) AS spent, count(v.customer_id) AS predicted,
             sum(v.expected_value_minor) AS expected,
             row_number() OVER (ORDER BY count(*) DESC, c.key COLLATE "C") AS place
        FROM (${customers}) c
        LEFT JOIN prediction v ON v.shop_id = ${tx.shopId} AND v.customer_id = c.customer_id
       GROUP BY c.key
    )
    SELECT CASE WHEN shown <= ${SHOWN_ORIGINS} THEN min(origin) END AS origin, sum(origins)::int AS origins,
           shown > ${SHOWN_ORIGINS} AS summed, sum(customers)::int AS customers,
           sum(repeats)::int AS "repeatCustomers", sum(spent)::text AS "spentMinor",
           sum(predicted)::int AS predicted, coalesce(sum(expected), 0)::text AS "expectedMinor"
      FROM (SELECT *, 1 AS origins, least(place, ${SHOWN_ORIGINS + 1}) AS shown FROM by_key) placed
     GROUP BY shown ORDER BY shown`);
  return rows;
}
