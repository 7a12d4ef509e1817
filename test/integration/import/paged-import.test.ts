/**
 * Where Shopify refuses bulk operations the store is read page by page: the same facts, gone on with after a kill,
 * with the reason kept. And what Shopify does not show stays unknown.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { keepBulkQueries } from '../../../app/intake/import/keep-bulk-queries.server.ts';
import { readPages } from '../../../app/intake/import/read-pages.server.ts';
import { readParts } from '../../../app/intake/import/import-rows.server.ts';
import { reconcile } from '../../../app/intake/reconcile.server.ts';
import { readStandings } from '../../../app/shopify/standing.server.ts';
import { createImportWorld, type ImportWorld } from './world.ts';

const DOMAIN = 'import-test.myshopify.com';
let world: ImportWorld;
let shopId: ShopId;

beforeAll(async () => {
  world = await createImportWorld({ customers: 70, seed: 12 });
});
afterAll(() => world.close());
beforeEach(async () => {
  shopId = await world.newShop();
  world.sandbox.access.resetSwitches(DOMAIN);
  world.sandbox.faults.disarmAll();
});

const standings = () => world.testDb.db.inShop(shopId, readStandings);
const lastRun = () =>
  world.testDb.db.inShop(shopId, async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      sql`SELECT id FROM import_run WHERE shop_id = ${shopId} ORDER BY id DESC LIMIT 1`,
    );
    return rows[0]?.id ?? '';
  });
const parts = async () => readParts(world.testDb.db, shopId, await lastRun());
const fieldsOf = () => world.sandbox.apiLog.recent(DOMAIN).flatMap(({ fields }) => fields);

describe('bulk queries that are refused', () => {
  it.each([
    ['not enabled', { bulkQueries: false }, 'not_enabled'],
    ['no IP allowlist', { ipAllowlist: 'missing' as const }, 'not_enabled'],
  ])('%s: the same facts, page by page, and the reason is kept', async (_name, switches, why) => {
    world.sandbox.access.setSwitches(DOMAIN, switches);
    expect(await world.import(shopId)).toMatchObject({ outcome: 'done' });
    expect(await world.facts(shopId)).toEqual(world.expected());
    expect(await parts()).toMatchObject([
      { kind: 'customers', way: 'paged', state: 'done', linesDone: '70', bulkId: null },
      { kind: 'orders', way: 'paged', state: 'done', linesDone: String(world.store.orderCount()) },
      { kind: 'products', way: 'paged', state: 'done' },
    ]);
    for (const { objects, lines } of (await world.parts(shopId)) as { objects: number; lines: number }[]) {
      expect(lines).toBe(objects);
    }
    expect(await standings()).toMatchObject({ bulk_queries: { state: 'refused', why } });
  });

  it('has the same groups and links as the bulk way', async () => {
    const rest = (shop: ShopId) =>
      world.testDb.db.inShop(shop, async (tx) => {
        const read = async (statement: ReturnType<typeof sql>) => (await tx.query(statement)).rows;
        return {
          pairs: await read(sql`
            SELECT product_id, collection_id FROM product_collection
             WHERE shop_id = ${shop} ORDER BY product_id, collection_id`),
          collections: await read(sql`
            SELECT id, title, handle FROM collection WHERE shop_id = ${shop} ORDER BY id`),
          orders: await read(sql`
            SELECT id, subtotal_minor, tax_minor, shipping_minor, discount_minor, source_name, channel, return_open,
                   dispute_lost, journey_first_source, journey_last_utm_campaign, gift_card_minor
              FROM orders WHERE shop_id = ${shop} ORDER BY id`),
          customers: await read(sql`
            SELECT id, shopify_orders, shopify_spent_minor, shopify_rfm_group, shopify_spend_tier, subscriber_status
              FROM customer WHERE shop_id = ${shop} ORDER BY id`),
        };
      });
    await world.import(shopId);
    const inBulk = await rest(shopId);
    expect(inBulk.pairs.length).toBeGreaterThan(5);
    const other = await world.newShop();
    world.sandbox.access.setSwitches(DOMAIN, { bulkQueries: false });
    await world.import(other);
    expect(await rest(other)).toEqual(inBulk);
  });

  it('goes on after the last page, whenever it is killed', async () => {
    world.sandbox.access.setSwitches(DOMAIN, { bulkQueries: false });
    let kills = 0;
    const { store } = world;
    const pages =
      Math.ceil(70 / 50) + Math.ceil(store.orderCount() / 5) + Math.ceil(store.productCount() / 40);
    for (let answers = 5; ; answers += 19) {
      const stop = new AbortController();
      let left = answers;
      const real = world.admin;
      const admin = {
        ...real,
        request: (async (...input: Parameters<typeof real.request>) => {
          const answer = await real.request(...input);
          left -= 1;
          if (left === 0) stop.abort(new Error('killed here'));
          return answer;
        }) as typeof real.request,
      };
      try {
        await world.import(shopId, { admin, signal: stop.signal });
        break;
      } catch (error) {
        expect(error).toHaveProperty('message', 'killed here');
        kills += 1;
      }
    }
    expect(kills).toBeGreaterThan(2);
    expect(await world.facts(shopId)).toEqual(world.expected());
    const linesRead = (await parts()).map(({ linesDone }) => Number(linesDone));
    expect(linesRead).toEqual([70, store.orderCount(), store.productCount()]);
    expect(pages).toBeGreaterThan(10);
  });

  it('begins a new list before Shopify’s depth is reached', async () => {
    world.sandbox.access.setSwitches(DOMAIN, { bulkQueries: false });
    await world.import(shopId, { signal: undefined });
    await world.testDb.db.inShop(shopId, (tx) =>
      tx.query(sql`
        UPDATE import_part SET state = 'loading', after_id = 0, lines_done = 0 WHERE shop_id = ${shopId}`),
    );
    await world.testDb.db.inShop(shopId, (tx) =>
      tx.query(sql`UPDATE import_run SET state = 'running' WHERE shop_id = ${shopId}`),
    );
    const searches: unknown[] = [];
    const real = world.admin;
    const admin = {
      ...real,
      request: ((document, variables, options) => {
        searches.push((variables as { search?: unknown }).search);
        return real.request(document, variables, options);
      }) as typeof real.request,
    };
    for (const part of await parts()) {
      await readPages(world.context({ admin }), shopId, await lastRun(), part, { depth: 60 });
    }
    expect(searches.filter((search) => typeof search === 'string').length).toBeGreaterThan(5);
    expect((await parts()).map(({ linesDone }) => Number(linesDone))).toEqual([
      70,
      world.store.orderCount(),
      world.store.productCount(),
    ]);
  });

  it('lets only one of two workers advance', async () => {
    world.sandbox.access.setSwitches(DOMAIN, { bulkQueries: false });
    const both = await Promise.allSettled([world.import(shopId), world.import(shopId)]);
    const done = both.filter((one) => one.status === 'fulfilled');
    expect(done.length).toBeGreaterThan(0);
    if (done.length < 2) {
      expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ retryable: true });
    }
    await world.import(shopId);
    expect(await world.facts(shopId)).toEqual(world.expected());
  });

  it('are tried again once a week, and not more often', async () => {
    world.sandbox.access.setSwitches(DOMAIN, { bulkQueries: false });
    const later = (days: number) => {
      const { clock } = world.context();
      const now = new Date(Date.now() + days * 86_400_000);
      return { ...world.context(), clock: { ...clock, machineNow: () => now } };
    };
    expect(await keepBulkQueries(later(0), shopId)).toBe('refused');
    expect(await keepBulkQueries(later(6), shopId)).toBe('not_due');
    expect(await keepBulkQueries(later(7), shopId)).toBe('refused');
    world.sandbox.access.setSwitches(DOMAIN, { bulkQueries: true });
    expect(await keepBulkQueries(later(13), shopId)).toBe('not_due');
    expect(await keepBulkQueries(later(14), shopId)).toBe('granted');
    expect(await standings()).toMatchObject({ bulk_queries: { state: 'granted', why: null } });
    expect(await keepBulkQueries(later(20), shopId)).toBe('not_due');
    // It is used often enough not to be taken away for want of use.
    expect(await keepBulkQueries(later(21), shopId)).toBe('granted');
  });

  it('an address that is not on the allowlist: the run waits in words, and goes on', async () => {
    world.sandbox.access.setSwitches(DOMAIN, { bulkQueries: false });
    const real = world.admin;
    let answers = 0;
    const admin = {
      ...real,
      request: ((document, variables, options) => {
        answers += 1;
        if (answers === 9) world.sandbox.access.setSwitches(DOMAIN, { ipAllowlist: 'blocked' });
        return real.request(document, variables, options);
      }) as typeof real.request,
    };
    await expect(world.import(shopId, { admin })).rejects.toMatchObject({ code: 'config' });
    expect(answers).toBe(9);
    const waiting = await world.run(shopId);
    expect(waiting).toMatchObject({
      state: 'running',
      message: expect.stringContaining('IP allowlist') as string,
    });
    const before = (await parts()).map(({ afterId }) => afterId);
    expect(before[0]).not.toBe('0');

    world.sandbox.access.setSwitches(DOMAIN, { ipAllowlist: 'ok' });
    expect(await world.import(shopId)).toMatchObject({ outcome: 'done' });
    expect(await world.facts(shopId)).toEqual(world.expected());
    expect(await world.run(shopId)).toMatchObject({ state: 'done', message: null });
  });
});

describe('what Shopify does not show', () => {
  const pickPostalCodes = () =>
    world.testDb.db.inShop(shopId, (tx) =>
      tx.query(sql`UPDATE shop_settings SET postal_codes = true WHERE shop_id = ${shopId}`),
    );
  const zips = () =>
    world.testDb.db.inShop(shopId, async (tx) => {
      const { rows } = await tx.query<{ known: number; zips: number }>(sql`
        SELECT count(zip_stamp)::int AS known, count(zip)::int AS zips FROM customer WHERE shop_id = ${shopId}`);
      return rows[0];
    });

  it.each([true, false])(
    'level 1 (bulk queries: %s): everything but postal codes, which stay unknown',
    async (bulkQueries) => {
      world.sandbox.access.setSwitches(DOMAIN, { protectedData: 1, bulkQueries });
      await pickPostalCodes();
      expect(await world.import(shopId)).toMatchObject({ outcome: 'done' });
      expect(await world.facts(shopId)).toEqual(world.expected());
      expect(await zips()).toEqual({ known: 0, zips: 0 });
      expect(await standings()).toMatchObject({
        customer_data: { state: 'granted' },
        personal_data: { state: 'refused', why: 'not_approved' },
      });
      expect((await parts()).map(({ way, hidden }) => [way, hidden])).toEqual(
        Array.from({ length: 3 }, () => [bulkQueries ? 'bulk' : 'paged', ['postal_codes']]),
      );
      // The nightly question goes on as well.
      const changed = await reconcile({ ...world.context(), onTouched: async () => undefined }, shopId);
      expect(changed.outcome).toBe('done');
      expect(await zips()).toEqual({ known: 0, zips: 0 });

      world.sandbox.access.setSwitches(DOMAIN, { protectedData: 2 });
      await world.import(shopId);
      expect(await zips()).toMatchObject({ known: 70 });
      expect((await zips())?.zips).toBeGreaterThan(30);
      expect(await standings()).toMatchObject({ personal_data: { state: 'granted' } });
    },
  );

  it('level 0: says so, and what was known stays', async () => {
    await world.import(shopId);
    const before = await world.facts(shopId);
    world.sandbox.access.setSwitches(DOMAIN, { protectedData: 0 });
    expect(await world.import(shopId)).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('approval for protected customer data') as string,
    });
    expect(await world.facts(shopId)).toEqual(before);
    expect(await standings()).toMatchObject({ customer_data: { state: 'refused', why: 'not_approved' } });
    expect(fieldsOf().filter((field) => field === 'bulkOperationRunQuery').length).toBeLessThanOrEqual(50);

    const fresh = await world.newShop();
    expect(await world.import(fresh)).toMatchObject({ outcome: 'failed' });
    const imported = await world.testDb.db.inShop(fresh, (tx) =>
      tx.query(sql`SELECT 1 FROM shop_settings WHERE shop_id = ${fresh} AND first_imported_at IS NOT NULL`),
    );
    expect(imported.rows).toEqual([]); // never "no customers"
    world.sandbox.access.setSwitches(DOMAIN, { protectedData: 2 });
    expect(await world.import(fresh)).toMatchObject({ outcome: 'done' });
  });

  it.each([true, false])(
    '60 days of orders (bulk queries: %s): what came before stays as it is, not empty',
    async (bulkQueries) => {
      await world.import(shopId);
      const all = await world.facts(shopId);
      const { access } = world.sandbox;
      const scopes = access.scopesOf(DOMAIN);
      expect(scopes).toContain('read_all_orders');
      try {
        access.setScopes(
          DOMAIN,
          scopes.filter((scope) => scope !== 'read_all_orders'),
        );
        access.setSwitches(DOMAIN, { bulkQueries });
        expect(await world.import(shopId)).toMatchObject({ outcome: 'done' });
        expect(await world.facts(shopId)).toEqual(all);

        const fresh = await world.newShop();
        expect(await world.import(fresh)).toMatchObject({ outcome: 'done' });
        const from = new Date(world.sandbox.clock.now().getTime() - 60 * 86_400_000);
        const seen = all.orders.filter((order) => (order['createdAt'] as Date) >= from);
        const { orders, customers } = await world.facts(fresh);
        expect(orders).toEqual(seen);
        expect([seen.length > 0, seen.length < all.orders.length]).toEqual([true, true]);
        expect(customers).toEqual(all.customers); // with Shopify's own lifetime totals
        shopId = fresh;
        expect((await parts()).map(({ hidden }) => hidden)).toEqual([
          ['older_orders'],
          ['older_orders'],
          ['older_orders'],
        ]);
      } finally {
        access.setScopes(DOMAIN, scopes);
      }
    },
  );
});
