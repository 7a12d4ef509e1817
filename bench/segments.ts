/**
 * Segments on stores of simulated customers with five orders of one line each, on an embedded PostgreSQL of its own.
 * At each size: 40 segments counted with the predicates that keep their members, against the bare aggregate over the
 * orders (count, sum and newest by customer) in the same run; the preview of a rule of five conditions against the
 * bare count of customers; an order of one customer, from the fact to the outbox; what is due, few and many.
 * The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/segments.ts [customers ..., default 10000 100000; "all" adds 1000000]
 */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manualClock } from '../app/clock.ts';
import { createPool } from '../app/db/pool.server.ts';
import { sql, type Sql } from '../app/db/sql.ts';
import { createDb, type Db, type ShopId, type ShopTx } from '../app/db/tenancy.server.ts';
import { atHour } from '../app/local-date.ts';
import { createLog } from '../app/log.server.ts';
import { refresh } from '../app/pipeline/refresh.server.ts';
import { reviewDue } from '../app/pipeline/review-due.server.ts';
import { compileRule, subjectOf, termsOf } from '../app/segments/compile-rule.ts';
import { loadReadableSegments } from '../app/segments/load-segments.server.ts';
import { compileSegments, countMembers } from '../app/segments/membership-difference.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';
import { context, fiveConditions, rules } from './segment-store/rules.ts';
import { simulateShop, STORE } from './segment-store/simulate.ts';

const BOUNDS = { segments: 3, preview: 1.5, previewMs: 500, order: 1.3, due: 1.5 };
const RUNS = 5;
const ORDERS = 60;
const DUE = { few: 300, many: 3_000 };
const NOW = atHour(STORE.today, 12, STORE.timeZone);

const given = process.argv.slice(2);
const quick = [10_000, 100_000];
const sizes = given.length === 0 ? quick : given[0] === 'all' ? [...quick, 1_000_000] : given.map(Number);
const say = (words: string) => void process.stderr.write(`${words}\n`);

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
  const owner = createPool(url, { max: 1, applicationName: 'bench' });
  const db = createDb(pool);
  const shops: { customers: number; shopId: ShopId }[] = [];
  for (const customers of sizes) {
    say(`${customers} customers with ${STORE.ordersEach} orders each ...`);
    shops.push({ customers, shopId: await simulateShop(db, customers) });
  }
  await owner.query('VACUUM ANALYZE');
  const results = [];
  for (const { customers, shopId } of shops) {
    const result = { customers, ...(await measure(db, shopId, customers)) };
    say(JSON.stringify(result));
    results.push(result);
  }
  await pool.end();
  await owner.end();
  const [smallest, largest] = [results[0], results.at(-1)];
  const orderRatio = smallest && largest ? ratio(largest.orderMs, smallest.orderMs) : 1;
  const broken = [
    ...results.flatMap((one) => [
      ...(one.segmentsRatio > BOUNDS.segments ? [`40 segments at ${one.customers}`] : []),
      ...(one.previewRatio > BOUNDS.preview ? [`preview against the bare count at ${one.customers}`] : []),
      ...(one.previewMs > BOUNDS.previewMs ? [`preview at ${one.customers}`] : []),
      ...(one.dueRatio > BOUNDS.due ? [`a customer that is due among many at ${one.customers}`] : []),
    ]),
    ...(orderRatio > BOUNDS.order ? ['an order in the largest store'] : []),
  ];
  for (const one of broken) say(`bound broken: ${one}`);
  process.stdout.write(`${JSON.stringify({ results, orderRatio, bounds: BOUNDS, broken })}\n`);
  if (broken.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
}

async function measure(db: Db, shopId: ShopId, customers: number) {
  await db.inShop(shopId, putSegments);
  const read = await db.inShop(shopId, measureReading);
  const orderMs = await measureOrders(db, shopId, customers);
  const [few, many] = [await measureDue(db, shopId, DUE.few), await measureDue(db, shopId, DUE.many)];
  return {
    ...read,
    orderMs: round(orderMs),
    dueMsEach: { few: round(few), many: round(many) },
    dueRatio: ratio(many, few),
  };
}

