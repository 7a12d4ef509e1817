import { describe, expect, it } from 'vitest';
import { BusinessClock } from '../../../sandbox/clock.ts';
import { generateStore } from '../../../sandbox/seed/generate-store.ts';
import { LocalTime } from '../../../sandbox/seed/local-time.ts';
import type { SandboxOrder } from '../../../sandbox/store/model.ts';
import { Store } from '../../../sandbox/store/store.ts';
import { makeStore } from './make-store.ts';

function generate(customers: number, seed: number, currency = 'USD'): Store {
  const clock = new BusinessClock({ now: new Date('2026-11-22T23:30:00Z'), frozen: true });
  const store = new Store(makeStore('Europe/Berlin', currency).shop, clock);
  generateStore(store, { customers, seed });
  return store;
}

/** Everything but the load time. */
function contents(store: Store): string {
  const records = [...store.customers(), ...store.orders(), ...store.products()];
  return JSON.stringify(records, (key, value: unknown) => (key === 'updatedAt' ? undefined : value));
}

describe('a generated store', () => {
  // Of the processor, not of a clock on the wall: others may be busy too.
  const began = process.cpuUsage();
  const store = generate(5000, 1);
  const { user, system } = process.cpuUsage(began);
  const seconds = (user + system) / 1_000_000;
  const orders = [...store.orders()];
  const customers = [...store.customers()];

  it('is quick to make', () => {
    expect(seconds).toBeLessThan(3);
    expect(customers).toHaveLength(5000);
    expect(orders.length).toBeGreaterThan(10_000);
  });

  it('is the same for the same seed and another for another', () => {
    expect(contents(generate(300, 7))).toBe(contents(generate(300, 7)));
    expect(contents(generate(300, 7))).not.toBe(contents(generate(300, 8)));
  });

  it.each<[string, number, number, (order: SandboxOrder) => boolean]>([
    ['point-of-sale orders without customer', 0.04, 0.01, (one) => one.customerId === null],
    ['returned in part', 0.12, 0.02, (one) => one.financialStatus === 'PARTIALLY_REFUNDED'],
    ['returned fully', 0.03, 0.01, (one) => one.financialStatus === 'REFUNDED' && one.cancelledAt === null],
    ['authorised or pending', 0.05, 0.015, (one) => ['AUTHORIZED', 'PENDING'].includes(one.financialStatus)],
    ['in another currency', 0.05, 0.015, (one) => one.presentmentCurrency !== one.currency],
    ['free staff orders', 0.01, 0.01, (one) => one.totalMinor === 0],
    ['cancelled', 0.01, 0.005, (one) => one.cancelledAt !== null],
  ])('has its share of %s', (_, share, tolerance, test) => {
    const found = orders.filter(test).length / orders.length;
    expect(Math.abs(found - share)).toBeLessThan(tolerance);
  });

  it('has its shares of contacts, wholesale, staff, subscribers, merged people and foreign tags', () => {
    const share = (count: number) => count / customers.length;
    const withTag = (tag: string) => share(customers.filter((one) => one.tags.includes(tag)).length);
    const none = customers.filter((one) => store.ordersOf(one.id).length === 0);
    expect(share(none.length)).toBeCloseTo(0.3, 1);
    expect(withTag('wholesale')).toBeCloseTo(0.02, 2);
    expect(withTag('staff')).toBeCloseTo(0.01, 2);
    expect(withTag('Active Subscriber')).toBeCloseTo(0.06, 1);
    expect(withTag('newsletter')).toBeGreaterThan(0.1);
    const merged = customers.filter(
      (one) => new Set(store.ordersOf(one.id).map((order) => order.email)).size > 1,
    );
    expect(share(merged.length)).toBeCloseTo(0.01, 2);
    expect(orders.some((one) => one.discountCodes.length > 0)).toBe(true);
    expect(orders.some((one) => one.lines.some((line) => line.giftCard))).toBe(true);
  });

  it('has one-time and repeat buyers, growth and a season', () => {
    const counts = customers.map((one) => store.ordersOf(one.id).length).filter((count) => count > 0);
    const once = counts.filter((count) => count === 1).length / counts.length;
    expect(once).toBeGreaterThan(0.3);
    expect(once).toBeLessThan(0.65);
    const month = (name: string) => orders.filter((one) => one.processedAt.startsWith(name)).length;
    expect(month('2025-12')).toBeGreaterThan(month('2026-02'));
    expect(month('2026-06')).toBeGreaterThan(month('2024-06'));
  });

  it('ends on the yesterday of the shop, and nothing is later', () => {
    const local = new LocalTime('Europe/Berlin'); // it is 00:30 on the 23rd there
    const last = Math.max(...orders.map((one) => Date.parse(one.processedAt)));
    expect(new Date(local.toWall(last)).toISOString().slice(0, 10)).toBe('2026-11-22');
    for (const order of orders) {
      for (const refund of order.refunds) expect(refund.createdAt <= '2026-11-22T23:00:00.000Z').toBe(true);
      expect(order.createdAt >= '2023-11-22').toBe(true);
    }
  });

  it('has orders whose amounts agree', () => {
    for (const order of orders) {
      const lines = order.lines.reduce(
        (sum, line) => sum + line.priceMinor * line.quantity - line.discountMinor,
        0,
      );
      expect(order.subtotalMinor).toBe(lines);
      expect(order.totalMinor).toBe(order.subtotalMinor + order.shippingMinor + order.taxMinor);
      expect(order.currentTotalMinor - order.outstandingMinor).toBe(
        order.receivedMinor - order.refundedMinor,
      );
      expect(order.refunds.reduce((sum, refund) => sum + refund.totalMinor, 0)).toBe(order.refundedMinor);
      expect(order.currentTotalMinor).toBeGreaterThanOrEqual(0);
      expect(Number.isSafeInteger(order.totalMinor)).toBe(true);
    }
    expect(new Set(orders.map((one) => one.id)).size).toBe(orders.length);
    expect(orders.map((one) => one.processedAt)).toEqual(orders.map((one) => one.processedAt).sort());
  });

  it('prices in the minor units of its currency', () => {
    const yen = [...generate(50, 1, 'JPY').products()][0]?.variants[0]?.priceMinor ?? 0;
    const dinar = [...generate(50, 1, 'KWD').products()][0]?.variants[0]?.priceMinor ?? 0;
    expect(dinar).toBe(yen * 1000);
  });
});

describe('local time', () => {
  it('shifts whole days and keeps the time of day over both changes of the clock', () => {
    const local = new LocalTime('Europe/Berlin');
    const shift = (from: string, days: number) => new Date(local.shift(Date.parse(from), days)).toISOString();
    expect(shift('2026-03-28T01:30:00Z', 1)).toBe('2026-03-29T01:30:00.000Z'); // 02:30 does not exist: 03:30
    expect(shift('2026-03-28T11:00:00Z', 1)).toBe('2026-03-29T10:00:00.000Z');
    expect(shift('2026-10-24T10:00:00Z', 1)).toBe('2026-10-25T11:00:00.000Z');
    expect(shift('2026-10-25T22:30:00Z', -1)).toBe('2026-10-24T21:30:00.000Z');
    expect(shift('2020-02-28T12:00:00Z', 366)).toBe('2021-02-28T12:00:00.000Z');
  });
});
