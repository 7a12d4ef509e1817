/**
 * Segments on stores of simulated customers with five orders of one line each, on an embedded PostgreSQL of its own.
 * At each size: 40 segments counted with the predicates that keep their members, against the bare aggregate over the
 * orders (count, sum and newest by customer) in the same run: those that the app offers such a store, and, without a
 * bound, 40 of which 15 read orders and lines in as many ways as a merchant could think of; the preview of a rule of
 * five conditions (people, money, sample) against the bare count of its people; an order of one customer, from the
 * encrypted inbox to the outbox; what is due, few and many.
 * Orders and what is due are measured in all stores in turns, with warm caches, and compared between the stores.
 * The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/segments.ts [customers ..., default 10000 100000; "all" adds 1000000]
 */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { manualClock } from '../app/clock.ts';
import { createPool } from '../app/db/pool.server.ts';
import { sql } from '../app/db/sql.ts';
import { createDb, type ShopId, type ShopTx } from '../app/db/tenancy.server.ts';
import { atHour } from '../app/local-date.ts';
import { createLog } from '../app/log.server.ts';
import { compileRule, subjectOf, termsOf } from '../app/segments/compile-rule.ts';
import { loadReadableSegments } from '../app/segments/load-segments.server.ts';
import { compileSegments, countMembers } from '../app/segments/membership-difference.ts';
import { readStoreIdeas } from '../app/segments/presets-read-ideas.server.ts';
import { previewRule } from '../app/segments/preview-rule.server.ts';
import { readRuleDay } from '../app/segments/read-rule-day.server.ts';
import type { Rule } from '../app/segments/rule.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';
import { measureDue } from './segment-store/due-pass.ts';
import { median } from './segment-store/median.ts';
import { measureOrders } from './segment-store/order-way.ts';
import { context, fiveConditions, rules } from './segment-store/rules.ts';
import { simulateShop, STORE } from './segment-store/simulate.ts';

const BOUNDS = { segments: 3, preview: 1.5, previewMs: 500, order: 1.3, due: 1.5 };
const RUNS = 5;
const NOW = atHour(STORE.today, 12, STORE.timeZone);

const given = process.argv.slice(2);
const quick = [10_000, 100_000];
const sizes = given.length === 0 ? quick : given[0] === 'all' ? [...quick, 1_000_000] : given.map(Number);
const say = (words: string) => void process.stderr.write(`${words}\n`);

