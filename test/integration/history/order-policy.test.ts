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
}); // prettier-ignore

test('SQL and the oracle judge every order alike; every counted order is activity', async () => {
  const policy = fc.record({
    companyOrders: fc.constantFrom('leave_out' as const, 'count' as const),
    leaveOutOrderTags: fc.constantFrom<string[]>([], ['Vip'], ['b2b', 'other']),
    leaveOutChannels: fc.constantFrom<string[]>([], ['pos']),
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
