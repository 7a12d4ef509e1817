/** What is heard of when no offer is open any more: a merge of people who had one, and an order placed before its end. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { readCustomerOffers } from '../../../app/activation/offers/read-customer-offers.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { makeOffer } from '../../support/make-offer.ts';
import { createQuietShop, happen, merge } from '../../support/quiet-shop.ts';
import type { SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
let ended: string;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const run = (statement: ReturnType<typeof sql>) => shop.in((tx) => tx.query(statement));

beforeEach(async () => {
  shop = await createQuietShop(t);
  ended = await makeOffer(shop, 'quiet');
});

const end = () =>
  changeOfferState(shop.ctx, shop.shopId, {
    offerId: ended,
    step: 'end',
    actor: '42',
    now: shop.clock.now(),
  });
const had = async (k: number) =>
  (await shop.in((tx) => readCustomerOffers(tx, String(k)))).find(({ offerId }) => offerId === ended);

test('a merge: the kept customer has had it, and gets no other one within the 30 days', async () => {
  await end();
  // c030 is in the segment and had it, c060 neither; together they last ordered when c030 did.
  await merge(shop, 30, 60);
  expect(await had(60)).toMatchObject({ endCause: 'offer' });
  await makeOffer(shop, 'quiet', { name: 'Another' });
  const { rows } = await run(sql`
    SELECT count(*)::int AS n FROM offer_holder WHERE shop_id = ${shop.shopId} AND offer_id <> ${ended}::bigint`);
  expect(rows).toEqual([{ n: 0 }]);
});

test('a merge: used by one of them, used by the person', async () => {
  await run(sql`UPDATE offer_holder SET ended_at = since, end_cause = 'used' WHERE shop_id = ${shop.shopId} AND customer_id = 41`); // prettier-ignore
  await end();
  await merge(shop, 41, 40);
  expect(await had(40)).toMatchObject({ endCause: 'used' });
});

test.each([
  [-1, [{ state: 'ask' }]],
  [1, []],
])('an order with a discount placed %i minutes from the end, heard of after it', async (minutes, asked) => {
  shop.clock.advance(3_600_000);
  await end();
  const placed = new Date(shop.clock.now().getTime() + minutes * 60_000);
  await shop.in((tx) =>
    putOrders(tx, [{ id: '9001', customerId: '40', processedAt: placed, totalMinor: 4_500 }]),
  );
  await run(sql`UPDATE orders SET discount_minor = 500 WHERE shop_id = ${shop.shopId} AND id = 9001`);
  await happen(shop, [40], 'order');
  const { rows } = await run(
    sql`SELECT state FROM offer_order WHERE shop_id = ${shop.shopId} AND order_id = 9001`,
  );
  expect(rows).toEqual(asked);
});
