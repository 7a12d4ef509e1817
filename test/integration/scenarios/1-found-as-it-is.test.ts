/** The app is installed: the merchant sees the store in numbers, and nothing of ours is in Shopify. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { readStoreSummary } from '../../../app/history/read-store-summary.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { countDrafts } from '../../../app/segments/count-drafts.server.ts';
import { averageMinor, formatMinor, formatShare } from '../../../app/ui/format.ts';
import { readCutPointsInForce } from '../../../app/value/cut-points.server.ts';
import { createMerchant, type Merchant } from './merchant.ts';

let one: Merchant;
beforeAll(async () => {
  one = await createMerchant();
}, 120_000);
afterAll(() => one?.close());

test('200 customers, 320 orders, 26,500.00 spent, 82.81 an order, 120 one-time, 80 repeat (40.0 %)', async () => {
  const store = await one.inShop(readStoreSummary);
  expect(store).toMatchObject({ customers: 200, orders: 320, oneTimeBuyers: 120, repeatBuyers: 80 });
  expect(formatMinor(store.spentMinor, 'EUR')).toBe('€26,500.00');
  expect(formatMinor(averageMinor(store.spentMinor, store.orders) ?? '', 'EUR')).toBe('€82.81');
  expect(formatShare(store.repeatBuyers, store.oneTimeBuyers + store.repeatBuyers)).toBe('40.0 %');
});

test('scores and their cut points', async () => {
  const cuts = await one.inShop(async (tx) => readCutPointsInForce(tx, await readShopDay(tx, one.now())));
  const rounded = (numbers: readonly number[]) => numbers.map((number) => Math.round(number * 1e6) / 1e6);
  expect(rounded(cuts.frequency)).toEqual([1, 1, 1.4, 2.2]);
  expect(rounded(cuts.monetaryMinor).map((minor) => minor / 100)).toEqual([50, 50, 70, 110]);
  expect(rounded(cuts.recencyDays)).toEqual([81.6, 161.2, 240.8, 320.4]);
  const { rows } = await one.inShop((tx) =>
    tx.query<{ r: number; f: number; m: number; id: string }>(
      sql`SELECT r, f, m, customer_id AS id FROM score WHERE shop_id = ${one.shopId}`,
    ),
  );
  const sizes = (score: 'r' | 'f' | 'm') =>
    [1, 2, 3, 4, 5].map((n) => rows.filter((row) => row[score] === n).length);
  expect(sizes('f')).toEqual([120, 0, 0, 40, 40]);
  expect(sizes('m')).toEqual([120, 0, 0, 40, 40]);
  expect(sizes('r')).toEqual([40, 40, 40, 40, 40]);
  const best = rows.filter(({ r, f, m }) => r === 5 && f === 5 && m === 5).map(({ id }) => id);
  expect(best.sort()).toEqual([5, 10, 15, 20, 25, 30, 35, 40].map(one.idOf).sort());
});

test('the map: best 3 / 3 / 12 / 22, steady 3 / 3 / 12 / 22, one order 9 / 9 / 36 / 66', async () => {
  const sizes = await one.inShop((tx) => countDrafts(tx, one.now()));
  const row = (...keys: string[]) => keys.map((key) => sizes.get(key));
  expect(row('best-customers', 'best-slowing', 'best-away', 'best-lost')).toEqual([3, 3, 12, 22]);
  expect(row('steady-customers', 'steady-slowing', 'steady-away', 'steady-lost')).toEqual([3, 3, 12, 22]);
  expect(row('new', 'second-order-due', 'one-order-away', 'one-order-gone')).toEqual([9, 9, 36, 66]);
  expect(row('never-bought', 'returned-everything')).toEqual([0, 0]);
});

test('Shopify has none of our tags, segments or discounts', async () => {
  await one.settle();
  const { store } = one.world;
  expect([...store.customers()].flatMap(({ tags }) => tags)).toEqual([]);
  expect([...store.segments.all()]).toEqual([]);
  expect([...store.discounts.all()]).toEqual([]);
});
