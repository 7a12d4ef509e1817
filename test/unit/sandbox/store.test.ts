import { describe, expect, it } from 'vitest';
import { customerTotals } from '../../../sandbox/store/customer-totals.ts';
import { currentAmounts, refundedShipping } from '../../../sandbox/store/order-money.ts';
import { addCustomer, addOrder, makeStore, NOW } from './make-store.ts';

describe('the store', () => {
  it('finds a customer by e-mail, case and space ignored, also after the address changed', () => {
    const store = makeStore();
    const anna = addCustomer(store, { email: 'Anna@Example.com ' });
    expect(store.customerByEmail(' anna@example.COM')).toBe(anna);
    anna.email = 'anna@other.example';
    store.putCustomer(anna);
    expect(store.customerByEmail('anna@example.com')).toBeUndefined();
    expect(store.customerByEmail('anna@other.example')).toBe(anna);
    store.deleteCustomer(anna.id);
    expect(store.customerByEmail('anna@other.example')).toBeUndefined();
    expect(store.customerCount()).toBe(0);
  });

  it('keeps whose an order is, when it moves, becomes a guest order or goes', () => {
    const store = makeStore();
    const [one, two] = [addCustomer(store), addCustomer(store)];
    const order = addOrder(store, { customerId: one.id });
    expect(store.ordersOf(one.id)).toEqual([order]);
    order.customerId = two.id;
    store.putOrder(order);
    expect(store.ordersOf(one.id)).toEqual([]);
    expect(store.ordersOf(two.id)).toEqual([order]);
    order.customerId = null;
    store.putOrder(order);
    expect(store.ordersOf(two.id)).toEqual([]);
    store.deleteOrder(order.id);
    expect(store.orderCount()).toBe(0);
  });

  it('never gives out an id or order number that a record from outside has', () => {
    const store = makeStore();
    const high = String(BigInt(store.newId('order')) + 5n);
    addOrder(store, { id: high, number: 9000 });
    expect(BigInt(store.newId('order'))).toBeGreaterThan(BigInt(high));
    expect(store.newOrderNumber()).toBe(9001);
  });

  it('tells its listeners after the fact, until they stop listening', () => {
    const store = makeStore();
    const seen: string[] = [];
    const stop = store.subscribe((change, from) => {
      expect(from).toBe(store);
      seen.push(change.kind);
    });
    store.emit({ kind: 'shop_updated' });
    stop();
    store.emit({ kind: 'shop_updated' });
    expect(seen).toEqual(['shop_updated']);
  });
});

describe('amounts that follow', () => {
  it("counts a customer's orders as Shopify does: no tests, no money of cancelled ones", () => {
    const store = makeStore();
    const anna = addCustomer(store);
    const give = (given: Parameters<typeof addOrder>[1]) =>
      addOrder(store, { customerId: anna.id, ...given });
    give({ totalMinor: 5000, processedAt: '2026-01-01T00:00:00.000Z' });
    give({ totalMinor: 3000, refundedMinor: 1000, processedAt: '2026-03-01T00:00:00.000Z' });
    give({ totalMinor: 700, cancelledAt: NOW, processedAt: '2026-02-01T00:00:00.000Z' });
    give({ totalMinor: 900, test: true });
    const totals = customerTotals(store.ordersOf(anna.id));
    expect(totals).toMatchObject({ numberOfOrders: 3, amountSpentMinor: 7000 });
    expect(totals.lastOrder?.totalMinor).toBe(3000);
  });

  it('takes returned lines out of the subtotal, and tax with them', () => {
    const store = makeStore();
    const order = addOrder(store, {
      totalMinor: 10_800,
      subtotalMinor: 9600,
      taxMinor: 800,
      shippingMinor: 400,
    });
    expect(currentAmounts(order)).toMatchObject({ subtotalMinor: 9600, shippingMinor: 400, taxMinor: 800 });
    order.refunds = [
      {
        id: '1',
        createdAt: NOW,
        processedAt: NOW,
        totalMinor: 5200,
        note: null,
        lines: [{ id: '2', lineItemId: '3', quantity: 1, subtotalMinor: 4800 }],
      },
    ];
    order.currentTotalMinor = 5600;
    expect(refundedShipping(order)).toBe(400);
    expect(currentAmounts(order)).toEqual({
      subtotalMinor: 4800,
      shippingMinor: 0,
      taxMinor: 400,
      discountMinor: 0,
    });
    order.currentTotalMinor = 0;
    expect(currentAmounts(order).subtotalMinor).toBe(0);
  });
});
