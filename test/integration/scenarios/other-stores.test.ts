/**
 * The same kind of day on other stores: other time zones, erased, merged and moved people, partial refunds, holds with
 * a wait, leap years. Orders as on the arithmetic store, at noon of the store's own days.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';
import { sql } from '../../../app/db/sql.ts';
import { addDays, atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { applyFacts } from '../../../app/intake/apply-facts.server.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { redactCustomer } from '../../../app/privacy/redact-customer.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import type { SegmentSettings } from '../../../app/segments/segment-settings.ts';
import { why } from '../../../app/segments/why.server.ts';
import { ARITHMETIC_DAY, arithmeticStore } from '../../support/arithmetic-store.ts';
import { putCustomers, putOrders, type OrderRow } from '../../support/insert-facts.ts';
import type { RandomStore } from '../../support/random-store.ts';
import { createSegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { EIGHT_VIPS, vipRule } from './vip.ts';

const redactionKey = Buffer.alloc(32, 7);
const cipher = createCipher([Buffer.alloc(32, 1)]);
let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

/** The arithmetic store, at noon of this zone's days. */
function storeIn(zone: string): RandomStore {
  const { customers, orders } = arithmeticStore();
  return {
    customers,
    orders: orders.map((order) => {
      const [k, i] = [Math.floor(Number(order.id) / 10), Number(order.id) % 10];
      return { ...order, processedAt: atHour(addDays(ARITHMETIC_DAY, -2 * k - 20 * i), 12, zone) };
    }),
  };
}

async function openStore(zone: string, day: LocalDate = ARITHMETIC_DAY, store = storeIn(zone)) {
  const shop = await createSegmentShop(t, { now: atHour(day, 12, zone), timeZone: zone, store });
  const now = () => shop.clock.now();
  return {
    ...shop,
    now,
    async vip(rule: Rule, settings: SegmentSettings = {}) {
      await shop.in((tx) => createSegment(tx, { name: 'VIP', rule, settings, actor: '42', now: now() }));
      const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys: ['vip'], now: now() }));
      const done = await turnOn(shop.ctx, shop.shopId, {
        keys: ['vip'],
        fingerprint,
        actor: '42',
        now: now(),
      });
      expect(done.outcome).toBe('done');
    },
    async vips() {
      return (await shop.memberships()).map((one) => Number(one.split(' ')[0])).sort((a, b) => a - b);
    },
    reads: async (k: number) =>
      (await shop.in((tx) => why(tx, { customerId: String(k), key: 'vip', now: now() })))?.sentence,
    async goTo(at: Date) {
      shop.clock.set(at);
      await reviewDue(shop.ctx, shop.shopId);
    },
    async happens(orders: OrderRow[], touched: readonly number[], cause: 'order' | 'refund' = 'order') {
      await shop.in(async (tx) => {
        await putOrders(tx, orders);
        await refresh(tx, { touched: new Map(touched.map((k) => [String(k), cause])), now: now() });
      });
    },
    async noDrift() {
      expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({
        profiles: 0,
        scores: 0,
        memberships: 0,
      });
    },
  };
}
const BERLIN = 'Europe/Berlin';
const day = (text: string) => text as LocalDate;

test.each([
  ['Pacific/Kiritimati', '2026-11-27T10:00:00Z'],
  ['Pacific/Apia', '2026-11-27T11:00:00Z'],
  ['Asia/Kathmandu', '2026-11-27T18:15:00Z'],
  ['America/St_Johns', '2026-11-28T03:30:00Z'],
  ['Pacific/Pago_Pago', '2026-11-28T11:00:00Z'],
])('in %s c160 leaves VIP at its own midnight of 28 November', async (zone, instant) => {
  const one = await openStore(zone);
  await one.vip(vipRule(1_000, 30));
  expect(await one.reads(160)).toBe('leaves VIP on 28 November (1,200.00 becomes 800.00)');
  await one.goTo(new Date(new Date(instant).getTime() - 1));
  expect(await one.vips()).toEqual(EIGHT_VIPS);
  await one.goTo(new Date(instant));
  expect(await one.vips()).toEqual(EIGHT_VIPS.filter((k) => k !== 160));
  expect(await one.reads(140)).toBe('leaves VIP on 7 January 2027 (1,200.00 becomes 800.00)');
  await one.noDrift();
});

