import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusePowerfulRole } from '../../app/db/pool.server.ts';
import { createPool } from '../../app/db/pool.server.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import { createTestDb, type TestDb } from '../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

test('a query without a shop sees nothing and writes nothing', async () => {
  const a = await t.createShop();
  await t.db.inShop(a, (tx) => tx.query(`INSERT INTO customer (shop_id, id) VALUES (${a}, 1)`));
  const seen = await t.db.outsideShops((tx) => tx.query('SELECT * FROM customer'));
  expect(seen.rows).toEqual([]);
  await expect(
    t.db.outsideShops((tx) => tx.query(`INSERT INTO customer (shop_id, id) VALUES (${a}, 2)`)),
  ).rejects.toThrow(/row-level security/);
});

test('a shop never sees, changes or writes rows of another', async () => {
  const a = await t.createShop();
  const b = await t.createShop();
  await t.db.inShop(a, (tx) => tx.query(`INSERT INTO customer (shop_id, id) VALUES (${a}, 7)`));
  const inB = await t.db.inShop(b, async (tx) => ({
    read: (await tx.query('SELECT * FROM customer')).rowCount,
    changed: (await tx.query('UPDATE customer SET locale = $$x$$')).rowCount,
    removed: (await tx.query('DELETE FROM customer')).rowCount,
  }));
  expect(inB).toEqual({ read: 0, changed: 0, removed: 0 });
  await expect(
    t.db.inShop(b, (tx) => tx.query(`INSERT INTO customer (shop_id, id) VALUES (${a}, 8)`)),
  ).rejects.toThrow(/row-level security/);
});

test('every table but the four that hold ids and times only is under the policy', async () => {
  const { rows } = await t.db.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1`,
  );
  expect(rows.map((row) => row.name)).toEqual([
    '_prisma_migrations',
    'session',
    'shop',
    'shop_due',
    'shop_lock',
  ]);
});

test('a malformed shop id is refused before any statement', async () => {
  await expect(t.db.inShop('1; DROP TABLE shop' as ShopId, () => Promise.resolve())).rejects.toThrow(
    /unexpected/,
  );
});

test('web and worker refuse to run as a role that bypasses row-level security', async () => {
  const pool = createPool(t.superuserUrl, { max: 1, applicationName: 'test' });
  await expect(refusePowerfulRole(pool)).rejects.toThrow(/superuser or has BYPASSRLS/);
  await pool.end();
  await expect(refusePowerfulRole(t.db.pool)).resolves.toBeUndefined();
});
