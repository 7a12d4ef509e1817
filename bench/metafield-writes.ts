/**
 * The metafields of all customers of a large store are written, then all of them once more with other values, on an
 * embedded PostgreSQL. The app's part is a process of its own, so what is measured is the app's time and memory alone.
 * Flat memory: what it holds with all customers against that with a tenth of them, as a ratio. The last line of stdout is
 * JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/metafield-writes.ts [customers, default 100,000]
 */
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createPool } from '../app/db/pool.server.ts';
import { sql } from '../app/db/sql.ts';
import { createDb, type Db, type ShopId } from '../app/db/tenancy.server.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';
import type { Measure } from './tag-store/measure.ts';
import { startMetafieldShop } from './tag-store/metafield-shop.ts';

/** With all customers divided by that with a tenth of them: what the app holds, and what its process has resident. */
const BOUND_RATIO = { held: 1.25, peak: 1.6 };
const customers = Number(process.argv[2] ?? 100_000);
const say = (words: string) => void process.stderr.write(`${words}\n`);

async function setUp(db: Db, count: number): Promise<ShopId> {
  const shopId = await db.outsideShops(async (tx) => {
    const { rows } = await tx.query<{ id: ShopId }>(
      sql`INSERT INTO shop (domain) VALUES (${`bench-${count}.myshopify.com`}) RETURNING id`,
    );
    const id = rows[0]?.id as ShopId;
    await tx.query(sql`INSERT INTO shop_lock (shop_id) VALUES (${id})`);
    return id;
  });
  await db.inShop(shopId, async (tx) => {
    await tx.query(sql`INSERT INTO shop_settings (shop_id) VALUES (${shopId})`);
    await tx.query(sql`
      INSERT INTO reach_settings (shop_id, metafields, metafields_defined) VALUES (${shopId}, 'on', true)`);
    await tx.query(sql`
      INSERT INTO customer (shop_id, id, tags)
      SELECT ${shopId}, id, '{regulars-a}' FROM generate_series(1, ${count}::int) AS id`);
    await tx.query(sql`
      INSERT INTO profile (shop_id, customer_id, orders, spent_minor)
      SELECT shop_id, id, 1, id FROM customer WHERE shop_id = ${shopId}`);
    const { rows } = await tx.query<{ id: string }>(sql`
      INSERT INTO segment (shop_id, key, name, family, tag_name, status, rule, created_at)
      VALUES (${shopId}, 'a', 'a', 'own', 'a', 'live', '{}', ${new Date()}) RETURNING id`);
    await tx.query(sql`
      INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
      SELECT shop_id, ${rows[0]?.id}::bigint, id, ${new Date()}, 'activation', 1, 1, '{}'
        FROM customer WHERE shop_id = ${shopId} AND id % 2 = 0`);
  });
  return shopId;
}

/** Everybody has spent something, and is queued. */
const turn = (db: Db, shopId: ShopId) =>
  db.inShop(shopId, async (tx) => {
    await tx.query(sql`UPDATE profile SET spent_minor = spent_minor + 100 WHERE shop_id = ${shopId}`);
    await tx.query(sql`
      INSERT INTO metafield_outbox (shop_id, customer_id, queued_at, not_before)
      SELECT shop_id, id, ${new Date()}, ${new Date(0)} FROM customer WHERE shop_id = ${shopId} ORDER BY id`);
  });

/** @returns its last line, when it has ended well */
async function writeAll(url: string, shopId: ShopId, store: string): Promise<Measure> {
  const script = path.join(import.meta.dirname, 'tag-store', 'metafields.ts');
  const child = spawn(process.execPath, ['--expose-gc', script, url, shopId, store], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = '';
  createInterface({ input: child.stdout }).on('line', (line) => (last = line));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`ended with ${String(code)}`);
  return JSON.parse(last) as Measure;
}

async function run(
  db: Db,
  url: string,
  { count, analyse }: { count: number; analyse: () => Promise<unknown> },
) {
  const shop = await startMetafieldShop();
  const shopId = await setUp(db, count);
  const write = async () => {
    await turn(db, shopId);
    await analyse();
    const before = { ...shop.counts };
    const said = await writeAll(url, shopId, shop.url);
    return { ...said, requests: shop.counts.requests - before.requests, set: shop.counts.set - before.set };
  };
  const first = await write();
  const second = await write();
  const { size } = shop.owners;
  await shop.close();
  if (size !== count || second.set !== count) throw new Error(`wrong metafields: ${size}, ${second.set}`);
  const result = {
    customers: count,
    firstSeconds: first.seconds,
    againSeconds: second.seconds,
    requests: [first.requests, second.requests],
    values: [first.set, second.set],
    startMb: first.startMb,
    peakMb: Math.max(first.peakMb, second.peakMb),
    heldMb: Math.max(first.heldMb, second.heldMb),
  };
  say(`${count} customers: ${first.seconds} s at first, ${second.seconds} s again, ${first.requests} + ${second.requests} requests, ${result.heldMb} MB held, ${result.peakMb} MB at most`); // prettier-ignore
  return result;
}

const server = await startEmbeddedPostgres({
  folder: path.join(tmpdir(), `regulars-bench-metafields-${process.pid}`, 'data'),
  throwaway: true,
});
try {
  const url = new URL(await ensureDatabase(server.superuserUrl(), 'bench'));
  await prepareDatabase(url.toString());
  const owner = createPool(url.toString(), { max: 1, applicationName: 'bench' });
  url.searchParams.set('options', `-c role=${APP_ROLE}`);
  const pool = createPool(url.toString(), { max: 2, applicationName: 'bench' });
  const db = createDb(pool);
  // As autovacuum does in a store that is not made in a second.
  const analyse = () => owner.query('ANALYZE');
  const small = await run(db, url.toString(), {
    count: Math.max(1_000, Math.round(customers / 10)),
    analyse,
  });
  const large = await run(db, url.toString(), { count: customers, analyse });
  await pool.end();
  await owner.end();
  const ratio = (of: 'heldMb' | 'peakMb') => Math.round((100 * large[of]) / small[of]) / 100;
  const [heldRatio, peakRatio] = [ratio('heldMb'), ratio('peakMb')];
  process.stdout.write(`${JSON.stringify({ small, large, heldRatio, peakRatio, bounds: BOUND_RATIO })}\n`);
  if (heldRatio > BOUND_RATIO.held || peakRatio > BOUND_RATIO.peak) process.exitCode = 1;
} finally {
  await server.stop();
}
