/**
 * A store of any size, drawn by PostgreSQL itself: two years of customers who order and leave as MBG/NBD says, with
 * r = 1, alpha = 60 days, a = 1, b = 1.6.
 */
import pg from 'pg';

export const TODAY = '2026-11-22';

/** @returns the shop's id */
export async function seedStore(url: string, customers: number): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `INSERT INTO shop (domain) VALUES ('bench.myshopify.com') RETURNING id`,
    );
    const shopId = rows[0]?.id ?? '';
    await client.query('INSERT INTO shop_lock (shop_id) VALUES ($1)', [shopId]);
    await client.query(
      `INSERT INTO shop_settings (shop_id, currency, iana_timezone, first_imported_at) VALUES ($1, 'EUR', 'Europe/Berlin', '${TODAY}')`,
      [shopId],
    );
    await client.query('SELECT setseed(0.5)');
    await client.query(
      `INSERT INTO customer (shop_id, id, created_at, updated_at) SELECT $1, i, '2024-01-01', '2024-01-01' FROM generate_series(1, $2) i`,
      [shopId, customers],
    );
    await client.query(
      `WITH drawn AS MATERIALIZED (
         SELECT i, 1 + random() * 729 AS age, -ln(1 - random()) / 60 AS rate, 1 - power(random(), 1 / 1.6) AS leaves
           FROM generate_series(1, $2) i
       ), person AS MATERIALIZED (
         SELECT i, age, rate, least(40, floor(ln(1 - random()) / ln(1 - least(0.999, leaves + 1e-9))))::int AS lives FROM drawn
       )
       INSERT INTO orders (shop_id, id, customer_id, created_at, processed_at, updated_at, financial_status, currency,
                           total_minor, current_total_minor, net_payment_minor, source_name, core_stamp)
       SELECT $1, row_number() OVER (), i, at, at, at, 'PAID', 'EUR', total, total, total,
              (ARRAY['web', 'web', 'web', 'pos', '12345'])[1 + i % 5], ''
         FROM (SELECT i, '${TODAY}'::timestamptz - (age - after) * interval '1 day' AS at,
                      (2000 + random() * 8000)::bigint AS total
                 FROM (SELECT i, age, 0::float8 AS after FROM person
                        UNION ALL
                       SELECT i, age, sum(wait) OVER (PARTITION BY i ORDER BY k)
                         FROM (SELECT i, age, k, -ln(1 - random()) / rate AS wait
                                 FROM person CROSS JOIN LATERAL generate_series(1, lives) k) waits) life
                WHERE after < age) placed`,
      [shopId, customers],
    );
    await client.query(
      `INSERT INTO order_line (shop_id, order_id, id, product_id, title, quantity, current_quantity, total_minor, discounted_minor)
       SELECT shop_id, id, id, 1 + id % 200, 'Thing', 1, 1, total_minor, total_minor FROM orders`,
    );
    await client.query(
      `INSERT INTO profile (shop_id, customer_id, orders, spent_minor, biggest_order_minor, first_order_at, last_order_at,
                            first_order_on, last_order_on, activity_orders, last_activity_on)
       SELECT shop_id, customer_id, count(*), sum(total_minor), max(total_minor), min(processed_at), max(processed_at),
              (min(processed_at) AT TIME ZONE 'Europe/Berlin')::date, (max(processed_at) AT TIME ZONE 'Europe/Berlin')::date,
              count(*), (max(processed_at) AT TIME ZONE 'Europe/Berlin')::date
         FROM orders GROUP BY 1, 2`,
    );
    await client.query('VACUUM ANALYZE');
    return shopId;
  } finally {
    await client.end();
  }
}
