/**
 * All customers of a large store get a tag and lose it again through bulk files, on an embedded PostgreSQL and a Shopify
 * that answers at once: what is measured is the app's own time, its requests and its memory. Flat memory: the peak
 * with all customers is at most so much above that with a tenth of them.
 * The last line of stdout is JSON; exit 1 when a bound is broken.
 *
 * usage: node bench/tag-writes.ts [customers, default 100,000]
 */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pushTags } from '../app/activation/push-tags.server.ts';
import { queueCustomers } from '../app/activation/queue-changed.server.ts';
import { systemClock } from '../app/clock.ts';
import { createPool } from '../app/db/pool.server.ts';
import { sql } from '../app/db/sql.ts';
import { createDb, type Db, type ShopId } from '../app/db/tenancy.server.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../scripts/database.ts';
import { startEmbeddedPostgres } from '../scripts/postgres.ts';
import { silentLog } from '../test/support/silent-log.ts';
import { startTagShop } from '../test/support/tag-shop.ts';

const BOUND_MB = 250;
const customers = Number(process.argv[2] ?? 100_000);
const say = (words: string) => void process.stderr.write(`${words}\n`);

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

async function run(db: Db, count: number) {
  const { shopId, segmentId } = await setUp(db, count);
  const ids = Array.from({ length: count }, (_, i) => String(i + 1));
  const shop = await startTagShop();
  for (const id of ids) shop.tags.set(id, ['VIP']);
  let requests = 0;
  const counted: typeof shop.admin = {
    ...shop.admin,
    request: ((...args: Parameters<typeof shop.admin.requestComposed>) => {
      requests += 1;
      return shop.admin.requestComposed(...args);
    }) as typeof shop.admin.request,
  };
  const log = silentLog();
  const { fetchResult, uploadFile } = shop;
  const ctx = { db, admin: counted, clock: systemClock, log, fetchResult, uploadFile };
  global.gc?.();
  const before = process.memoryUsage.rss();
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const turn = async (enter: boolean) => {
    await db.inShop(shopId, async (tx) => {
      await tx.query(
        enter
          ? sql`INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
                SELECT ${shopId}, ${segmentId}::bigint, id, ${new Date()}, 'activation', 1, 1, '{}'
                  FROM generate_series(1, ${count}::int) AS id`
          : sql`DELETE FROM membership WHERE shop_id = ${shopId}`,
      );
      await queueCustomers(tx, ids, new Date());
    });
    const began = performance.now();
    await pushTags(ctx, shopId);
    return Math.round(performance.now() - began) / 1_000;
  };
  const addSeconds = await turn(true);
  const tagged = [...shop.tags.values()].filter((tags) => tags.includes('regulars-a')).length;
  const removeSeconds = await turn(false);
  clearInterval(watch);
  const left = [...shop.tags.values()].filter((tags) => tags.includes('regulars-a')).length;
  const bulkFiles = shop.operations.length;
  const single = shop.requests.length;
  await shop.close();
  if (tagged !== count || left !== 0) throw new Error(`wrong tags: ${tagged} of ${count}, ${left} left`);
  return { customers: count, addSeconds, removeSeconds, bulkFiles, requests: requests + single, peakRssMb: Math.round(peak / 1e6), growthMb: Math.round((peak - before) / 1e6) }; // prettier-ignore
}

const server = await startEmbeddedPostgres({
  folder: path.join(tmpdir(), `regulars-bench-tags-${process.pid}`, 'data'),
  throwaway: true,
});
try {
  const url = new URL(await ensureDatabase(server.superuserUrl(), 'bench'));
  await prepareDatabase(url.toString());
  url.searchParams.set('options', `-c role=${APP_ROLE}`);
  const pool = createPool(url.toString(), { max: 12, applicationName: 'bench' });
  const db = createDb(pool);
  const small = await run(db, Math.max(1_000, Math.round(customers / 10)));
  say(`${small.customers} customers: ${small.addSeconds} s on, ${small.removeSeconds} s off`);
  const large = await run(db, customers);
  say(
    `${large.customers} customers: ${large.addSeconds} s on, ${large.removeSeconds} s off, ${large.requests} requests`,
  );
  await pool.end();
  const more = large.peakRssMb - small.peakRssMb;
  process.stdout.write(`${JSON.stringify({ small, large, peakGrowthMb: more, boundMb: BOUND_MB })}\n`);
  if (more > BOUND_MB) process.exitCode = 1;
} finally {
  await server.stop();
}