test('c100 is erased, then VIP is lowered: 62 gain, 69 in all, and c100 is nowhere', async () => {
  const one = await openStore(BERLIN);
  await one.vip(vipRule(1_000));
  await one.in((tx) =>
    redactCustomer(tx, { customerId: '100', receivedAt: one.now(), now: one.now(), redactionKey, cipher }),
  );
  await one.in((tx) => editSegment(tx, { key: 'vip', rule: vipRule(100), actor: '42', now: one.now() }));
  const review = await one.in((tx) =>
    reviewChange(tx, { change: { act: 'change', key: 'vip' }, now: one.now() }),
  );
  expect(review.segments).toMatchObject([{ loses: 0, size: 69 }]);
  const { fingerprint } = review;
  const wish = { change: { act: 'change' as const, key: 'vip' }, fingerprint, actor: '42', now: one.now() };
  expect(await applyChange(one.ctx, one.shopId, wish)).toMatchObject({
    outcome: 'done',
    entered: 62,
    left: 0,
  });
  expect(await one.vips()).not.toContain(100);
  expect(await one.reads(100)).toBeUndefined();
  await one.noDrift();
});

test('a hold to the end of the year and 30 days to come back: out on 1 January, back on the 31st at the earliest', async () => {
  const one = await openStore(BERLIN);
  await one.vip(vipRule(1_000), { hold: { for: 'end_of_this_year' }, rejoinAfterDays: 30 });
  expect(await one.reads(160)).toBe('kept until 31 December by the hold');
  await one.goTo(startOfDay(day('2027-01-01'), BERLIN));
  expect(await one.vips()).not.toContain(160);
  await one.goTo(atHour(day('2027-01-10'), 12, BERLIN));
  await one.happens([{ id: '9001', customerId: '160', processedAt: one.now(), totalMinor: 200_000 }], [160]);
  expect(await one.vips()).not.toContain(160);
  expect(await one.reads(160)).toBe('left not long ago: may come back on 31 January');
  await one.goTo(new Date(startOfDay(day('2027-01-31'), BERLIN).getTime() - 1));
  expect(await one.vips()).not.toContain(160);
  await one.goTo(startOfDay(day('2027-01-31'), BERLIN));
  expect(await one.vips()).toContain(160);
  await one.noDrift();
});

describe('an order that waits 30 days and is refunded in part', () => {
  test.each([
    ['1,000.00 less one cent', 100_000, 1, false],
    ['1,200.00 less 200.00', 120_000, 20_000, true],
  ])('%s', async (_, totalMinor, refundedMinor, isVip) => {
    const one = await openStore(BERLIN);
    await one.vip(vipRule(1_000, 30));
    const order = { id: '9001', customerId: '201', processedAt: one.now(), totalMinor };
    await one.in((tx) => putCustomers(tx, [{ id: '201' }]));
    await one.happens([order], [201]);
    expect(await one.reads(201)).toBe('VIP on 22 December if kept');
    await one.goTo(atHour(day('2026-12-05'), 12, BERLIN));
    await one.happens([{ ...order, refundedMinor, financialStatus: 'PARTIALLY_REFUNDED' }], [201], 'refund');
    expect(await one.reads(201)).toBe(isVip ? 'VIP on 22 December if kept' : null);
    await one.goTo(startOfDay(day('2026-12-22'), BERLIN));
    expect((await one.vips()).includes(201)).toBe(isVip);
    await one.noDrift();
  });
});

test('an order that is entered later with an earlier date counts from its own date', async () => {
  const one = await openStore(BERLIN);
  await one.vip(vipRule(1_000, 30));
  const order = (on: string) => ({ id: '9001', customerId: '7', processedAt: atHour(day(on), 12, BERLIN), totalMinor: 100_000 }); // prettier-ignore
  await one.happens([order('2026-10-24')], [7]);
  expect(await one.reads(7)).toBe('VIP on 23 November if kept');
  await one.happens([order('2026-10-23')], [7]);
  expect(await one.vips()).toContain(7);
  await one.noDrift();
});

