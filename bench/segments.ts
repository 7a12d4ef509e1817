/**
 * Evaluating rules on a store of simulated customers with five orders each, on an embedded PostgreSQL of its own. The
 * floor in the same run: for 40 segments the bare aggregate over the orders (count, sum and newest by customer), for
 * the preview of a rule the bare count of the customers with a profile.
 * The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/segments.ts [customers, default 100,000]
 */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createPool } from '../app/db/pool.server.ts';
import { join, sql, type Sql } from '../app/db/sql.ts';
import { createDb, type ShopId, type ShopTx } from '../app/db/tenancy.server.ts';
import { DEFAULT_ORDER_POLICY } from '../app/history/order-policy.ts';
import type { LocalDate } from '../app/local-date.ts';
import { compileRule, subjectOf, termsOf } from '../app/segments/compile-rule.ts';
import type { RuleContext } from '../app/segments/field.ts';
import { PRESETS } from '../app/segments/presets.ts';
import type { Condition, Rule } from '../app/segments/rule.ts';
import { noCutPoints } from '../app/value/cut-points.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';

const BOUNDS = { segments: 3, preview: 1.5, previewMs: 500 };
const ORDERS_EACH = 5;
const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'Europe/Berlin';
const RUNS = 5;

const customers = Number(process.argv[2] ?? 100_000);
const say = (words: string) => void process.stderr.write(`${words}\n`);

const context: RuleContext = {
  today: TODAY,
  timeZone: ZONE,
  currency: 'EUR',
  policy: DEFAULT_ORDER_POLICY,
  salt: 'benchmark',
  cutPoints: {
    ...noCutPoints(TODAY),
    version: 1,
    rhythmDays: [91, 196, 392],
    spentPercentiles: { 75: 21_000, 80: 23_000, 90: 26_000, 95: 30_000, 99: 36_000 },
  },
};

/** Forty rules: presets, then windows of many lengths, with and without a wait. */
const rules: Rule[] = [
  ...PRESETS.slice(0, 25).map(({ rule }) => rule),
  ...[7, 14, 30, 60, 90, 120, 180, 270, 365, 730].map((lastDays): Rule => ({
    v: 1,
    where: { field: 'spent_in', with: { lastDays }, op: 'gte', value: 10_000 },
  })),
  ...[30, 90, 180, 365].map((lastDays): Rule => ({
    v: 1,
    countAfterDays: 14,
    where: { field: 'orders_in', with: { lastDays }, op: 'gte', value: 2 },
  })),
  { v: 1, where: { field: 'orders_in', with: { beforeDays: 365 }, op: 'gte', value: 1 } },
];

const fiveConditions: Rule = {
  v: 1,
  where: {
    all: [
      { field: 'orders', op: 'gte', value: 2 },
      { field: 'spent', op: 'gte', value: 10_000 },
      { field: 'days_since_last_order', op: 'between', value: [10, 300] },
      { field: 'biggest_order', op: 'lt', value: 9_000 },
      { any: [{ field: 'value_class', op: 'eq', value: 'best' } satisfies Condition] },
    ],
  },
};

