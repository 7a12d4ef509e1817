/** The ideas of known stores: their numbers, their counts against the segments that are made of them, their sets. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { addDays, atHour } from '../../../app/local-date.ts';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { readPresetNumbers } from '../../../app/segments/presets-numbers.server.ts';
import { readShownIdeas, storeIdeas } from '../../../app/segments/idea-sizes.server.ts';
import { readIdeas } from '../../../app/segments/presets-read-ideas.server.ts';
import { takeIdeas } from '../../../app/segments/presets-take-ideas.server.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { readSegments } from '../../../app/segments/read-segments.server.ts';
import { ARITHMETIC_DAY, ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import {
  createArithmeticShop,
  createSegmentShop,
  putFitInForce,
  putPredictions,
  type SegmentShop,
} from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const NOW = ARITHMETIC_NOON;
let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const numbersOf = (shop: SegmentShop) =>
  shop.in(async (tx) => readPresetNumbers(tx, await readRuleDay(tx, NOW)));

test('the arithmetic store: gaps of 20 days, nothing returned, no discount, no product', async () => {
  const shop = await createArithmeticShop(t);
  expect(await numbersOf(shop)).toEqual({
    today: '2026-11-22',
    activeDays: 30,
    buyers: 200,
    bigOrderMinor: 5_000,
    returnedShare: 0,
    discountShare: 0,
    secondOrderDays: { from: 20, to: 20 },
    gapDays: { median: 20, most: 20 },
    predictedMinor: null,
    products: [],
    newest: null,
    collections: [],
    countries: [],
    hasSubscriptions: false,
    loneTags: [],
  });
});

/** Twenty people: ten order twice, of those four at a discount; two products, one in a collection, one new. */
async function smallStore(): Promise<SegmentShop> {
  const on = (days: number) => atHour(addDays(ARITHMETIC_DAY, -days), 12, ARITHMETIC_TIME_ZONE);
  const people = Array.from({ length: 20 }, (_, i) => i + 1);
  return createSegmentShop(t, {
    now: NOW,
    timeZone: ARITHMETIC_TIME_ZONE,
    store: {
      customers: people.map((k) => ({
        id: String(k),
        emailConsent: k % 2 === 0 ? 'SUBSCRIBED' : k === 1 ? 'INVALID' : null,
        smsConsent: k === 4 ? 'SUBSCRIBED' : null,
        countryCode: k <= 9 ? 'DE' : k <= 15 ? 'AT' : null,
        locale: 'de',
        tags: k === 3 ? ['VIP list 2019', 'regulars-new'] : k <= 2 ? ['both'] : [],
        subscriberStatus: k === 5 ? 'ACTIVE' : 'NEVER_SUBSCRIBED',
      })),
      orders: people.flatMap((k) => [
        {
          id: String(k),
          customerId: String(k),
          processedAt: on(100 + k),
          totalMinor: 1_000 * k,
          lines: [{ id: '1', productId: k <= 12 ? '1' : '2', quantity: 2, currentQuantity: 2 }],
        },
        ...(k <= 10
          ? [
              {
                id: String(100 + k),
                customerId: String(k),
                processedAt: on(100 + k - 3 * k),
                totalMinor: 1_000,
                discountMinor: k <= 4 ? 100 : 0,
                lines: [{ id: '1', productId: k <= 3 ? '2' : '3' }],
              },
            ]
          : []),
      ]),
      products: [{ id: '1', collections: ['7'] }, { id: '2' }, { id: '3' }],
    },
  });
}

async function nameProducts(shop: SegmentShop): Promise<void> {
  await shop.in(async (tx) => {
    await tx.query(sql`UPDATE product SET title = 'Product ' || id WHERE shop_id = ${tx.shopId}`);
    await tx.query(sql`INSERT INTO collection (shop_id, id, title) VALUES (${tx.shopId}, 7, 'Winter')`);
  });
}

test('numbers of a small store, worked out by hand', async () => {
  const shop = await smallStore();
  await nameProducts(shop);
  expect(await numbersOf(shop)).toEqual({
    today: '2026-11-22',
    activeDays: 30,
    buyers: 20,
    bigOrderMinor: 19_000,
    returnedShare: 0,
    discountShare: 50,
    // Gaps of 3, 6, ... 30 days: the third, the eighth; the fifth.
    secondOrderDays: { from: 9, to: 24 },
    gapDays: { median: 15, most: 24 },
    predictedMinor: null,
    products: [
      { id: '1', title: 'Product 1', buyers: 12 },
      { id: '2', title: 'Product 2', buyers: 11 },
    ],
    newest: { id: '3', title: 'Product 3', since: '2026-08-22' },
    collections: [{ id: '7', title: 'Winter', pieces: 2 }],
    countries: ['DE', 'AT'],
    hasSubscriptions: true,
    loneTags: ['VIP list 2019'],
  });
});