test('c160 is merged into c020: 7 VIPs, and her day is still that of her own orders', async () => {
  const one = await openStore(BERLIN);
  await one.vip(vipRule(1_000));
  const before = await one.reads(20);
  await one.in(async (tx) => {
    const touched = await applyFacts(tx, [{ kind: 'merge', keptId: '20', deletedId: '160' }], { now: one.now(), redactionKey }); // prettier-ignore
    await refresh(tx, { touched, now: one.now() });
  });
  expect(await one.vips()).toEqual(EIGHT_VIPS.filter((k) => k !== 160));
  expect(await one.reads(160)).toBeUndefined();
  expect(before).toBe('leaves VIP on 4 September 2027 (1,200.00 becomes 800.00)');
  expect(await one.reads(20)).toBe('leaves VIP on 4 September 2027 (1,200.00 becomes 800.00)');
  await one.noDrift();
});

test('a guest order that Shopify attaches later, and an order that moves to somebody else', async () => {
  const one = await openStore(BERLIN);
  await one.vip(vipRule(1_000));
  const order = {
    id: '9001',
    customerId: null as string | null,
    processedAt: one.now(),
    totalMinor: 100_000,
  };
  await one.happens([order], []);
  expect(await one.vips()).toEqual(EIGHT_VIPS);
  await one.happens([{ ...order, customerId: '1' }], [1]);
  expect(await one.vips()).toEqual([1, ...EIGHT_VIPS]);
  await one.happens([{ ...order, customerId: '2' }], [1, 2]);
  expect(await one.vips()).toEqual([2, ...EIGHT_VIPS]);
  await one.noDrift();
});

test('never in, by hand: c160 is out at once, an order does not bring her back, the rule again does', async () => {
  const one = await openStore(BERLIN);
  await one.vip(vipRule(1_000));
  const name = (list: 'never' | null) =>
    namePerson(one.ctx, one.shopId, { key: 'vip', customerIds: ['160'], list, actor: '42', now: one.now() });
  await name('never');
  expect(await one.reads(160)).toBe('kept out by hand since 22 November');
  await one.happens([{ id: '9001', customerId: '160', processedAt: one.now(), totalMinor: 500_000 }], [160]);
  expect(await one.vips()).not.toContain(160);
  await name(null);
  expect(await one.vips()).toEqual(EIGHT_VIPS);
  await one.noDrift();
});

test('365 days over 29 February: an order of 22 November 2027 is out on 22 November 2028', async () => {
  const zone = 'America/New_York';
  const one = await openStore(zone, day('2027-11-22'), {
    customers: [{ id: '1' }],
    orders: [
      { id: '1', customerId: '1', processedAt: atHour(day('2027-11-22'), 9, zone), totalMinor: 100_000 },
    ],
  });
  await one.vip(vipRule(1_000));
  expect(await one.reads(1)).toBe('leaves VIP on 22 November 2028 (1,000.00 becomes 0.00)');
  await one.goTo(new Date(startOfDay(day('2028-11-22'), zone).getTime() - 1));
  expect(await one.vips()).toEqual([1]);
  await one.goTo(startOfDay(day('2028-11-22'), zone));
  expect(await one.vips()).toEqual([]);
});

test('left out by a tag, she is no VIP; counted again, she is', async () => {
  const one = await openStore(BERLIN);
  await one.vip(vipRule(1_000));
  await one.in((tx) =>
    tx.query(
      sql`UPDATE shop_settings SET policy = '{"leaveOutCustomerTags": ["staff"]}' WHERE shop_id = ${tx.shopId}`,
    ),
  );
  for (const [tags, is] of [[['Staff'], false], [[], true]] as const) {
    await one.in(async (tx) => {
      await putCustomers(tx, [{ id: '160', tags: [...tags] }]);
      await refresh(tx, { touched: new Map([['160', 'edit']]), now: one.now() });
    });
    expect((await one.vips()).includes(160)).toBe(is);
  } // prettier-ignore
  await one.noDrift();
});
