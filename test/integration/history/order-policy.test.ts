/** What counts as an order, line by line, and held to an oracle that was written from the words. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { judgeOrder } from '../../../app/history/order-policy-sql.ts';
import { DEFAULT_ORDER_POLICY, type OrderPolicy } from '../../../app/history/order-policy.ts';
import { putOrders, type OrderRow } from '../../support/insert-facts.ts';
import { judge, type Judged } from '../../support/order-policy-oracle.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shopId: ShopId;
beforeAll(async () => {
  t = await createTestDb();
  shopId = await t.createShop();
});
afterAll(() => t.close());

const AT = new Date('2026-05-01T10:00:00Z');

/** What SQL says of these orders, in their order. */
async function judged(
  orders: readonly Omit<OrderRow, 'id' | 'customerId' | 'processedAt'>[],
  policy: Partial<OrderPolicy> = {},
): Promise<Judged[]> {
  const { leftOut, isActivity, isCounted, isFullyRefunded, spentMinor } = judgeOrder(
    { ...DEFAULT_ORDER_POLICY, ...policy },
    'EUR',
  );
  return t.db.inShop(shopId, async (tx) => {
    await tx.query(sql`DELETE FROM orders WHERE shop_id = ${shopId}`);
    await putOrders(
      tx,
      orders.map((order, i) => ({ ...order, id: String(i + 1), customerId: '1', processedAt: AT })),
    );
    const { rows } = await tx.query<Omit<Judged, 'spent'> & { spent: string }>(sql`
      SELECT ${leftOut} AS "leftOut", ${isActivity} AS activity, ${isCounted} AS counted,
             ${isFullyRefunded} AS "fullyRefunded", ${spentMinor} AS spent
        FROM orders o WHERE o.shop_id = ${shopId} ORDER BY o.id`);
    return rows.map((row) => ({ ...row, spent: Number(row.spent) }));
  });
}

const counted = (spent: number) => ({ activity: true, counted: true, fullyRefunded: false, spent });
const activityOnly = { activity: true, counted: false, fullyRefunded: false };
const nothing = { activity: false, counted: false, fullyRefunded: false };
const returned = { activity: true, counted: false, fullyRefunded: true };

describe('line by line', () => {
  test.each<[string, Omit<OrderRow, 'id' | 'customerId' | 'processedAt'>, Partial<Judged>]>([
    ['paid', { totalMinor: 5_000 }, counted(5_000)],
    ['partly paid: what was received', { financialStatus: 'PARTIALLY_PAID', netPaymentMinor: 2_000 }, counted(2_000)],
    ['partly refunded: what is left', { financialStatus: 'PARTIALLY_REFUNDED', refundedMinor: 1_500 }, counted(3_500)],
    ['several partial refunds', { financialStatus: 'PARTIALLY_REFUNDED', refundedMinor: 4_999 }, counted(1)],
    ['authorised: its current total', { financialStatus: 'AUTHORIZED', currentTotalMinor: 4_000 }, counted(4_000)],
    ['authorised, whatever is outstanding', { financialStatus: 'AUTHORIZED', netPaymentMinor: 5_000 }, counted(5_000)],
    ['pending', { financialStatus: 'PENDING' }, activityOnly],
    ['no status known', { financialStatus: null }, activityOnly],
    ['refunded', { financialStatus: 'REFUNDED', refundedMinor: 5_000 }, returned],
    ['all received went back, whatever the status says', { refundedMinor: 5_000, netPaymentMinor: 0 }, returned],
    ['more refunded than received', { refundedMinor: 6_000, netPaymentMinor: -1_000 }, returned],
    ['the part that was paid went back', { financialStatus: 'PARTIALLY_PAID', netPaymentMinor: 0, refundedMinor: 2_000 }, returned],
    ['nothing received, nothing refunded', { financialStatus: 'PARTIALLY_PAID', netPaymentMinor: 0 }, counted(0)],
    ['voided', { financialStatus: 'VOIDED' }, nothing],
    ['expired', { financialStatus: 'EXPIRED' }, nothing],
    ['cancelled though paid', { cancelledAt: AT }, nothing],
    ['cancelled and refunded: nobody returned everything', { cancelledAt: AT, financialStatus: 'REFUNDED', refundedMinor: 5_000 }, nothing],
    ['a test order', { test: true }, nothing],
    ['deleted', { deletedAt: AT }, nothing],
    ['a total of zero', { totalMinor: 0 }, activityOnly],
    ['a negative total', { totalMinor: -100, netPaymentMinor: -100 }, activityOnly],
    ['free at first, edited up and paid', { totalMinor: 0, currentTotalMinor: 3_000, netPaymentMinor: 3_000 }, counted(3_000)],
    ['with a gift card bought in it', { giftCardMinor: 2_000 }, counted(3_000)],
    ['only a gift card', { giftCardMinor: 5_000 }, counted(0)],
    ['a gift card, partly refunded below its price', { giftCardMinor: 4_000, refundedMinor: 2_000 }, counted(0)],
    ['never current total minus refunds', { currentTotalMinor: 3_500, refundedMinor: 1_500 }, counted(3_500)],
    ['of a company buyer', { companyOrder: true }, { ...nothing, leftOut: true }],
    ['in another shop currency: an order, but no sum', { currency: 'USD' }, counted(0)],
  ])('%s', async (_name, order, expected) => {
    expect((await judged([order]))[0]).toMatchObject(expected);
  }); // prettier-ignore

  test('left out by tag, by channel and by company, as the settings say', async () => {
    const orders = [{ companyOrder: true }, { tags: ['Wholesale'] }, { sourceName: 'POS' }, { tags: ['ÉTÉ'] }, {}];
    const out = async (policy: Partial<OrderPolicy>) => (await judged(orders, policy)).map(({ leftOut }) => leftOut);
    expect(await out({})).toEqual([true, false, false, false, false]);
    expect(await out({ companyOrders: 'count' })).toEqual([false, false, false, false, false]);
    expect(
      await out({ companyOrders: 'count', leaveOutOrderTags: ['wholesale', 'été'], leaveOutChannels: ['pos'] }),
    ).toEqual([false, true, true, true, false]);
  }); // prettier-ignore

  test('left out by product: every order that holds one, or only those that hold nothing else', async () => {
    const line = (...products: (string | null)[]) => ({ lines: products.map((productId, i) => ({ id: String(i + 1), productId })) });
    const orders = [line('7'), line('7', '8'), line('8'), line('7', null), {}];
    const out = async (policy: Partial<OrderPolicy>) => (await judged(orders, policy)).map(({ leftOut }) => leftOut);
    expect(await out({ leaveOutProducts: ['7'] })).toEqual([true, true, false, true, false]);
    expect(await out({ leaveOutProducts: ['7'], productOrders: 'only' })).toEqual([true, false, false, false, false]);
    expect(await out({ leaveOutProducts: ['7', '8'], productOrders: 'only' })).toEqual([true, true, true, false, false]);
  }); // prettier-ignore

  test.each<[string, Omit<OrderRow, 'id' | 'customerId' | 'processedAt'>, number]>([
    ['tax on top', { totalMinor: 12_590, subtotalMinor: 10_000, shippingMinor: 590, taxMinor: 2_000 }, 10_000],
    // 119.00 with 19 % within, and 11.90 shipping with 19 % within: 100.00 and 10.00.
    ['tax within', { totalMinor: 13_090, subtotalMinor: 11_900, shippingMinor: 1_190, taxMinor: 2_090 }, 10_000],
    ['half of it refunded as goodwill', { totalMinor: 12_000, subtotalMinor: 10_000, taxMinor: 2_000, refundedMinor: 6_000 }, 5_000],
    ['one of two returned', { totalMinor: 24_590, currentTotalMinor: 12_590, subtotalMinor: 10_000, shippingMinor: 590, taxMinor: 2_000, refundedMinor: 12_000 }, 10_000],
    ['authorised', { financialStatus: 'AUTHORIZED', totalMinor: 12_000, subtotalMinor: 10_000, taxMinor: 2_000 }, 10_000],
    ['a gift card among the products', { totalMinor: 12_000, subtotalMinor: 12_000, giftCardMinor: 5_000 }, 7_000],
    ['only shipping', { totalMinor: 500, shippingMinor: 500 }, 0],
  ])('product revenue, %s', async (_name, order, spent) => {
    expect((await judged([order], { amounts: 'products' }))[0]?.spent).toBe(spent);
  }); // prettier-ignore
});

