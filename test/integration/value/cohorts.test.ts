import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { averageCohort, type Cohort } from '../../../app/value/cohorts.ts';
import { readCohorts } from '../../../app/value/read-cohorts.server.ts';
import {
  readValueByChannel,
  readValueByFirstProduct,
  type OriginValue,
} from '../../../app/value/read-value-by-origin.server.ts';
import type { CustomerRow, OrderRow } from '../../support/insert-facts.ts';
import { createArithmeticShop, createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const NOW = new Date('2026-05-20T10:00:00Z');

const cohortsOf = (shop: SegmentShop): Promise<Cohort[]> =>
  shop.in(async (tx) => readCohorts(tx, await readShopDay(tx, shop.clock.now())));

/** "2026-03: 2 customers | 2 60.00 | 1 80.00*": active and cumulative spent per month, * while it runs. */
const written = (cohorts: readonly Cohort[]) =>
  cohorts.map(({ month, customers, months }) =>
    [
      `${month ?? 'earlier'}: ${customers}`,
      ...months.map((one) => `${one.active} ${Number(one.spentMinor) / 100}${one.complete ? '' : '*'}`),
    ].join(' | '),
  );

/** A shop with the orders given as [customer, instant, major units, more]. */
async function shopWith(
  orders: readonly (readonly [string | null, string, number, Partial<OrderRow>?])[],
  options: { timeZone?: string; now?: Date; customers?: Partial<CustomerRow>[]; policy?: unknown } = {},
): Promise<SegmentShop> {
  const ids = [...new Set(orders.flatMap(([customer]) => customer ?? []))];
  return createSegmentShop(t, {
    now: options.now ?? NOW,
    timeZone: options.timeZone ?? 'UTC',
    policy: options.policy,
    store: {
      customers: ids.map((id) => ({ id, ...options.customers?.find((one) => one.id === id) })),
      orders: orders.map(([customerId, at, amount, more], i) => ({
        id: String(i + 1),
        customerId,
        processedAt: new Date(at),
        totalMinor: Math.round(amount * 100),
        ...more,
      })),
    },
  });
}

describe('cohorts', () => {
  test('the arithmetic store, two cohorts worked out by hand', async () => {
    const shop = await createArithmeticShop(t);
    const cohorts = await cohortsOf(shop);
    // October: 9 who ordered once (k = 12, 13, 14, 17, 18, 19, 22, 23, 24), 4 twice (1, 6, 11, 16), 1 three times (5).
    // Second orders of 11, 16 and 5 are in October too; 1, 6 and 5 come again in November.
    // November: k = 2, 3, 4, 7, 8, 9, once each.
    expect(written(cohorts.slice(-2))).toEqual(['2026-10: 14 | 14 850 | 3 1000*', '2026-11: 6 | 6 300*']);
    // The last month known of each cohort adds up to the store.
    expect(cohorts.reduce((sum, { customers }) => sum + customers, 0)).toBe(200);
    expect(cohorts.reduce((sum, { months }) => sum + Number(months.at(-1)?.spentMinor), 0)).toBe(2_650_000);
  });

  test('every month up to the running one has a cell, also those without an order', async () => {
    const shop = await shopWith([
      ['1', '2026-01-10T12:00:00Z', 10],
      ['2', '2026-01-20T12:00:00Z', 20],
      ['1', '2026-01-30T12:00:00Z', 5],
      ['1', '2026-04-01T12:00:00Z', 40],
      ['2', '2026-04-02T12:00:00Z', 2],
      ['2', '2026-04-03T12:00:00Z', 3],
      ['3', '2026-05-01T12:00:00Z', 7],
    ]);
    expect(written(await cohortsOf(shop))).toEqual([
      '2026-01: 2 | 2 35 | 0 35 | 0 35 | 2 80 | 0 80*',
      '2026-05: 1 | 1 7*',
    ]);
  });

  test.each([
    ['UTC', ['2026-03: 1 | 1 10 | 0 10 | 0 10*']],
    ['Europe/Berlin', ['2026-04: 1 | 1 10 | 0 10*']],
    ['America/New_York', ['2026-03: 1 | 1 10 | 0 10 | 0 10*']],
  ])('a month is a month of the shop: %s', async (timeZone, expected) => {
    // 00:30 on 1 April in Berlin.
    const shop = await shopWith([['1', '2026-03-31T22:30:00Z', 10]], { timeZone });
    expect(written(await cohortsOf(shop))).toEqual(expected);
  });

  test('refunds reduce their order on its date; what does not count begins no cohort', async () => {
    const shop = await shopWith([
      ['1', '2026-02-01T12:00:00Z', 100, { financialStatus: 'PARTIALLY_REFUNDED', netPaymentMinor: 6_000, refundedMinor: 4_000 }],
      // Fully refunded first order: the second one makes the customer.
      ['2', '2026-02-01T12:00:00Z', 50, { financialStatus: 'REFUNDED', netPaymentMinor: 0, refundedMinor: 5_000 }],
      ['2', '2026-03-01T12:00:00Z', 30],
      ['3', '2026-02-01T12:00:00Z', 70, { cancelledAt: new Date('2026-02-02T12:00:00Z') }],
      ['4', '2026-02-01T12:00:00Z', 70, { financialStatus: 'PENDING', netPaymentMinor: 0 }],
      ['5', '2026-02-01T12:00:00Z', 70, { test: true }],
      // Another currency: an order, but no amount that could be added.
      ['6', '2026-03-01T12:00:00Z', 70, { currency: 'USD' }],
    ]); // prettier-ignore
    expect(written(await cohortsOf(shop))).toEqual([
      '2026-02: 1 | 1 60 | 0 60 | 0 60 | 0 60*',
      '2026-03: 2 | 2 30 | 0 30 | 0 30*',
    ]);
  });

  test('guests, people who are left out and orders that are left out are in none', async () => {
    const shop = await shopWith(
      [
        [null, '2026-04-01T12:00:00Z', 10],
        ['1', '2026-04-01T12:00:00Z', 10],
        ['2', '2026-04-01T12:00:00Z', 1_000],
        ['3', '2026-04-01T12:00:00Z', 500, { companyOrder: true }],
        ['3', '2026-05-01T12:00:00Z', 5],
      ],
      { customers: [{ id: '2', tags: ['Staff'] }], policy: { leaveOutCustomerTags: ['staff'] } },
    );
    expect(written(await cohortsOf(shop))).toEqual(['2026-04: 1 | 1 10 | 0 10*', '2026-05: 1 | 1 5*']);
  });

  test('24 cohorts of at most 24 months; all before them are one', async () => {
    const shop = await shopWith([
      ['1', '2022-01-15T12:00:00Z', 1],
      ['2', '2024-05-15T12:00:00Z', 2],
      ['2', '2024-06-15T12:00:00Z', 4],
      ['1', '2023-12-15T12:00:00Z', 8],
      // Month 24 of customer 1: beyond what is shown.
      ['1', '2024-01-15T12:00:00Z', 500],
      ['3', '2024-06-15T12:00:00Z', 16],
      ['3', '2026-05-15T12:00:00Z', 32],
    ]);
    const cohorts = await cohortsOf(shop);
    expect(cohorts.map(({ month, customers }) => [month, customers])).toEqual([
      [null, 2],
      ['2024-06', 1],
    ]);
    expect(cohorts.map(({ months }) => months.length)).toEqual([24, 24]);
    expect(cohorts[0]?.months.map(({ active }) => active)).toEqual([2, 1, ...Array(21).fill(0), 1]);
    expect(cohorts[0]?.months.at(-1)).toEqual({ index: 23, active: 1, spentMinor: '1500', complete: true });
    expect(cohorts[1]?.months.at(-1)).toEqual({ index: 23, active: 1, spentMinor: '4800', complete: false });
  });

  test('another shop’s customers are in none of ours, and a shop without orders has none', async () => {
    await shopWith([['1', '2026-04-01T12:00:00Z', 10]]);
    const empty = await shopWith([]);
    expect(await cohortsOf(empty)).toEqual([]);
    expect(averageCohort(await cohortsOf(empty))).toEqual([]);
  });
});

describe('value by where customers began', () => {
  const read = (shop: SegmentShop, how: typeof readValueByChannel) =>
    shop.in(async (tx) => how(tx, await readShopDay(tx, shop.clock.now())));
  const lines = (rows: readonly OriginValue[]) =>
    rows.map(
      (row) =>
        `${row.summed ? `others (${row.origins})` : row.origin}: ${row.customers}, ${row.repeatCustomers} again, ${Number(row.spentMinor) / 100}`,
    );

  test('the channel is that of the first order that counts; all that was spent since is counted for it', async () => {
    const shop = await shopWith(
      [
        ['1', '2026-01-01T12:00:00Z', 10, { sourceName: 'web' }],
        ['1', '2026-02-01T12:00:00Z', 30, { sourceName: 'pos' }],
        ['2', '2026-01-01T12:00:00Z', 5, { sourceName: 'web' }],
        ['3', '2026-01-01T12:00:00Z', 99, { sourceName: 'web', cancelledAt: NOW }],
        ['3', '2026-03-01T12:00:00Z', 7, { sourceName: 'pos' }],
        ['4', '2026-01-01T12:00:00Z', 1, { sourceName: null }],
        ['5', '2026-01-01T12:00:00Z', 900, { sourceName: 'web' }],
      ],
      { customers: [{ id: '5', tags: ['staff'] }], policy: { leaveOutCustomerTags: ['staff'] } },
    );
    expect(lines(await read(shop, readValueByChannel))).toEqual([
      'web: 2, 1 again, 45',
      'pos: 1, 0 again, 7',
      'null: 1, 0 again, 1',
    ]);
  });

  test('the ten with most customers stand alone, the rest is summed, and all adds up', async () => {
    const orders = Array.from({ length: 12 }, (_, channel) =>
      Array.from(
        { length: 13 - channel },
        (_unused, i) =>
          [`${channel * 100 + i + 1}`, '2026-01-01T12:00:00Z', 10, { sourceName: `app-${channel}` }] as const,
      ),
    ).flat();
    const rows = await read(await shopWith(orders), readValueByChannel);
    expect(rows).toHaveLength(11);
    expect(lines(rows).slice(9)).toEqual(['app-9: 4, 0 again, 40', 'others (2): 5, 0 again, 50']);
    expect(rows.reduce((sum, row) => sum + row.customers, 0)).toBe(orders.length);
  });

  test('the first product is the one that made most of the first order, by its name of today', async () => {
    const shop = await shopWith([
      ['1', '2026-01-01T12:00:00Z', 30],
      ['1', '2026-02-01T12:00:00Z', 40],
      ['2', '2026-01-01T12:00:00Z', 20],
      ['3', '2026-01-01T12:00:00Z', 15],
      ['4', '2026-01-01T12:00:00Z', 60],
    ]);
    await shop.in(async (tx) => {
      const line = (order: number, id: number, product: number | null, title: string, total: number, gift = false) =>
        tx.query(sql`
          INSERT INTO order_line (shop_id, order_id, id, product_id, title, quantity, current_quantity, total_minor,
                                  discounted_minor, gift_card)
          VALUES (${tx.shopId}, ${order}, ${id}, ${product}, ${title}, 1, 1, ${total}, 0, ${gift})`); // prettier-ignore
      await line(1, 1, 70, 'Cup', 1_000);
      await line(1, 2, 71, 'Pot', 2_000);
      await line(2, 1, 999, 'Ship', 4_000); // of a second order: no matter
      await line(3, 1, 70, 'Old name of the cup', 2_000);
      await line(4, 1, null, 'Made to measure', 1_500);
      await line(5, 1, 80, 'Gift card', 5_000, true);
      await line(5, 2, 71, 'Pot', 1_000);
      await tx.query(sql`INSERT INTO product (shop_id, id, title) VALUES (${tx.shopId}, 70, 'Cup, blue')`);
    });
    expect(lines(await read(shop, readValueByFirstProduct))).toEqual([
      'Pot: 2, 1 again, 130',
      'Cup, blue: 1, 0 again, 20',
      'Made to measure: 1, 0 again, 15',
    ]);
  });
});