/** Live, so that orders and due customers are evaluated for all of them. */
async function putSegments(tx: ShopTx): Promise<void> {
  for (const [i, rule] of rules.entries()) {
    const key = `segment-${i}`;
    await tx.query(sql`
      INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, position, created_at)
      VALUES (${tx.shopId}, ${key}, ${key}, 'own', ${key}, 'live', ${JSON.stringify(rule)}::jsonb, ${i}, ${NOW})`);
  }
}

async function measureReading(tx: ShopTx) {
  for (const limit of ['statement_timeout', 'transaction_timeout']) await tx.query(`SET LOCAL ${limit} = 0`);
  const bare = sql`SELECT count(*) FROM (
    SELECT customer_id, count(*), sum(net_payment_minor), max(processed_at) FROM orders
     WHERE shop_id = ${tx.shopId} GROUP BY customer_id) one`;
  const segments = countMembers(tx.shopId, compileSegments(await loadReadableSegments(tx)), context);
  const bareCount = sql`SELECT count(*) FROM profile p WHERE p.shop_id = ${tx.shopId} AND NOT p.left_out`;
  const preview = sql`
    SELECT count(*), (array_agg(subject.customer_id))[1:5]
      FROM (${subjectOf(tx.shopId, termsOf(fiveConditions), context)}) subject WHERE ${compileRule(fiveConditions)}`;
  // In turns, so that whatever else the machine does falls on both alike.
  await tx.query('SET LOCAL enable_nestloop = off');
  const [bareMs, segmentsMs] = await inTurns(tx, bare, segments);
  await tx.query('SET LOCAL enable_nestloop = on');
  const [countMs, previewMs] = await inTurns(tx, bareCount, preview);
  return {
    segments: rules.length,
    bareAggregateMs: round(bareMs),
    segmentsMs: round(segmentsMs),
    segmentsRatio: ratio(segmentsMs, bareMs),
    bareCountMs: round(countMs),
    previewMs: round(previewMs),
    previewRatio: ratio(previewMs, countMs),
  };
}

/** Milliseconds of one transaction: an order's amount changes, and all that follows from it up to the outbox. */
async function measureOrders(db: Db, shopId: ShopId, customers: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ORDERS; i++) {
    const order = 1 + ((i * 7919) % (customers * STORE.ordersEach));
    const customerId = String((order % customers) + 1);
    const from = performance.now();
    await db.inShop(shopId, async (tx) => {
      await tx.query(sql`
        UPDATE orders SET net_payment_minor = net_payment_minor + 50000 WHERE shop_id = ${shopId} AND id = ${order}`);
      await refresh(tx, { touched: new Map([[customerId, 'order']]), now: NOW });
    });
    times.push(performance.now() - from);
  }
  return median(times.slice(10));
}

/** Milliseconds for each of so many customers who are due, in a store where nobody else is. */
async function measureDue(db: Db, shopId: ShopId, due: number): Promise<number> {
  const ctx = { db, clock: manualClock(NOW), log: createLog({ level: 'silent', process: 'bench' }) };
  const mark = () =>
    db.inShop(shopId, async (tx) => {
      await tx.query(sql`
        UPDATE profile SET next_review_at = ${NOW} WHERE shop_id = ${shopId} AND customer_id <= ${due}`);
    });
  const times: number[] = [];
  for (let run = 0; run < 4; run++) {
    await mark();
    const from = performance.now();
    await reviewDue(ctx, shopId);
    times.push((performance.now() - from) / due);
  }
  // The first one makes the memberships.
  return median(times.slice(1));
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
  return [median(times[0]), median(times[1])];
}

function median(list: number[]): number {
  return list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN;
}

function ratio(one: number, other: number): number {
  return Math.round((one / other) * 100) / 100;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