const server = await startEmbeddedPostgres({
  folder: path.join(tmpdir(), `regulars-bench-segments-${process.pid}`, 'data'),
  throwaway: true,
  settings: { work_mem: '64MB', max_wal_size: '8GB' },
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
  say(`${customers} customers with ${ORDERS_EACH} orders each ...`);
  await db.inShop(shopId, simulate);
  const result = await db.inShop(shopId, measure);
  await pool.end();
  const broken = [
    ...(result.segmentsRatio > BOUNDS.segments ? ['40 segments'] : []),
    ...(result.previewRatio > BOUNDS.preview ? ['preview against the bare count'] : []),
    ...(result.previewMs > BOUNDS.previewMs ? ['preview'] : []),
  ];
  for (const one of broken) say(`bound broken: ${one}`);
  process.stdout.write(`${JSON.stringify({ customers, ...result, bounds: BOUNDS, broken })}\n`);
  if (broken.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
}

async function simulate(tx: ShopTx): Promise<void> {
  await tx.query(`SET LOCAL statement_timeout = 0`);
  await tx.query(sql`
    INSERT INTO orders (shop_id, id, customer_id, created_at, processed_at, updated_at, financial_status, currency,
                        total_minor, current_total_minor, net_payment_minor, core_stamp)
    SELECT ${tx.shopId}, n, n % ${customers} + 1, at, at, at, 'PAID', 'EUR', amount, amount, amount, ''
      FROM (SELECT n, (${TODAY}::date - (n * 7919 % 900)::int)::timestamptz + (n % 86400) * interval '1 second' AS at,
                   1000 + n * 104729 % 9000 AS amount
              FROM generate_series(1, ${customers * ORDERS_EACH}::bigint) n) drawn`);
  await tx.query(sql`
    INSERT INTO customer (shop_id, id, created_at, country_code)
    SELECT ${tx.shopId}, n, ${TODAY}::date - 900, CASE WHEN n % 3 = 0 THEN 'DE' ELSE 'US' END
      FROM generate_series(1, ${customers}::bigint) n`);
  await tx.query(sql`
    INSERT INTO profile (shop_id, customer_id, orders, spent_minor, biggest_order_minor, first_order_on,
                         last_order_on, last_activity_on, activity_orders)
    SELECT ${tx.shopId}, customer_id, count(*), sum(net_payment_minor), max(net_payment_minor), min(on_day), max(on_day),
           max(on_day), count(*)
      FROM (SELECT customer_id, net_payment_minor, (processed_at AT TIME ZONE ${ZONE})::date AS on_day FROM orders
             WHERE shop_id = ${tx.shopId}) o GROUP BY customer_id`);
  await tx.query('ANALYZE orders');
  await tx.query('ANALYZE profile');
  await tx.query('ANALYZE customer');
}

async function measure(tx: ShopTx) {
  await tx.query(`SET LOCAL statement_timeout = 0`);
  const bare = sql`SELECT count(*) FROM (
    SELECT customer_id, count(*), sum(net_payment_minor), max(processed_at) FROM orders
     WHERE shop_id = ${tx.shopId} GROUP BY customer_id) one`;
  const terms = [...new Set(rules.flatMap(termsOf))];
  const counts = rules.map((rule) => sql`count(*) FILTER (WHERE ${compileRule(rule)})`);
  const segments = sql`
    SELECT ARRAY[${join(counts)}] FROM (${subjectOf(tx.shopId, terms, context)}) subject`;
  const bareCount = sql`SELECT count(*) FROM profile p WHERE p.shop_id = ${tx.shopId} AND NOT p.left_out`;
  const preview = sql`
    SELECT count(*) FROM (${subjectOf(tx.shopId, termsOf(fiveConditions), context)}) subject
     WHERE ${compileRule(fiveConditions)}`;
  // In turns, so that whatever else the machine does falls on both alike.
  const [bareMs, segmentsMs] = await inTurns(tx, bare, segments);
  const [countMs, previewMs] = await inTurns(tx, bareCount, preview);
  return {
    segments: rules.length,
    bareAggregateMs: Math.round(bareMs),
    segmentsMs: Math.round(segmentsMs),
    segmentsRatio: ratio(segmentsMs, bareMs),
    bareCountMs: Math.round(countMs),
    previewMs: Math.round(previewMs),
    previewRatio: ratio(previewMs, countMs),
  };
}

/** Medians in milliseconds. */
async function inTurns(tx: ShopTx, one: Sql, other: Sql): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    for (const [i, statement] of [one, other].entries()) {
      const from = performance.now();
      await tx.query(statement);
      times[i]?.push(performance.now() - from);
    }
  }
  const median = (list: number[]) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
  return [median(times[0]), median(times[1])];
}

function ratio(one: number, other: number): number {
  return Math.round((one / other) * 100) / 100;
}
