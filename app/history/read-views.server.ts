/**
 * What customers are worth in three views, of the whole store or of one customer: by the order policy in force, as
 * Shopify counts ("amount spent"), and as product revenue without tax and shipping. And what the policy leaves out.
 *
 * It reads every order of the store: `withinMs` bounds it, because a page asks.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { judgeOrder } from './order-policy-sql.ts';
import { DEFAULT_ORDER_POLICY } from './order-policy.ts';
import type { ShopDay } from './read-shop-day.server.ts';

export interface ThreeViews {
  /** Orders that count, and what was paid for them. */
  orders: number;
  /** Minor units, as text: they may pass 2^53. All that was paid. */
  totalMinor: string;
  productsMinor: string;
  /** Shopify's own; null where it has told nothing. */
  shopifyOrders: number | null;
  shopifyMinor: string | null;
}

export interface LeftOut {
  people: number;
  /** What they spent with orders that would count. */
  peopleMinor: string;
  /** Orders of the others. */
  orders: number;
  ordersMinor: string;
}

export async function readThreeViews(
  tx: ShopTx,
  day: ShopDay,
  customerId: ShopifyId | null,
): Promise<ThreeViews> {
  const judged = (amounts: 'total' | 'products') => judgeOrder({ ...day.policy, amounts }, day.currency);
  const [total, products] = [judged('total'), judged('products')];
  const one = (column: Sql) => (customerId === null ? sql`` : sql`AND ${column} = ${customerId}::bigint`);
  const { rows } = await tx.query<ThreeViews & Record<string, unknown>>(sql`
    SELECT a.*, b.* FROM (
      SELECT count(*)::int AS orders, coalesce(sum(${total.spentMinor}), 0)::text AS "totalMinor",
             coalesce(sum(${products.spentMinor}), 0)::text AS "productsMinor"
        FROM profile p JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = p.customer_id
       WHERE p.shop_id = ${tx.shopId} AND NOT p.left_out AND ${total.isCounted} ${one(sql`p.customer_id`)}) a,
     (SELECT sum(c.shopify_orders)::int AS "shopifyOrders", sum(c.shopify_spent_minor)::text AS "shopifyMinor"
        FROM profile p JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = p.customer_id
       WHERE p.shop_id = ${tx.shopId} ${one(sql`p.customer_id`)}) b`);
  const [views] = rows;
  if (!views) throw new TypeError('an aggregate always has one row');
  return views;
}

export async function readLeftOut(tx: ShopTx, day: ShopDay): Promise<LeftOut> {
  const { leftOut } = judgeOrder(day.policy, day.currency);
  // What they would be worth if nothing of the store were left out.
  const { isCounted, spentMinor } = judgeOrder(
    { ...DEFAULT_ORDER_POLICY, companyOrders: 'count', amounts: day.policy.amounts },
    day.currency,
  );
  const { rows } = await tx.query<LeftOut & Record<string, unknown>>(sql`
    SELECT (SELECT count(*)::int FROM profile WHERE shop_id = ${tx.shopId} AND left_out) AS people,
           coalesce(sum(${spentMinor}) FILTER (WHERE p.left_out), 0)::text AS "peopleMinor",
           count(*) FILTER (WHERE NOT p.left_out)::int AS orders,
           coalesce(sum(${spentMinor}) FILTER (WHERE NOT p.left_out), 0)::text AS "ordersMinor"
      FROM profile p JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = p.customer_id
     WHERE p.shop_id = ${tx.shopId} AND (p.left_out OR ${leftOut}) AND ${isCounted}`);
  return rows[0] ?? { people: 0, peopleMinor: '0', orders: 0, ordersMinor: '0' };
}

/** The customer with the highest sum: the one whose three views are shown first. */
export async function biggestSpender(tx: ShopTx): Promise<ShopifyId | null> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT customer_id AS id FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out
     ORDER BY spent_minor DESC, customer_id LIMIT 1`);
  return rows[0]?.id ?? null;
}