const amount = fc.constantFrom(-500, 0, 1, 2_000, 5_000);
const anyOrder = fc.record({
  financialStatus: fc.constantFrom(
    'AUTHORIZED', 'EXPIRED', 'PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'PENDING', 'REFUNDED', 'VOIDED', null,
  ),
  totalMinor: amount,
  currentTotalMinor: amount,
  netPaymentMinor: amount,
  refundedMinor: fc.constantFrom(0, 0, 1_000, 5_000),
  giftCardMinor: fc.constantFrom(0, 0, 1_000),
  cancelledAt: fc.constantFrom(null, null, null, AT),
  deletedAt: fc.constantFrom(null, null, null, AT),
  test: fc.constantFrom(false, false, true),
  companyOrder: fc.constantFrom(false, false, true),
  tags: fc.constantFrom<string[]>([], ['VIP'], ['vip', 'b2b']),
  sourceName: fc.constantFrom(null, 'web', 'POS'),
  currency: fc.constantFrom('EUR', 'EUR', 'USD'),
  subtotalMinor: fc.constantFrom(0, 999, 4_000),
  shippingMinor: fc.constantFrom(0, 0, 590),
  taxMinor: fc.constantFrom(0, 0, 333, 1_000),
  lines: fc.subarray([{ id: '1', productId: '7' }, { id: '2', productId: '8' }, { id: '3', productId: null }]),
}); // prettier-ignore

test('SQL and the oracle judge every order alike; every counted order is activity', async () => {
  const policy = fc.record({
    companyOrders: fc.constantFrom('leave_out' as const, 'count' as const),
    leaveOutOrderTags: fc.constantFrom<string[]>([], ['Vip'], ['b2b', 'other']),
    leaveOutChannels: fc.constantFrom<string[]>([], ['pos']),
    amounts: fc.constantFrom('total' as const, 'products' as const),
    leaveOutProducts: fc.constantFrom<string[]>([], ['7'], ['7', '9']),
    productOrders: fc.constantFrom('any' as const, 'only' as const),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyOrder, { minLength: 1, maxLength: 60 }),
      policy,
      async (orders, settings) => {
        const full = { ...DEFAULT_ORDER_POLICY, ...settings };
        const found = await judged(orders, settings);
        const expected = orders.map((order) =>
          judge({ ...order, id: '1', customerId: '1', processedAt: AT }, full, 'EUR'),
        );
        expect(found).toEqual(expected);
        expect(found.filter((order) => order.counted && !order.activity)).toEqual([]);
        expect(found.filter((order) => order.counted && order.fullyRefunded)).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});
