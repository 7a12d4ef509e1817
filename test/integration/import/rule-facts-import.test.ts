/** Facts for rules by the import, by re-reads and by reconciliation: what the store has is what is stored. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import type { RereadFact } from '../../../app/intake/facts.ts';
import { readAgain, settleRereads } from '../../../app/intake/reread.server.ts';
import { queueRereads } from '../../../app/intake/store/queue-rereads.server.ts';
import { setMetafields, setPostalCode } from '../../../app/pipeline/change-picks.server.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createImportWorld, type ImportWorld } from './world.ts';

const clock = { now: () => new Date(), machineNow: () => new Date() };
let world: ImportWorld;
let shop: ShopId;
beforeAll(async () => {
  world = await createImportWorld({ customers: 120, seed: 7 });
  for (const customer of [...world.store.customers()].slice(0, 40)) {
    world.store.metafields.put({
      id: world.store.newId('other'),
      ownerType: 'CUSTOMER',
      ownerId: customer.id,
      namespace: 'custom',
      key: 'birthday',
      type: 'date',
      value: `19${customer.id.slice(-2)}-03-01`,
      createdAt: customer.createdAt,
      updatedAt: customer.updatedAt,
    });
  }
});
afterAll(() => world.close());
beforeEach(async () => {
  shop = await world.newShop();
});

const rows = async (text: string) =>
  (await world.testDb.db.inShop(shop, (tx) => tx.query(text))).rows as Record<string, unknown>[];
/** As `rows`, as text: "a b". */
const lines = async (text: string) => (await rows(text)).map((row) => Object.values(row).join(' ')).sort();

async function drainRereads(): Promise<void> {
  for (;;) {
    const read = await readAgain({ db: world.testDb.db, admin: world.admin, clock, log: silentLog() }, shop);
    if (read.outcome !== 'read') return;
    await world.testDb.db.inShop(shop, async (tx) => {
      await applyFacts(tx, read.facts, { now: new Date(), redactionKey: Buffer.alloc(32, 7) });
      await settleRereads(tx, read.settled);
    });
  }
}
const queue = (object: RereadFact['object'], ids: readonly string[]) =>
  world.testDb.db.inShop(shop, (tx) =>
    queueRereads(
      tx,
      ids.map((id) => ({ object, id, reason: 'test', notBefore: new Date(0) })),
      new Date(),
    ),
  );

const pairsOfStore = () =>
  [...world.store.collections.all()]
    .flatMap(({ id, productIds }) => productIds.map((product) => `${product} ${id}`))
    .sort();
const PAIRS = 'SELECT product_id, collection_id FROM product_collection';

test('orders: visits, channel, subscriptions, returns and chargebacks', async () => {
  expect(await world.import(shop)).toMatchObject({ outcome: 'done' });
  const orders = [...world.store.orders()];
  const stored = new Map((await rows('SELECT * FROM orders')).map((row) => [row['id'], row]));
  for (const order of orders) {
    const first = order.journey?.first ?? order.journey;
    const renewal = order.sourceName.startsWith('subscription_contract');
    const plan = order.lines.some((line) => line.sellingPlan !== undefined);
    expect(stored.get(order.id)).toMatchObject({
      staff_created: order.sourceName === 'shopify_draft_order',
      subscription: renewal ? 'renewal' : plan ? 'first' : null,
      selling_plan: plan,
      journey_first_source: first?.source ?? null,
      journey_campaign: first?.utmCampaign ?? null,
      journey_first_utm_content: first?.utmContent ?? null,
      journey_last_utm_medium: order.journey?.utmMedium ?? null,
      journey_last_utm_term: order.journey?.utmTerm ?? null,
      return_open: ['RETURN_REQUESTED', 'IN_PROGRESS'].includes(order.returnStatus ?? ''),
      dispute_lost: (order.disputes ?? []).some(({ status }) => status === 'LOST'),
    });
  }
  for (const column of ['staff_created', 'return_open']) {
    expect(orders.length - (await rows(`SELECT 1 FROM orders WHERE NOT ${column}`)).length).toBeGreaterThan(
      0,
    );
  }
  expect(await lines('SELECT DISTINCT subscription FROM orders WHERE subscription IS NOT NULL')).toEqual([
    'first',
    'renewal',
  ]);
  expect(await lines('SELECT DISTINCT channel FROM orders WHERE channel IS NOT NULL')).toContain(
    'Point of Sale',
  );
});

test('products are in their collections, and a second import ends what has ended', async () => {
  await world.import(shop);
  expect(await lines(PAIRS)).toEqual(pairsOfStore());
  expect(pairsOfStore().length).toBeGreaterThan(50);
  const [collection] = world.store.collections.all();
  if (!collection) throw new Error('the store has no collection');
  world.store.collections.put({ ...collection, productIds: collection.productIds.slice(2) });
  await world.import(shop);
  expect(await lines(PAIRS)).toEqual(pairsOfStore());
});

test('re-reads of products and of collections tell the same', async () => {
  await queue(
    'collection',
    [...world.store.collections.all()].map(({ id }) => id),
  );
  await drainRereads();
  expect(await lines(PAIRS)).toEqual(pairsOfStore());
  const [product] = world.store.products();
  for (const collection of [...world.store.collections.all()]) {
    const productIds = collection.productIds.filter((id) => id !== product?.id);
    world.store.collections.put({ ...collection, productIds });
  }
  await queue('product', [product?.id as string]);
  await drainRereads();
  expect(await lines(PAIRS)).toEqual(pairsOfStore());
  expect(await lines('SELECT title FROM collection')).toEqual(
    [...world.store.collections.all()].map(({ title }) => title).sort(),
  );
});

test('postal codes and metafields: nothing unless picked; then all, by import and by re-read', async () => {
  await world.import(shop);
  expect(await rows('SELECT 1 FROM customer WHERE zip IS NOT NULL')).toEqual([]);
  expect(await rows('SELECT 1 FROM customer_metafield')).toEqual([]);
  const pick = () =>
    world.testDb.db.inShop(shop, async (tx) => {
      await setPostalCode(tx, true, { clock });
      await setMetafields(tx, [{ key: 'custom.birthday', type: 'date' }], { clock });
    });
  await pick();
  expect(await world.import(shop)).toMatchObject({ outcome: 'done' });
  expect(await lines('SELECT kind FROM import_part WHERE run_id = (SELECT max(id) FROM import_run)')).toEqual(
    ['customers'],
  );
  const zips = [...world.store.customers()].map(({ id, address }) => `${id} ${address?.zip ?? ''}`).sort();
  const birthdays = [...world.store.metafields.all()]
    .map(({ ownerId, value }) => `${ownerId} ${value}`)
    .sort();
  const ZIPS = `SELECT id, coalesce(zip, '') FROM customer`;
  const BIRTHDAYS = 'SELECT customer_id, date_value FROM customer_metafield WHERE date_value IS NOT NULL';
  expect(await lines(ZIPS)).toEqual(zips);
  expect(await lines(BIRTHDAYS)).toEqual(birthdays);
  expect(birthdays).toHaveLength(40);

  shop = await world.newShop();
  await pick();
  await queue(
    'customer',
    [...world.store.customers()].map(({ id }) => id),
  );
  await drainRereads();
  expect(await lines(ZIPS)).toEqual(zips);
  expect(await lines(BIRTHDAYS)).toEqual(birthdays);
});
