/** What a change of the shop's settings asks for is asked for durably, and done by the job that settles it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { dueShops, settle, wake, type DueShop } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { syncShopSettings } from '../../../app/intake/sync-shop-settings.server.ts';
import { handleImport } from '../../../app/jobs/handlers/import.server.ts';
import { handleRecompute } from '../../../app/jobs/handlers/recompute.server.ts';
import { handleSyncShop } from '../../../app/jobs/handlers/sync-shop.server.ts';
import { readRuns, wishRecompute } from '../../../app/pipeline/background-run.server.ts';
import type { WorkerContext } from '../../../app/jobs/worker-context.server.ts';
import { uninstallShop } from '../../../app/privacy/uninstall-shop.server.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createWorkerWorld, type WorkerWorld } from '../../support/worker-world.ts';

let world: WorkerWorld;
let shopId: ShopId;
beforeAll(async () => {
  world = await createWorkerWorld({ seed: { customers: 12, seed: 3 } });
});
afterAll(() => world.close());
beforeEach(async () => {
  shopId = await world.newShop();
  await world.testDb.db.pool.query('DELETE FROM shop_due');
});

const signal = new AbortController().signal;
const job = () => ({ data: { shopId }, signal });
const due = async () =>
  (
    await world.testDb.db.pool.query<{ work: string }>(`
      SELECT work FROM shop_due WHERE work IN ('settings', 'import', 'recompute') ORDER BY work`)
  ).rows.map(({ work }) => work);
const wakeNow = (work: 'settings' | 'import' | 'recompute') =>
  world.testDb.db.inShop(shopId, (tx) => wake(tx, shopId, work, new Date(0)));
const settings = async () =>
  (
    await world.testDb.db.inShop(shopId, (tx) =>
      tx.query(sql`SELECT currency, iana_timezone AS zone FROM shop_settings WHERE shop_id = ${shopId}`),
    )
  ).rows[0];

/** Shopify, but the shop says this of itself. */
async function told(
  shop: { ianaTimezone?: string; currencyCode?: string },
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<WorkerContext & { log: ReturnType<typeof silentLog> }> {
  const admin = await world.ctx.adminFor(shopId);
  const changed: AdminClient = {
    ...admin,
    async request(document, variables, options) {
      const answer = await admin.request(document, variables, options);
      if ('shop' in (answer.data as object)) {
        Object.assign((answer.data as { shop: object }).shop, shop);
        await meanwhile();
      }
      return answer;
    },
  };
  return { ...world.ctx, log: silentLog(), adminFor: () => Promise.resolve(changed) };
}

test('another time zone or currency is wished where it is stored, whoever read it', async () => {
  const ctx = await told({ ianaTimezone: 'Asia/Tokyo', currencyCode: 'JPY' });
  await syncShopSettings({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId);
  expect(await settings()).toEqual({ currency: 'JPY', zone: 'Asia/Tokyo' });
  expect(await due()).toEqual(['import', 'recompute']);
});

test('the wish and the settings are there together or not at all', async () => {
  const ctx = await told({ ianaTimezone: 'Asia/Tokyo' });
  const db: WorkerContext['db'] = {
    ...ctx.db,
    inShop: (shop, work) =>
      ctx.db.inShop(shop, async (tx) => {
        await work(tx);
        throw new Error('killed');
      }),
  };
  const read = syncShopSettings({ ...ctx, db, admin: await ctx.adminFor(shopId) }, shopId);
  await expect(read).rejects.toThrow('killed');
  expect(await settings()).toMatchObject({ zone: 'Europe/Berlin' });
  expect(await due()).toEqual([]);
});

test('a second change that is told while the first is read is read too', async () => {
  await wakeNow('settings');
  await handleSyncShop(await told({}, () => wakeNow('settings')), job());
  expect(await due()).toEqual(['settings']);
  await handleSyncShop(await told({}), job());
  expect(await due()).toEqual([]);
});

test('a zone that the database does not know is not stored', async () => {
  for (const ianaTimezone of ['Mars/Olympus_Mons', '+02:00']) {
    const ctx = await told({ ianaTimezone });
    await syncShopSettings({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId);
    expect(await settings()).toMatchObject({ zone: 'Europe/Berlin' });
    expect(ctx.log.lines.map(({ msg }) => msg)).toEqual(['unknown time zone: the one before stays']);
  }
  expect(await due()).toEqual([]);
});

test('another time zone and an approved change that wait together: both are carried out, each as its own', async () => {
  const ctx = await told({ ianaTimezone: 'Pacific/Kiritimati' });
  await world.testDb.db.inShop(shopId, (tx) => wishRecompute(tx, { cause: 'rule', now: new Date(0) }));
  await syncShopSettings({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId);
  const runs = async () => (await world.testDb.db.inShop(shopId, readRuns)).map(({ kind }) => kind).sort();
  expect(await runs()).toEqual(['rule', 'timezone']);
  const log = silentLog();
  await handleRecompute({ ...world.ctx, log }, job());
  const done = log.lines.filter(({ msg }) => msg === 'shop recomputed');
  expect(done.map(({ cause }) => cause)).toEqual(['timezone', 'rule']);
  expect(await runs()).toEqual([]);
  expect(await due()).toEqual([]);
});

test('everything is computed by the new days, then the wish is gone', async () => {
  const ctx = await told({ ianaTimezone: 'Pacific/Kiritimati' });
  await syncShopSettings({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId);
  const lastOrders = async () =>
    (
      await world.testDb.db.inShop(shopId, (tx) =>
        tx.query(sql`SELECT customer_id, last_order_on FROM profile WHERE shop_id = ${shopId} ORDER BY 1`),
      )
    ).rows;
  const before = await lastOrders();
  await handleRecompute(world.ctx, job());
  expect(await lastOrders()).not.toEqual(before);
  expect(await due()).toEqual([]);
});

test('an import settles the wish that it saw; one from meanwhile stays', async () => {
  await wakeNow('import');
  await handleImport(await told({}, () => wakeNow('import')), job());
  expect(await due()).toEqual(['import']);
  await handleImport(await told({}), job());
  expect(await due()).toEqual([]);
});

test('removed and installed again while an import runs: the old one sets nothing and the new wish stays', async () => {
  await wakeNow('import');
  const reinstalled = async () => {
    await world.testDb.db.inShop(shopId, async (tx) => {
      await uninstallShop(tx, { at: new Date(), now: new Date() });
      await tx.query(sql`UPDATE shop SET state = 'installed' WHERE id = ${shopId}`);
      await wake(tx, shopId, 'import', new Date(0));
    });
  };
  await expect(handleImport(await told({}, reinstalled), job())).rejects.toMatchObject({ retryable: true });
  const imported = async () =>
    (
      await world.testDb.db.inShop(shopId, (tx) =>
        tx.query<{ done: boolean }>(
          sql`SELECT first_imported_at IS NOT NULL AS done FROM shop_settings WHERE shop_id = ${shopId}`,
        ),
      )
    ).rows[0]?.done;
  expect(await imported()).toBe(false);
  expect(await due()).toEqual(['import']);
  // The job is tried again.
  await handleImport(world.ctx, job());
  expect(await imported()).toBe(true);
  expect(await due()).toEqual([]);
});

test('a late settle of the first installation leaves the wish of the second', async () => {
  await wakeNow('import');
  const [seen] = await dueShops(world.testDb.db, 'import', new Date(), 1);
  await world.testDb.db.pool.query('DELETE FROM shop_due');
  await wakeNow('import');
  await settle(world.testDb.db, seen as DueShop, null);
  expect(await due()).toEqual(['import']);
});
