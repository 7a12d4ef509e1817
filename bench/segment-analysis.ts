/**
 * What the pages of analysis take on a large store: 40 live segments of a random tenth of the customers each, three
 * orders a customer, everybody entered by a change of many. Every answer must come within the limits of the pages.
 * The last line of stdout is JSON; exit 1 when something took too long.
 *
 * usage: node bench/segment-analysis.ts [customers, default 100,000]
 */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPool } from '../app/db/pool.server.ts';
import { sql } from '../app/db/sql.ts';
import { createDb, type ShopId, type ShopTx } from '../app/db/tenancy.server.ts';
import { readShopDay } from '../app/history/read-shop-day.server.ts';
import type { LocalDate } from '../app/local-date.ts';
import { readComparison } from '../app/segments/analysis/read-comparison.server.ts';
import { readGrowth } from '../app/segments/analysis/read-growth.server.ts';
import { readHealth } from '../app/segments/analysis/read-health.server.ts';
import { readOverlap } from '../app/segments/analysis/read-overlap.server.ts';
import { readPerformance, readStorePerformance } from '../app/segments/analysis/read-performance.server.ts';
import { readIdeas } from '../app/segments/presets-read-ideas.server.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';

const SEGMENTS = 40;
const TODAY = '2026-11-22' as LocalDate;
const NOW = new Date(`${TODAY}T12:00:00Z`);
const ZONE = 'UTC';

const customers = Number(process.argv[2] ?? 100_000);
const say = (words: string) => void process.stderr.write(`${words}\n`);

