/** What counts towards the limit of tag writes a day of bulk files: those on their way, none that has ended or was cut off. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leftToday, readDayLimit, storeDayLimit } from '../../../app/activation/tags/day-limit.server.ts';
import { pruneBulks } from '../../../app/activation/tags/prune-bulks.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { createWorkerWorld, type WorkerWorld } from '../../support/worker-world.ts';

let world: WorkerWorld;
let shopId: ShopId;
beforeAll(async () => {
  world = await createWorkerWorld({ seed: { customers: 3, seed: 3 } });
  shopId = await world.newShop();
  await inShop((tx) => storeDayLimit(tx, 10));
});
afterAll(() => world.close());

const inShop: <T>(work: Parameters<typeof world.testDb.db.inShop<T>>[1]) => Promise<T> = (work) =>
  world.testDb.db.inShop(shopId, work);
const now = new Date('2026-11-22T11:00:00Z');

/** A file of four lines with two tags each. */
async function fileIn(state: string): Promise<void> {
  await inShop(async (tx) => {
    for (const table of ['tag_bulk_line', 'tag_bulk']) await tx.query(`DELETE FROM ${table} WHERE shop_id = ${shopId}`);
    await tx.query(sql`
      INSERT INTO tag_bulk (shop_id, act, state, lines, started_at, finished_at)
      VALUES (${shopId}, 'add', ${state}, 4, ${now}, CASE WHEN ${state} IN ('done', 'failed') THEN ${now}::timestamptz END)`);
    await tx.query(sql`
      INSERT INTO tag_bulk_line (shop_id, bulk_id, line, customer_id, tags, generation)
      SELECT ${shopId}::bigint, bulk.id, n, n, ARRAY['a', 'b'], 1 FROM tag_bulk bulk, generate_series(1, 4) n
       WHERE bulk.shop_id = ${shopId}`);
  });
} // prettier-ignore

test.each([
  ['staging', 2],
  ['running', 2],
  ['reading', 2],
  ['done', 10],
  ['failed', 10],
])('a file that is %s leaves %i of 10', async (state, left) => {
  await fileIn(state);
  expect(leftToday(await inShop((tx) => readDayLimit(tx, now)))).toBe(left);
});

test('lines of one that was cut off go with it after a month', async () => {
  await fileIn('failed');
  expect(await inShop((tx) => pruneBulks(tx, new Date('2026-12-21T11:00:00Z')))).toBe(0);
  expect(await inShop((tx) => pruneBulks(tx, new Date('2026-12-23T11:00:00Z')))).toBe(1);
  const { rows } = await inShop((tx) => tx.query(sql`SELECT 1 FROM tag_bulk_line WHERE shop_id = ${shopId}`));
  expect(rows).toEqual([]);
});
