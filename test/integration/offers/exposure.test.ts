/**
 * The most that an offer can cost, for each kind, against a calculation by hand.
 *
 * The band of 60 to 89 days is c030 ... c044. Each of their orders was 50.00, those of c040 400.00. In the 90 days that
 * the offer lasts, c030 (60 and 80 days ago) and c031 (62 and 82) have ordered twice, all others once: c035's second
 * order is 90 days old.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readOfferStandings } from '../../../app/activation/offers/read-offer-standing.server.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { sql } from '../../../app/db/sql.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE, arithmeticStore } from '../../support/arithmetic-store.ts';
import { makeOffer, reviewNewOffer } from '../../support/make-offer.ts';
import { createSegmentShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
  const { customers, orders } = arithmeticStore();
  customers.push({ id: '901' }, { id: '902' });
  shop = await createSegmentShop(t, { now: ARITHMETIC_NOON, timeZone: ARITHMETIC_TIME_ZONE, store: { customers, orders } }); // prettier-ignore
  await shop.in((tx) =>
    putSegments(tx, {
      quiet: { rule: { v: 1, where: { field: 'days_since_last_order', op: 'between', value: [60, 89] } } },
      collected: { rule: { v: 1, where: { field: 'days_since_last_order', op: 'eq', value: 400 } } },
      never: { rule: { v: 1, where: { field: 'orders', op: 'eq', value: 0 } } },
    }),
  );
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  // 4.90 of shipping for each order, 6.90 for the oldest of c030; c200 has come to the shop.
  await shop.in((tx) =>
    tx.query(sql`
      UPDATE orders SET shipping_minor = CASE WHEN id = 302 THEN 690 WHEN customer_id = 200 THEN 0 ELSE 490 END WHERE shop_id = ${shop.shopId}`),
  );
}, 60_000);
afterAll(() => t.close());

const NINETY_DAYS = { startsOn: '2026-11-22', endsOn: '2027-02-19' };
const ONCE = { once: 'yes' };
const OFTEN = { once: '' };

const CASES: [what: string, form: Partial<OfferForm>, byHand: number][] = [
  ['10 %, once: 14 x 5.00 + 40.00', { ...ONCE, percent: '10' }, 11_000],
  // c030 and c031 may order for 100.00 again, as they did in the last 90 days.
  ['10 %, again and again: 12 x 5.00 + 2 x 10.00 + 40.00', { ...OFTEN, percent: '10' }, 12_000],
  ['12.00 off, once: 15 x 12.00', { ...ONCE, kind: 'amount', amount: '12' }, 18_000],
  ['12.00 off, again and again: 13 x 12.00 + 2 x 24.00', { ...OFTEN, kind: 'amount', amount: '12' }, 20_400],
  // No order of 50.00 can lose more than 50.00.
  ['60.00 off, once: 14 x 50.00 + 60.00', { ...ONCE, kind: 'amount', amount: '60' }, 76_000],
  // A third of 50.00 and of 400.00, rounded up: of the same things the cheapest are given.
  [
    'two bought, one of the same free: 14 x 16.67 + 133.34',
    { ...ONCE, kind: 'buy_x_get_y', buyOn: 'collections', buyItems: '1 2', on: 'collections', items: '2 1' },
    14 * 1_667 + 13_334,
  ],
  // The other thing may be nearly all that an order was worth.
  [
    'two bought, one of something else free: 14 x 50.00 + 400.00',
    { ...ONCE, kind: 'buy_x_get_y', buyOn: 'products', buyItems: '1', on: 'products', items: '2' },
    110_000,
  ],
  [
    'two bought, one of something else at half price: 14 x 25.00 + 200.00',
    { ...ONCE, kind: 'buy_x_get_y', buyOn: 'products', buyItems: '1', on: 'collections', items: '1', getPercent: '50' },
    55_000,
  ],
  ['free shipping, once: 14 x 4.90 + 6.90', { ...ONCE, kind: 'free_shipping', combineShipping: '' }, 7_550],
  ['free shipping, again and again: 13 x 4.90 + 2 x 4.90 + 2 x 6.90', { ...OFTEN, kind: 'free_shipping', combineShipping: '' }, 8_730],
]; // prettier-ignore

test.each(CASES)('%s', async (_what, form, byHand) => {
  const { exposure, typicalCartMinor } = await reviewNewOffer(shop, 'quiet', { ...NINETY_DAYS, ...form });
  expect(exposure).toMatchObject({
    holders: 15,
    reachable: 11,
    mostMinor: String(byHand),
    waiting: { otherOffer: 0, bound: 0, excluded: 0 },
  });
  // 26,500.00 in 320 orders.
  expect(typicalCartMinor).toBe('8281');
});

test('somebody who has never ordered: the store’s average order of 82.81, rounded up', async () => {
  const { exposure } = await reviewNewOffer(shop, 'never', { ...NINETY_DAYS, ...ONCE, percent: '10' });
  expect(exposure).toMatchObject({ holders: 2, mostMinor: String(2 * 829) });
});

describe('free shipping for who has paid none: the average of 316 x 4.90 and 6.90, rounded up', () => {
  const FREE = { ...NINETY_DAYS, ...ONCE, kind: 'free_shipping', combineShipping: '' };
  const reviewed = async (key: string, form: Partial<OfferForm> = {}) =>
    (await reviewNewOffer(shop, key, { ...FREE, ...form })).exposure;

  test('somebody who has never ordered, or has never had anything sent', async () => {
    expect(await reviewed('never')).toMatchObject({ holders: 2, mostMinor: String(2 * 491) });
    expect(await reviewed('collected')).toMatchObject({ holders: 1, mostMinor: '491' });
  });

  test.each([
    ['1.00', 0],
    ['4.91', 1],
    ['9.81', 1],
    ['9.82', 2],
  ])('a bound of %s lets %i in', async (mostCost, holders) => {
    expect(await reviewed('never', { mostCost })).toMatchObject({
      holders,
      mostMinor: String(holders * 491),
      waiting: { bound: 2 - holders },
    });
  });
});

test.each([
  ['ten people', { mostHolders: '10' }, 10, 5_000],
  // c030 ... c039 are 5.00 each, c040 would be 40.00 more.
  ['60.00', { mostCost: '60' }, 10, 5_000],
  ['90.00', { mostCost: '90' }, 11, 9_000],
])('a bound of %s: the review counts within it, and says who waits', async (_what, bound, holders, most) => {
  const { exposure } = await reviewNewOffer(shop, 'quiet', {
    ...NINETY_DAYS,
    ...ONCE,
    percent: '10',
    ...bound,
  });
  expect(exposure).toMatchObject({
    holders,
    mostMinor: String(most),
    waiting: { otherOffer: 0, bound: 15 - holders, excluded: 0 },
  });
});

test('made, the offer stands as it was reviewed; who holds it is said to wait for another one', async () => {
  const id = await makeOffer(shop, 'quiet', { ...NINETY_DAYS, ...ONCE, percent: '10', mostHolders: '10' });
  const standing = (await shop.in((tx) => readOfferStandings(tx, [id]))).get(id);
  expect(standing).toMatchObject({ holders: 10, mostMinor: '5000', without: 5 });
  const { exposure } = await reviewNewOffer(shop, 'quiet', {
    ...NINETY_DAYS,
    name: 'Another',
    percent: '10',
  });
  expect(exposure).toMatchObject({ holders: 5, waiting: { otherOffer: 10, bound: 0, excluded: 0 } });
});
