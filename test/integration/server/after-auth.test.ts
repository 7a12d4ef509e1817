import { afterAll, beforeAll, expect, test } from 'vitest';
import { afterAuth } from '../../../app/server/after-auth.server.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createImportWorld, type ImportWorld } from '../import/world.ts';

let world: ImportWorld;
beforeAll(async () => {
  world = await createImportWorld({ customers: 5, seed: 1 });
});
afterAll(() => world.close());

test('the shop, its settings, its drafts and one import, however often and however many at once', async () => {
  const { db } = world.testDb;
  const context = {
    db,
    clock: world.context().clock,
    log: silentLog(),
    adminFor: () => Promise.resolve(world.admin),
  };
  const shop = { domain: 'import-test.myshopify.com', scope: 'write_customers,read_orders' };
  await Promise.all([afterAuth(context, shop), afterAuth(context, shop), afterAuth(context, shop)]);
  await afterAuth(context, shop);
  const { rows: shops } = await db.pool.query<{ id: string; state: string }>('SELECT id, state FROM shop');
  expect(shops).toMatchObject([{ state: 'installed' }]);
  const shopId = shops[0]?.id as never;
  const inShop = async (text: string) => (await db.inShop(shopId, (tx) => tx.query(text))).rows;
  expect(await inShop('SELECT currency, iana_timezone, length(salt) AS salt FROM shop_settings')).toEqual([
    { currency: 'EUR', iana_timezone: 'Europe/Berlin', salt: 32 },
  ]);
  expect(
    await inShop(
      `SELECT count(*)::int AS n, count(*) FILTER (WHERE status = 'draft')::int AS drafts FROM segment`,
    ),
  ).toEqual([{ n: 25, drafts: 25 }]);
  // What was read of the shop is not lost either: the zone was another one a moment ago.
  const due = async () =>
    (
      await db.pool.query<{ work: string; version: string }>(
        `SELECT work, version FROM shop_due WHERE work IN ('import', 'recompute') ORDER BY work`,
      )
    ).rows;
  expect((await due()).map(({ work }) => work)).toEqual(['import', 'recompute']);
  const before = await due();
  await afterAuth(context, shop);
  expect(await due(), 'an import that is asked for is not asked for again').toEqual(before);

  // Once imported, opening the app again asks for nothing; Shopify being away does not keep anybody out.
  await db.pool.query(`DELETE FROM shop_due`);
  await inShop(`UPDATE shop_settings SET first_imported_at = '2026-01-01'`);
  const away = () => Promise.reject(new Error('away'));
  await afterAuth({ ...context, adminFor: away }, shop);
  expect(await due()).toEqual([]);
  expect(context.log.lines.map(({ msg }) => msg)).toContain('the shop could not be read after it was opened');
});
