import { afterAll, beforeAll, expect, test } from 'vitest';
import { dueShops } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { joinImport } from '../../../app/intake/import/join-import.server.ts';
import { recordStatements } from '../../support/recorded-statements.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

test('customers that only orders have named are asked for, without a list of them in memory', async () => {
  const shopId = await t.createShop();
  const now = new Date('2026-11-22T12:00:00Z');
  await t.db.inShop(shopId, async (tx) => {
    await tx.query(sql`
      INSERT INTO customer (shop_id, id, core_stamp, deleted_at)
      SELECT ${shopId}, id, CASE WHEN id = 1 THEN 'known' END, CASE WHEN id = 2 THEN ${now}::timestamptz END
        FROM generate_series(1, 503) AS id`);
    await tx.query(sql`INSERT INTO customer_alias (shop_id, old_id, kept_id) VALUES (${shopId}, 3, 4)`);
    const recorded = recordStatements(tx);
    expect(await joinImport(recorded.tx, now)).toEqual({ orphanLines: 0, unknownCustomers: 500 });
    const longest = recorded.statements.flatMap(({ values }) => values.map((value) => String(value).length));
    expect(Math.max(...longest)).toBeLessThan(100);
    const { rows } = await tx.query(sql`
      SELECT kind, count(*)::int AS n, min(object_id) AS first, min(not_before) AS "notBefore", min(version) AS version
        FROM reread WHERE shop_id = ${shopId} GROUP BY kind`);
    expect(rows).toEqual([{ kind: 'customer', n: 500, first: '4', notBefore: now, version: '1' }]);
    await joinImport(tx, now);
    expect((await tx.query('SELECT 1 FROM reread WHERE version = 2')).rowCount).toBe(500);
  });
  expect((await dueShops(t.db, 'reread', now, 10)).map((due) => due.shopId)).toEqual([shopId]);
});