const server = await startEmbeddedPostgres({
  folder: path.join(tmpdir(), `regulars-bench-segments-${process.pid}`, 'data'),
  throwaway: true,
  settings: { work_mem: '64MB', max_wal_size: '8GB', shared_buffers: '2GB' },
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
  const reading = [];
  for (const { customers, shopId } of shops) {
    await db.inShop(shopId, putSegments);
    const read = { customers, ...(await db.inShop(shopId, measureReading)) };
    say(JSON.stringify(read));
    reading.push(read);
  }
  const ctx = { db, clock: manualClock(NOW), log: createLog({ level: 'silent', process: 'bench' }) };
  const dues = await measureDue(ctx, shops);
  const orders = await measureOrders(ctx, shops);
  const results = reading.map((read, i) => {
    const { few = NaN, many = NaN } = dues[i] ?? {};
    const orderMs = round(orders[i] ?? NaN);
    return {
      ...read,
      orderMs,
      dueMsEach: { few: round(few), many: round(many) },
      dueRatio: ratio(many, few),
    };
  });
  for (const one of results) say(JSON.stringify(one));
  await pool.end();
  await owner.end();
  const [smallest, largest] = [results[0], results.at(-1)];
  const orderRatio = smallest && largest ? ratio(largest.orderMs, smallest.orderMs) : 1;
  const between = (size: 'few' | 'many') =>
    smallest && largest ? ratio(largest.dueMsEach[size], smallest.dueMsEach[size]) : 1;
  const dueRatios = { few: between('few'), many: between('many') };
  const broken = [
    ...results.flatMap((one) => [
      ...(one.segmentsRatio > BOUNDS.segments ? [`40 segments at ${one.customers}`] : []),
      // The fixed cost of a preview (a few milliseconds) is all that a small store sees.
      ...(one.customers >= 1_000_000 && one.previewRatio > BOUNDS.preview
        ? [`preview against the bare count at ${one.customers}`]
        : []),
      ...(one.previewMs > BOUNDS.previewMs ? [`preview at ${one.customers}`] : []),
      ...(one.dueRatio > BOUNDS.due ? [`a customer that is due among many at ${one.customers}`] : []),
    ]),
    ...(orderRatio > BOUNDS.order ? ['an order in the largest store'] : []),
    ...(dueRatios.few > BOUNDS.due ? ['a customer among few that are due in the largest store'] : []),
    ...(dueRatios.many > BOUNDS.due ? ['a customer among many that are due in the largest store'] : []),
  ];
  for (const one of broken) say(`bound broken: ${one}`);
  process.stdout.write(`${JSON.stringify({ results, orderRatio, dueRatios, bounds: BOUNDS, broken })}\n`);
  if (broken.length > 0) process.exitCode = 1;
} finally {
  await server.stop();
}

/** Those of their own are live, so that orders and due customers are evaluated for all of them. */
async function putSegments(tx: ShopTx): Promise<void> {
  await put(tx, 'own', 'live', rules);
  const ideas = await readStoreIdeas(tx, await readRuleDay(tx, NOW));
  const offered = ideas.flatMap(({ rule, family }) => (rule && family !== 'rfm' ? [rule] : []));
  await put(tx, 'offered', 'draft', offered.slice(0, rules.length));
}

async function put(
  tx: ShopTx,
  family: string,
  status: 'live' | 'draft',
  some: readonly Rule[],
): Promise<void> {
  for (const [i, rule] of some.entries()) {
    const key = `${family}-${i}`;
    await tx.query(sql`
      INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, position, created_at)
      VALUES (${tx.shopId}, ${key}, ${key}, ${family}, ${key}, ${status}, ${JSON.stringify(rule)}::jsonb, ${i}, ${NOW})`);
  }
}

async function measureReading(tx: ShopTx) {
  for (const limit of ['statement_timeout', 'transaction_timeout']) await tx.query(`SET LOCAL ${limit} = 0`);
  // Its columns are asked for: PostgreSQL leaves out what nobody reads.
  const bare = sql`SELECT count(*), sum(orders), sum(spent), max(newest) FROM (
    SELECT customer_id, count(*) AS orders, sum(net_payment_minor) AS spent, max(processed_at) AS newest FROM orders
     WHERE shop_id = ${tx.shopId} GROUP BY customer_id) one`;
  const all = await loadReadableSegments(tx, { statuses: ['live', 'draft'] });
  const counting = (family: string) =>
    countMembers(tx.shopId, compileSegments(all.filter((one) => one.family === family)), context);
  const [offered, own] = [counting('offered'), counting('own')];
  const bareCount = sql`
    SELECT count(*) FROM (${subjectOf(tx.shopId, termsOf(fiveConditions), context)}) subject
     WHERE ${compileRule(fiveConditions)}`;
  // In turns, so that whatever else the machine does falls on all alike.
  await tx.query('SET LOCAL enable_nestloop = off');
  const [bareMs = NaN, offeredMs = NaN, ownMs = NaN] = await inTurns(
    [bare, offered, own].map((statement) => () => tx.query(statement)),
  );
  await tx.query('SET LOCAL enable_nestloop = on');
  const [countMs = NaN, previewMs = NaN] = await inTurns([
    () => tx.query(bareCount),
    () => previewRule(tx, { key: null, rule: fiveConditions, now: NOW }),
  ]);
  return {
    bareAggregateMs: round(bareMs),
    offered: { segments: all.filter(({ family }) => family === 'offered').length, ms: round(offeredMs) },
    own: { segments: rules.length, ms: round(ownMs), ratio: ratio(ownMs, bareMs) },
    segmentsRatio: ratio(offeredMs, bareMs),
    bareCountMs: round(countMs),
    previewMs: round(previewMs),
    previewRatio: ratio(previewMs, countMs),
  };
}

/** Medians in milliseconds. */
async function inTurns(works: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const times: number[][] = works.map(() => []);
  for (let run = 0; run < RUNS; run++) {
    for (const [i, work] of works.entries()) {
      const from = performance.now();
      await work();
      times[i]?.push(performance.now() - from);
    }
  }
  return times.map(median);
}

function ratio(one: number, other: number): number {
  return Math.round((one / other) * 100) / 100;
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
