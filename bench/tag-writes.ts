/**
 * All customers of a large store get a tag and lose it again through bulk files, on an embedded PostgreSQL. The app's
 * part and the stand-in store are processes of their own, so what is measured is the app's time, its requests and its
 * memory alone. Flat memory: what it holds with all customers against that with a tenth of them, as a ratio.
 * The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/tag-writes.ts [customers, default 100,000]
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createPool } from '../app/db/pool.server.ts';
import { sql } from '../app/db/sql.ts';
import { createDb, type Db, type ShopId } from '../app/db/tenancy.server.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';
import type { Measure } from './tag-store/measure.ts';
import type { ShopCounts } from './tag-store/shop.ts';

/** With all customers divided by that with a tenth of them: what the app holds, and what its process has resident. */
const BOUND_RATIO = { held: 1.25, peak: 1.6 };
const TAG = 'regulars-a';
const customers = Number(process.argv[2] ?? 100_000);
const say = (words: string) => void process.stderr.write(`${words}\n`);

/** Starts a file of bench/tag-store. */
function start(file: string, ...args: string[]): ChildProcess {
  const script = path.join(import.meta.dirname, 'tag-store', file);
  return spawn(process.execPath, ['--expose-gc', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** @returns its last line, when it has ended well */
async function lastLineOf(child: ChildProcess): Promise<string> {
  let last = '';
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => (last = line));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`ended with ${String(code)}`);
  return last;
}

async function firstLineOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) return line;
  throw new Error('it said nothing');
}

async function setUp(db: Db, count: number): Promise<{ shopId: ShopId; segmentId: string }> {
  const shopId = await db.outsideShops(async (tx) => {
    const { rows } = await tx.query<{ id: ShopId }>(
      sql`INSERT INTO shop (domain) VALUES (${`bench-${count}.myshopify.com`}) RETURNING id`,
    );
    const id = rows[0]?.id as ShopId;
    await tx.query(sql`INSERT INTO shop_lock (shop_id) VALUES (${id})`);
    return id;
  });
  const segmentId = await db.inShop(shopId, async (tx) => {
    await tx.query(sql`INSERT INTO shop_settings (shop_id) VALUES (${shopId})`);
    await tx.query(sql`
      INSERT INTO customer (shop_id, id, tags, tags_stamp)
      SELECT ${shopId}, id, '{VIP}', '2026-01-01T00:00:00.000000Z|2026-01-01T00:00:00.000000Z|0'
        FROM generate_series(1, ${count}::int) AS id`);
    const { rows } = await tx.query<{ id: string }>(sql`
      INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
      VALUES (${shopId}, 'a', 'a', 'own', 'a', 'live', '{}', ${new Date()}) RETURNING id`);
    return rows[0]?.id ?? '';
  });
  return { shopId, segmentId };
}

/** Everybody comes in or goes out, and is queued. */
async function turn(
  db: Db,
  { shopId, segmentId }: { shopId: ShopId; segmentId: string },
  enter: boolean,
): Promise<void> {
  await db.inShop(shopId, async (tx) => {
    await tx.query(
      enter
        ? sql`INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
              SELECT shop_id, ${segmentId}::bigint, id, ${new Date()}, 'activation', 1, 1, '{}'
                FROM customer WHERE shop_id = ${shopId}`
        : sql`DELETE FROM membership WHERE shop_id = ${shopId}`,
    );
    await tx.query(sql`
      INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before)
      SELECT shop_id, id, ${new Date()}, ${new Date(0)} FROM customer WHERE shop_id = ${shopId} ORDER BY id`);
  });
}

async function run(db: Db, url: string, store: string, count: number) {
  await fetch(`${store}/reset?customers=${count}`);
  const shop = await setUp(db, count);
  const push = async (enter: boolean) => {
    await turn(db, shop, enter);
    const measure = JSON.parse(await lastLineOf(start('push.ts', url, shop.shopId, store))) as Measure;
    const answer = await fetch(`${store}/counts?tag=${TAG}`);
    const counts = (await answer.json()) as ShopCounts;
    if (counts.tagged !== (enter ? count : 0)) throw new Error(`wrong tags: ${counts.tagged} of ${count}`);
    return { ...measure, ...counts };
  };
  const on = await push(true);
  const off = await push(false);
  const result = {
    customers: count,
    addSeconds: on.seconds,
    removeSeconds: off.seconds,
    bulkFiles: off.operations,
    requests: off.requests,
    startMb: on.startMb,
    peakMb: Math.max(on.peakMb, off.peakMb),
    heldMb: Math.max(on.heldMb, off.heldMb),
  };
  say(`${count} customers: ${on.seconds} s on, ${off.seconds} s off, ${off.requests} requests, ${result.peakMb} MB at most`); // prettier-ignore
  return result;
}

const server = await startEmbeddedPostgres({
  folder: path.join(tmpdir(), `regulars-bench-tags-${process.pid}`, 'data'),
  throwaway: true,
});
const shopProcess = start('shop.ts');
try {
  const store = await firstLineOf(shopProcess);
  const url = new URL(await ensureDatabase(server.superuserUrl(), 'bench'));
  await prepareDatabase(url.toString());
  url.searchParams.set('options', `-c role=${APP_ROLE}`);
  const pool = createPool(url.toString(), { max: 2, applicationName: 'bench' });
  const db = createDb(pool);
  const small = await run(db, url.toString(), store, Math.max(1_000, Math.round(customers / 10)));
  const large = await run(db, url.toString(), store, customers);
  await pool.end();
  const ratio = (of: 'heldMb' | 'peakMb') => Math.round((100 * large[of]) / small[of]) / 100;
  const [heldRatio, peakRatio] = [ratio('heldMb'), ratio('peakMb')];
  process.stdout.write(`${JSON.stringify({ small, large, heldRatio, peakRatio, bounds: BOUND_RATIO })}\n`);
  if (heldRatio > BOUND_RATIO.held || peakRatio > BOUND_RATIO.peak) process.exitCode = 1;
} finally {
  shopProcess.kill();
  await server.stop();
}
