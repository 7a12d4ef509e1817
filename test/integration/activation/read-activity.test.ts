import { afterAll, beforeAll, expect, test } from 'vitest';
import { readActivity } from '../../../app/activation/read-activity.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shopId: ShopId;
const AT = new Date('2026-11-22T11:00:00.000Z');
beforeAll(async () => {
  t = await createTestDb();
  shopId = await t.createShop();
  await within(async (tx) => {
    await tx.query(sql`
      INSERT INTO tag_write (shop_id, customer_id, tag, act, outcome, at, way, reason)
      SELECT ${shopId}, id, 'r-a', 'add', CASE WHEN id % 10 = 0 THEN 'failed' ELSE 'confirmed' END, ${AT}, 'bulk',
             CASE WHEN id % 10 = 0 THEN 'too_many_tags' END FROM generate_series(1, 120) AS id`);
    await tx.query(sql`
      INSERT INTO tag_edit (shop_id, customer_id, tag_key, tag, kind, at, noticed_at)
      SELECT ${shopId}, id, 'r-a', 'r-a', CASE WHEN id % 2 = 0 THEN 'removed' ELSE 'put_back' END, ${AT}, ${AT}
        FROM generate_series(1, 10) AS id`);
  });
});
afterAll(() => t.close());
const within = <T>(work: (tx: ShopTx) => Promise<T>) => t.db.inShop(shopId, work);

test('pages follow each other without a gap or a repeat, also within one instant', async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 10; pages++) {
    const page = await within((tx) => readActivity(tx, { cursor, limit: 50 }));
    seen.push(...page.rows.map(({ id }) => id));
    if (page.next === null) break;
    cursor = page.next;
  }
  expect(seen).toHaveLength(130);
  expect(new Set(seen).size).toBe(130);
});

test.each([
  ['confirmed', 108],
  ['failed', 12],
  ['by_others', 5],
  ['decided', 5],
] as const)('by outcome %s', async (outcome, n) => {
  const page = await within((tx) => readActivity(tx, { filter: { outcome, tag: 'r-a' }, limit: 500 }));
  expect(page.rows).toHaveLength(n);
  expect(page.rows.every((row) => row.outcome === outcome)).toBe(true);
});