test('counts, sentences with titles, and reasons; a draft of each idea holds as many as the idea said', async () => {
  const shop = await smallStore();
  await nameProducts(shop);
  await shop.in((tx) => installPresets(tx, NOW));
  const ideas = await shop.in((tx) => readIdeas(tx, NOW));
  const by = new Map(ideas.map((idea) => [idea.key, idea]));
  expect(by.get('bought-product-1-not-product-2')).toMatchObject({
    name: 'Bought Product 1, not Product 2',
    size: 9,
    missing: null,
    segment: null,
    sentence: 'Customers who bought product Product 1 and who did not buy product Product 2.',
  });
  expect(by.get('discount-hunters')?.size).toBe(4);
  expect(by.get('reachable-by-email')?.size).toBe(10);
  expect(by.get('no-country')?.size).toBe(5);
  expect(by.get('abroad')?.size).toBe(6);
  expect(by.get('invalid-email-address')?.size).toBe(1);
  expect(by.get('subscribers')?.size).toBe(1);
  expect(by.get('lone-tags')?.size).toBe(1);
  expect(by.get('likely-to-order')).toMatchObject({
    size: null,
    missing: 'Not available: there are no predictions that can be relied on yet.',
  });
  expect(by.get('new')).toMatchObject({ segment: { key: 'new', status: 'draft', changed: false } });
  const rfm = ideas.filter(({ family }) => family === 'rfm');
  expect(rfm.reduce((sum, { size }) => sum + (size ?? 0), 0)).toBe(20);

  const keys = ideas
    .filter(({ missing, segment }) => missing === null && segment === null)
    .map(({ key }) => key);
  const taken = await shop.in((tx) => takeIdeas(tx, { keys, actor: '42', now: NOW }));
  expect(taken).toEqual(keys.map((key) => ({ key, outcome: 'made' })));
  const drafts = await shop.in((tx) => readSegments(tx, NOW, keys));
  expect(new Map(drafts.map(({ key, size }) => [key, size]))).toEqual(
    new Map(keys.map((key) => [key, by.get(key)?.size])),
  );
  expect(drafts.every(({ status }) => status === 'draft')).toBe(true);
  expect(
    await shop.in((tx) =>
      takeIdeas(tx, { keys: ['abroad', 'nonsense', 'likely-to-order'], actor: '42', now: NOW }),
    ),
  ).toEqual([
    { key: 'abroad', outcome: 'there' },
    { key: 'nonsense', outcome: 'unknown' },
    { key: 'likely-to-order', outcome: 'missing', why: expect.stringContaining('predictions') as string },
  ]);
});

test('win-back bands and classic groups are exclusive sets; one of the groups brings all of them', async () => {
  const shop = await smallStore();
  await shop.in((tx) => installPresets(tx, NOW));
  await shop.in((tx) => takeIdeas(tx, { keys: ['rfm-champions'], actor: '42', now: NOW }));
  const { rows } = await shop.in((tx) =>
    tx.query<{ name: string; kind: string; keys: string[] }>(sql`
      SELECT g.name, g.kind, array_agg(s.key ORDER BY s.set_rank) AS keys FROM segment_set g
        JOIN segment s ON s.shop_id = g.shop_id AND s.set_id = g.id WHERE g.shop_id = ${tx.shopId} GROUP BY g.id, g.name, g.kind ORDER BY g.id`),
  );
  expect(rows.map(({ name, kind, keys }) => [name, kind, keys.length, keys[0], keys.at(-1)])).toEqual([
    ['Win-back bands', 'exclusive', 5, 'win-back-30-59', 'win-back-365'],
    ['Classic RFM', 'exclusive', 12, 'rfm-champions', 'rfm-prospects'],
  ]);
});

test('with predictions the ideas that rest on them are made of their own percentile', async () => {
  const shop = await smallStore();
  await shop.in(async (tx) => {
    await putFitInForce(tx, NOW);
    await putPredictions(
      tx,
      Array.from({ length: 10 }, (_, i) => [
        String(i + 1),
        {
          alive: 0.2 + i / 20,
          expectedOrders: i / 4,
          expectedValueMinor: 1_000 * i,
          risk: 'high',
          nextOrderOn: null,
        } as never,
      ]),
    );
  });
  const ideas = new Map((await shop.in((tx) => readIdeas(tx, NOW))).map((idea) => [idea.key, idea]));
  expect((await numbersOf(shop)).predictedMinor).toBe(8_000);
  expect(ideas.get('high-predicted-value')?.size).toBe(1);
  expect(ideas.get('likely-to-order')?.size).toBe(6);
});

test('a large store works its ideas out in the background; the page shows the last ones with their time', async () => {
  const shop = await smallStore();
  const small = { atOnce: 3 };
  const shown = () => shop.in((tx) => readShownIdeas(tx, NOW, small));
  expect(await shown()).toEqual({ ideas: [], countedAt: null, counting: true });
  const due = await shop.in((tx) =>
    tx.query(sql`SELECT 1 FROM shop_due WHERE shop_id = ${shop.shopId} AND work = 'segment-sizes'`),
  );
  expect(due.rowCount).toBe(1);
  const ideas = await shop.in((tx) => readIdeas(tx, NOW));
  expect(await shop.in((tx) => storeIdeas(tx, NOW))).toBe(0);
  expect(await shop.in((tx) => storeIdeas(tx, NOW, small))).toBe(ideas.length);
  const { ideas: kept, ...when } = await shown();
  expect(when).toEqual({ countedAt: NOW, counting: false });
  expect(kept).toEqual(ideas);
  expect((await shop.in((tx) => readShownIdeas(tx, NOW))).countedAt).toBeNull();
});
