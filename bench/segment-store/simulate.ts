/**
 * A shop of simulated customers with five orders of one line each, written by SQL alone. Orders of a customer lie
 * scattered over the table, as they do when they came in over years.
 */
import { sql } from '../../app/db/sql.ts';
import type { Db, ShopId } from '../../app/db/tenancy.server.ts';
import type { LocalDate } from '../../app/local-date.ts';

export const STORE = {
  ordersEach: 5,
  today: '2026-11-22' as LocalDate,
  timeZone: 'Europe/Berlin',
  currency: 'EUR',
  products: 400,
  /** Days over which the orders are spread. */
  span: 900,
} as const;

export async function simulateShop(db: Db, customers: number): Promise<ShopId> {
  const { ordersEach, today, timeZone, currency, products, span } = STORE;
  const domain = `bench-${customers}.myshopify.com`;
  const shopId = await db.outsideShops(async (tx) => {
    const { rows } = await tx.query<{ id: ShopId }>(
      sql`INSERT INTO shop (domain) VALUES (${domain}) RETURNING id`,
    );
    const id = rows[0]?.id as ShopId;
    await tx.query(sql`INSERT INTO shop_lock (shop_id) VALUES (${id}::bigint)`);
    return id;
  });
  await db.inShop(shopId, async (tx) => {
    await tx.query(`SET LOCAL statement_timeout = 0`);
    await tx.query(`SET LOCAL transaction_timeout = 0`);
    await tx.query(sql`
      INSERT INTO shop_settings (shop_id, iana_timezone, currency, salt, first_imported_at)
      VALUES (${shopId}, ${timeZone}, ${currency}, 'benchmark', ${today}::date)`);
    await tx.query(sql`
      INSERT INTO product (shop_id, id, title, vendor, product_type, tags)
      SELECT ${shopId}, n, 'Product ' || n, 'Vendor ' || n % 20, 'type ' || n % 10, ARRAY['tag ' || n % 50]
        FROM generate_series(1, ${products}::bigint) n`);
    await tx.query(sql`
      INSERT INTO product_collection (shop_id, product_id, collection_id, seen_at)
      SELECT ${shopId}, n, n % 25 + 1, ${today}::date FROM generate_series(1, ${products}::bigint) n`);
    await tx.query(sql`
      INSERT INTO customer (shop_id, id, created_at, updated_at, country_code, province_code, city, locale, email_consent, state, tags)
      SELECT ${shopId}, n, ${today}::date - ${span}::int, ${today}::date - ${span}::int,
             (ARRAY['DE', 'US', 'AT', 'FR'])[n % 4 + 1], 'BE', 'City ' || n % 500, (ARRAY['de', 'en'])[n % 2 + 1],
             CASE WHEN n % 3 = 0 THEN 'SUBSCRIBED' ELSE 'NOT_SUBSCRIBED' END, 'DISABLED',
             CASE WHEN n % 10 = 0 THEN ARRAY['wholesale', 'loyal-' || n % 7] ELSE '{}' END
        FROM generate_series(1, ${customers}::bigint) n`);
    await tx.query(sql`
      INSERT INTO orders (shop_id, id, name, customer_id, created_at, processed_at, updated_at, financial_status, currency,
                          total_minor, current_total_minor, net_payment_minor, subtotal_minor, discount_minor,
                          source_name, tags, discount_codes, core_stamp)
      SELECT ${shopId}, n, '#' || n, n % ${customers} + 1, at, at, at, 'PAID', ${currency}, amount, amount, amount, amount,
             CASE WHEN n % 7 = 0 THEN 500 ELSE 0 END, CASE WHEN n % 9 = 0 THEN 'pos' ELSE 'web' END,
             CASE WHEN n % 11 = 0 THEN ARRAY['gift'] ELSE '{}' END,
             CASE WHEN n % 7 = 0 THEN ARRAY['WELCOME' || n % 5] ELSE '{}' END, to_char(at, 'YYYY-MM-DD"T"HH24:MI:SS')
        FROM (SELECT n, (${today}::date - (n * 7919 % ${span})::int)::timestamptz + (n % 86400) * interval '1 second' AS at,
                     1000 + n * 104729 % 9000 AS amount
                FROM generate_series(1, ${customers * ordersEach}::bigint) n) drawn`);
    await tx.query(sql`
      INSERT INTO order_line (shop_id, order_id, id, product_id, variant_id, title, sku, vendor, quantity, current_quantity,
                              total_minor, discounted_minor)
      SELECT ${shopId}, id, id, 1 + id * 31 % ${products}, 1 + id * 31 % ${products}, 'Product ' || 1 + id * 31 % ${products},
             'SKU-' || 1 + id * 31 % ${products}, 'Vendor ' || (1 + id * 31 % ${products}) % 20, 1, 1, total_minor, total_minor
        FROM orders WHERE shop_id = ${shopId}`);
    await tx.query(sql`
      INSERT INTO profile (shop_id, customer_id, orders, spent_minor, biggest_order_minor, first_order_at, last_order_at,
                           first_order_on, last_order_on, last_activity_on, activity_orders)
      SELECT ${shopId}, customer_id, count(*), sum(net_payment_minor), max(net_payment_minor), min(processed_at),
             max(processed_at), min(on_day), max(on_day), max(on_day), count(*)
        FROM (SELECT customer_id, net_payment_minor, processed_at, (processed_at AT TIME ZONE ${timeZone})::date AS on_day
                FROM orders WHERE shop_id = ${shopId}) o GROUP BY customer_id`);
  });
  return shopId;
}