const server = await startEmbeddedPostgres({
  folder: path.join(tmpdir(), `regulars-bench-analysis-${process.pid}`, 'data'),
  throwaway: true,
  settings: { max_wal_size: '8GB' },
});
process.once('SIGTERM', () => process.exit(143));
try {
  const url = await ensureDatabase(server.superuserUrl(), 'bench');
  await prepareDatabase(url, { role: { name: APP_ROLE, password: 'bench' } });
  const forApp = new URL(url);
  Object.assign(forApp, { username: APP_ROLE, password: 'bench' });
  const pool = createPool(forApp.toString(), { max: 2, applicationName: 'bench' });
  const db = createDb(pool);
  const shopId = await db.outsideShops(async (tx) => {
    const { rows } = await tx.query<{ id: ShopId }>(
      sql`INSERT INTO shop (domain) VALUES ('bench.myshopify.com') RETURNING id`,
    );
    return rows[0]?.id as ShopId;
  });
  say(`${customers} customers, ${SEGMENTS} segments ...`);
  await db.inShop(shopId, simulate);
  const seconds: Record<string, number> = {};
  const slow: string[] = [];
  const timed = async (name: string, work: (tx: ShopTx) => Promise<{ state: string } | unknown[]>) => {
    const began = performance.now();
    const answer = await db.inShop(shopId, work);
    seconds[name] = Math.round(performance.now() - began) / 1000;
    if ('state' in answer && answer.state !== 'here') slow.push(name);
    say(`  ${name}: ${seconds[name]} s`);
  };
  const day = await db.inShop(shopId, (tx) => readShopDay(tx, NOW));
  const period = { from: new Date(NOW.getTime() - 90 * 86_400_000), to: NOW };
  await timed('growth', (tx) =>
    readGrowth(tx, { key: 's1', from: '2024-11-01' as LocalDate, today: TODAY, timeZone: ZONE }),
  );
  await timed('overlap', (tx) => readOverlap(tx));
  await timed('health', (tx) => readHealth(tx, { today: TODAY, timeZone: ZONE, overlap: null }));
  await timed('performance of a tenth', (tx) => readPerformance(tx, day, { segmentId: '1', ...period }));
  await timed('performance of everybody', (tx) => readPerformance(tx, day, { segmentId: '40', ...period }));
  await timed('performance of the store', (tx) => readStorePerformance(tx, day, period));
  await timed('comparison of two', (tx) => readComparison(tx, day, { a: '1', b: '2' }));
  await timed('comparison with the rest', (tx) => readComparison(tx, day, { a: '1', b: null }));
  await timed('ideas', (tx) => readIdeas(tx, NOW));
  await pool.end();
  process.stdout.write(`${JSON.stringify({ customers, seconds, slow })}\n`);
  if (slow.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
}

/** Segments 1 to 39 hold a tenth of the customers each, segment 40 everybody. */
async function simulate(tx: ShopTx): Promise<void> {
  await tx.query(`SET LOCAL statement_timeout = 0`);
  await tx.query(sql`INSERT INTO shop_settings (shop_id, currency) VALUES (${tx.shopId}, 'EUR')`);
  await tx.query(sql`
    INSERT INTO customer (shop_id, id, created_at, country_code)
    SELECT ${tx.shopId}::bigint, n, ${NOW}::timestamptz, CASE WHEN n % 3 = 0 THEN 'DE' ELSE 'US' END
      FROM generate_series(1, ${customers}::bigint) n`);
  await tx.query(sql`
    INSERT INTO orders (shop_id, id, customer_id, created_at, processed_at, updated_at, financial_status, currency,
                        total_minor, current_total_minor, net_payment_minor, core_stamp, source_name)
    SELECT ${tx.shopId}::bigint, n, n % ${customers}::bigint + 1, at, at, at, 'PAID', 'EUR', amount, amount, amount, '', 'web'
      FROM (SELECT n, ${NOW}::timestamptz - (n * 7919 % 900) * interval '1 day' AS at, 1000 + n * 104729 % 9000 AS amount
              FROM generate_series(1, 3 * ${customers}::bigint) n) drawn`);
  await tx.query(sql`
    INSERT INTO order_line (shop_id, order_id, id, product_id, title, quantity, current_quantity, total_minor, discounted_minor)
    SELECT shop_id, id, id, 1 + id % 50, 'Product', 1, 1, total_minor, total_minor FROM orders WHERE shop_id = ${tx.shopId}`);
  await tx.query(sql`
    INSERT INTO profile (shop_id, customer_id, orders, spent_minor, biggest_order_minor, first_order_at, first_order_on,
                         last_order_on, last_activity_on, activity_orders)
    SELECT ${tx.shopId}::bigint, customer_id, count(*), sum(net_payment_minor), max(net_payment_minor), min(processed_at),
           min(processed_at)::date, max(processed_at)::date, max(processed_at)::date, count(*)
      FROM orders WHERE shop_id = ${tx.shopId} GROUP BY customer_id`);
  await tx.query(sql`
    INSERT INTO segment (shop_id, id, key, name, family, tag_name, status, rule, position, created_at, live_since)
    SELECT ${tx.shopId}::bigint, n, 's' || n, 'S' || n, 'own', 's' || n, 'live',
           '{"v":1,"where":{"field":"orders","op":"gte","value":1}}', n, ${NOW}::timestamptz, ${NOW}::timestamptz - interval '1 year'
      FROM generate_series(1, ${SEGMENTS}::int) n`);
  await tx.query(sql`
    INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
    SELECT ${tx.shopId}::bigint, s, c, ${NOW}::timestamptz - interval '1 year', 'activation', 1, 1, '{}'
      FROM generate_series(1, ${SEGMENTS}::int) s, generate_series(1, ${customers}::bigint) c
     WHERE s = ${SEGMENTS}::int OR (c * 2654435761 + s * 40503) % 1000003 % 10 = 0`);
  await tx.query(sql`
    INSERT INTO mass_change (shop_id, id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
    SELECT shop_id, segment_id, segment_id, 'entered', min(since), 'activation', 1, 1, count(*) FROM membership
     WHERE shop_id = ${tx.shopId} GROUP BY shop_id, segment_id`);
  await tx.query(sql`
    INSERT INTO mass_member (shop_id, change_id, customer_id)
    SELECT shop_id, segment_id, customer_id FROM membership WHERE shop_id = ${tx.shopId}`);
  for (const table of [
    'customer',
    'orders',
    'order_line',
    'profile',
    'membership',
    'mass_member',
    'mass_change',
  ]) {
    await tx.query(`ANALYZE ${table}`);
  }
}
