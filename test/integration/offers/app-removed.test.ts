/** The app is removed from a store with offers: they are over, and nothing of them goes on when it comes back. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leaveOffers } from '../../../app/activation/offers/leave-offers.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { makeOffer } from '../../support/make-offer.ts';
import { createQuietShop, holdersOf } from '../../support/quiet-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

test('nobody holds one or is still to get one, and Shopify is asked about no order any more', async () => {
  const shop = await createQuietShop(t);
  const id = await makeOffer(shop, 'quiet', {}, { atOnce: 5 });
  const rows = async (statement: ReturnType<typeof sql>) => (await shop.in((tx) => tx.query(statement))).rows;
  const waiting = async () =>
    (await rows(sql`SELECT 1 FROM offer_present WHERE shop_id = ${shop.shopId}`)).length;
  await shop.in(async (tx) => {
    for (const [order, state] of ['ask', 'used', 'other'].entries())
      await tx.query(sql`
        INSERT INTO offer_order (shop_id, order_id, customer_id, state, at)
        VALUES (${shop.shopId}, ${order}::bigint, 30, ${state}, ${shop.clock.now()})`);
  });
  expect(await holdersOf(shop, id)).toHaveLength(5);
  expect(await waiting()).toBeGreaterThan(0);

  await shop.in((tx) => leaveOffers(tx, shop.clock.now()));

  expect(
    await rows(sql`SELECT state, end_cause, ended_at FROM offer WHERE shop_id = ${shop.shopId}`),
  ).toEqual([{ state: 'ended', end_cause: 'uninstalled', ended_at: shop.clock.now() }]);
  expect(await holdersOf(shop, id)).toEqual([]);
  expect(await waiting()).toBe(0);
  expect(
    await rows(sql`SELECT state FROM offer_order WHERE shop_id = ${shop.shopId} ORDER BY order_id`),
    'what is known stays',
  ).toEqual([{ state: 'used' }, { state: 'other' }]);
});
