/** Messages that were lost: asking what changed brings everything in step, once, and again without effect. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { reconcile } from '../../../app/intake/reconcile.server.ts';
import { createProduct } from '../../../sandbox/acts/change-product.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { refundOrder } from '../../../sandbox/acts/refund-order.ts';
import { setConsent } from '../../../sandbox/acts/set-consent.ts';
import { createImportWorld, type ImportWorld } from './world.ts';

let world: ImportWorld;
let shopId: ShopId;
const touched: string[] = [];

beforeAll(async () => {
  world = await createImportWorld({ customers: 40, seed: 5 });
  shopId = await world.newShop();
});
afterAll(() => world.close());

const run = () => {
  touched.length = 0;
  return reconcile(
    {
      ...world.context(),
      onTouched: async (tx, changed) => {
        expect(tx.shopId).toBe(shopId);
        touched.push(...changed.keys());
      },
    },
    shopId,
  );
};

/** As if the last complete asking had been then. */
const reconciledTo = (instant: Date) =>
  world.testDb.db.inShop(shopId, (tx) =>
    tx.query(sql`UPDATE shop_settings SET reconciled_to = ${instant} WHERE shop_id = ${shopId}`),
  );

it('waits for the first import', async () => {
  expect(await run()).toEqual({ outcome: 'not_imported' });
});

it('finds a day’s changes without a single message', async () => {
  await world.import(shopId);
  const { store } = world;
  const customers = [...store.customers()];
  const paid = [...store.orders()].find((order) => order.financialStatus === 'PAID' && order.customerId);
  refundOrder(store, { order: paid?.id });
  placeOrder(store, {
    customer: customers[3]?.id,
    lines: Array.from({ length: 40 }, (_, index) => ({ title: `Thing ${index}`, price: '1.00' })),
  });
  setConsent(store, {
    customer: customers.find(({ email, id }) => email && id !== customers[3]?.id)?.id,
    channel: 'email',
    state: 'UNSUBSCRIBED',
  });
  createProduct(store, { title: 'New thing' });

  const outcome = await run();
  expect(outcome).toMatchObject({ outcome: 'done' });
  const facts = await world.facts(shopId);
  const expected = world.expected();
  expect(facts.orders).toEqual(expected.orders);
  expect(facts.lines).toEqual(expected.lines);
  expect(facts.refunds).toEqual(expected.refunds);
  expect(facts.products).toEqual(expected.products);
  expect(facts.customers).toEqual(expected.customers);
  expect(touched).toEqual(expect.arrayContaining([paid?.customerId, customers[3]?.id]));
});

it('touches nobody the second time', async () => {
  expect(await run()).toMatchObject({ outcome: 'done', touched: 0 });
  expect(touched).toEqual([]);
});

it('reads the whole store, page after page, when it was never asked, and changes nothing', async () => {
  const before = await world.facts(shopId);
  await reconciledTo(new Date('2000-01-01'));
  expect(await run()).toMatchObject({
    customers: before.customers.length,
    orders: before.orders.length,
    products: before.products.length,
    touched: 0,
  });
  expect(await world.facts(shopId)).toEqual(before);
});

it('asks from before again when it was killed', async () => {
  const long = new Date('2000-01-01');
  await reconciledTo(long);
  const stop = AbortSignal.abort(new Error('shutting down'));
  await expect(
    reconcile({ ...world.context({ signal: stop }), onTouched: async () => undefined }, shopId),
  ).rejects.toThrow('shutting down');
  const { rows } = await world.testDb.db.inShop(shopId, (tx) =>
    tx.query<{ to: Date }>(sql`SELECT reconciled_to AS to FROM shop_settings WHERE shop_id = ${shopId}`),
  );
  expect(rows[0]?.to).toEqual(long);
});
