/** What the acts do to a store, what they refuse, and what they emit. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActError } from '../../../sandbox/acts/act.ts';
import { cancelOrder } from '../../../sandbox/acts/cancel-order.ts';
import { deleteProduct, updateProduct } from '../../../sandbox/acts/change-product.ts';
import { createCustomer } from '../../../sandbox/acts/create-customer.ts';
import { deleteCustomer } from '../../../sandbox/acts/delete-customer.ts';
import { deleteOrder } from '../../../sandbox/acts/delete-order.ts';
import { editOrder } from '../../../sandbox/acts/edit-order.ts';
import { editOrderLine } from '../../../sandbox/acts/edit-order-line.ts';
import { mergeCustomers } from '../../../sandbox/acts/merge-customers.ts';
import { payOrder } from '../../../sandbox/acts/pay-order.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { refundOrder } from '../../../sandbox/acts/refund-order.ts';
import { requestData, requestRedaction } from '../../../sandbox/acts/request-privacy.ts';
import { setConsent } from '../../../sandbox/acts/set-consent.ts';
import { updateCustomer } from '../../../sandbox/acts/update-customer.ts';
import { customerTotals } from '../../../sandbox/store/customer-totals.ts';
import type { SandboxOrder } from '../../../sandbox/store/model.ts';
import { smallStore } from './small-store.ts';

const net = (order: SandboxOrder) => order.receivedMinor - order.refundedMinor;
const balanced = (order: SandboxOrder) => order.currentTotalMinor - order.outstandingMinor === net(order);

describe('orders', () => {
  it('places a paid order with lines, discount, shipping and tax', () => {
    const { store, tea, kinds } = smallStore();
    const order = placeOrder(store, {
      customer: 'ANNA@example.com',
      lines: [
        { product: tea.id, quantity: 3 },
        { title: 'Cup', price: '7,00' },
      ],
      discountCode: 'TEA10',
      discountAmount: '4.45',
      shipping: 3.9,
      tax: '1.00',
    });
    expect(order).toMatchObject({
      name: '#1001',
      subtotalMinor: 4005,
      discountMinor: 445,
      totalMinor: 4495,
      currentTotalMinor: 4495,
      receivedMinor: 4495,
      outstandingMinor: 0,
      financialStatus: 'PAID',
      discountCodes: ['TEA10'],
    });
    expect(order.lines.map((line) => line.discountMinor)).toEqual([375, 70]);
    expect(order.lines[0]).toMatchObject({ title: 'Green Tea', priceMinor: 1250, productId: tea.id });
    expect(kinds()).toEqual([
      'order_created',
      'order_paid',
      'customer_updated',
      'customer_purchasing_summary',
    ]);
  });

  it('follows an authorised order through capture, refund and cancellation', () => {
    const { store, kinds, anna } = smallStore();
    const order = placeOrder(store, { customer: anna.id, amount: '50.00', status: 'authorised' });
    expect(order).toMatchObject({ financialStatus: 'AUTHORIZED', outstandingMinor: 5000, receivedMinor: 0 });
    expect(() => refundOrder(store, { order: order.name })).toThrow('Nothing was received');
    payOrder(store, { order: order.name, amount: '20' });
    expect(order).toMatchObject({ financialStatus: 'PARTIALLY_PAID', outstandingMinor: 3000 });
    payOrder(store, { order: order.id });
    expect(order.financialStatus).toBe('PAID');
    kinds();
    refundOrder(store, { order: `gid://shopify/Order/${order.id}`, amount: '15.50' });
    expect(order).toMatchObject({
      financialStatus: 'PARTIALLY_REFUNDED',
      currentTotalMinor: 3450,
      refundedMinor: 1550,
    });
    expect(kinds()).toEqual([
      'refund_created',
      'order_updated',
      'customer_updated',
      'customer_purchasing_summary',
    ]);
    refundOrder(store, { order: order.id });
    expect(order).toMatchObject({ financialStatus: 'REFUNDED', currentTotalMinor: 0, refundedMinor: 5000 });
    expect(order.lines[0]?.currentQuantity).toBe(0);
    expect(order.refunds.map((refund) => [refund.totalMinor, refund.lines.length])).toEqual([
      [1550, 0],
      [3450, 1],
    ]);
    cancelOrder(store, { order: order.id, reason: 'staff' });
    expect(order).toMatchObject({ financialStatus: 'REFUNDED', cancelReason: 'STAFF' });
    expect(() => cancelOrder(store, { order: order.id })).toThrow('already cancelled');
  });

  it('voids what was never received, and refunds what was, when an order is cancelled', () => {
    const { store, anna, kinds } = smallStore();
    const pending = placeOrder(store, { customer: anna.id, amount: '50', status: 'pending' });
    const paid = placeOrder(store, { customer: anna.id, amount: '30' });
    kinds();
    expect(cancelOrder(store, { order: pending.id })).toMatchObject({
      financialStatus: 'VOIDED',
      currentTotalMinor: 0,
      outstandingMinor: 0,
    });
    expect(kinds()).toEqual([
      'order_cancelled',
      'order_updated',
      'customer_updated',
      'customer_purchasing_summary',
    ]);
    expect(cancelOrder(store, { order: paid.id })).toMatchObject({ financialStatus: 'REFUNDED' });
    expect(kinds()).toContain('refund_created');
    expect(customerTotals(store.ordersOf(anna.id)).amountSpentMinor).toBe(0);
  });

  it('enters an order with an earlier date, for a guest, but none from the future', () => {
    const { store, kinds } = smallStore();
    const order = placeOrder(store, { amount: 5, processedAt: '2026-01-02T03:04:05+01:00' });
    expect(order).toMatchObject({ customerId: null, processedAt: '2026-01-02T02:04:05.000Z' });
    expect(order.createdAt).toBe('2026-11-22T11:00:00.000Z');
    expect(kinds()).toEqual(['order_created', 'order_paid']);
    expect(() => placeOrder(store, { amount: 5, processedAt: '2026-11-22T11:00:01Z' })).toThrow('future');
  });

  it('gives a guest order to a customer, moves it, edits a line, deletes it', () => {
    const { store, anna, ben, kinds } = smallStore();
    const order = placeOrder(store, { amount: '10' });
    kinds();
    editOrder(store, { order: order.name, customer: anna.email, tags: ['b, A', 'a'] });
    expect([order.customerId, order.tags]).toEqual([anna.id, ['A', 'b']]);
    editOrder(store, { order: order.name, customer: ben.id });
    expect(store.ordersOf(anna.id)).toEqual([]);
    expect(store.ordersOf(ben.id)).toEqual([order]);
    kinds();
    editOrderLine(store, { order: order.id, quantity: 3 });
    expect(order).toMatchObject({
      currentTotalMinor: 3000,
      outstandingMinor: 2000,
      financialStatus: 'PARTIALLY_PAID',
    });
    expect(kinds().slice(0, 2)).toEqual(['order_edited', 'order_updated']);
    deleteOrder(store, { order: order.id });
    expect(store.order(order.id)).toBeUndefined();
    expect(kinds()[0]).toBe('order_deleted');
  });

  it('refunds returned lines at what was paid for them', () => {
    const { store } = smallStore();
    const order = placeOrder(store, {
      lines: [{ title: 'Cup', price: '10', quantity: 4 }],
      discountAmount: '4',
    });
    const [line] = order.lines;
    refundOrder(store, { order: order.id, lines: [{ line: line?.id, quantity: 1 }] });
    expect(order.refunds[0]).toMatchObject({ totalMinor: 900, lines: [{ quantity: 1, subtotalMinor: 900 }] });
    expect(line?.currentQuantity).toBe(3);
    expect(() => refundOrder(store, { order: order.id, lines: [{ line: line?.id, quantity: 4 }] })).toThrow(
      'Only 3',
    );
  });

  it('keeps current total - outstanding = received - refunded through any acts', () => {
    const cents = fc.integer({ min: 1, max: 9_000 }).map((minor) => (minor / 100).toFixed(2));
    const step = fc.oneof(
      fc.record({ act: fc.constant('pay' as const), amount: fc.option(cents, { nil: undefined }) }),
      fc.record({ act: fc.constant('refund' as const), amount: fc.option(cents, { nil: undefined }) }),
      fc.record({ act: fc.constant('edit' as const), quantity: fc.integer({ min: 0, max: 4 }) }),
      fc.record({ act: fc.constant('cancel' as const), refund: fc.boolean() }),
    );
    let done = 0;
    fc.assert(
      fc.property(
        fc.constantFrom('paid', 'authorised', 'pending'),
        cents,
        fc.array(step, { maxLength: 8 }),
        (status, amount, steps) => {
          const { store, anna } = smallStore();
          const order = placeOrder(store, { customer: anna.id, amount, status });
          let before = order.updatedAt;
          for (const { act, ...input } of steps) {
            try {
              if (act === 'pay') payOrder(store, { order: order.id, ...input });
              if (act === 'refund') refundOrder(store, { order: order.id, ...input });
              if (act === 'edit') editOrderLine(store, { order: order.id, ...input });
              if (act === 'cancel') cancelOrder(store, { order: order.id, ...input });
              expect(order.updatedAt > before).toBe(true);
              done += 1;
            } catch (error) {
              expect(error).toBeInstanceOf(ActError);
              expect(order.updatedAt).toBe(before);
            }
            before = order.updatedAt;
            expect(balanced(order)).toBe(true);
            expect(order.refundedMinor).toBeLessThanOrEqual(order.receivedMinor);
            expect(order.lines.every((line) => line.currentQuantity >= 0)).toBe(true);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(done).toBeGreaterThan(100);
  });
});

describe('customers', () => {
  it('creates, changes and deletes a customer, and refuses a second one with the e-mail address', () => {
    const { store, ben, anna, kinds } = smallStore();
    expect(() => createCustomer(store, { email: 'Anna@Example.com' })).toThrow(
      'Email has already been taken',
    );
    expect(() => createCustomer(store, {})).toThrow('must have a name, phone number or email');
    expect(() => createCustomer(store, { email: 'no address' })).toThrow('not an e-mail address');
    updateCustomer(store, { customer: ben.id, lastName: 'Baum', phone: '+491', state: 'ENABLED' });
    expect(ben).toMatchObject({ firstName: 'Ben', lastName: 'Baum', state: 'ENABLED' });
    expect(ben.smsMarketing).toEqual({ state: 'NOT_SUBSCRIBED', updatedAt: null });
    updateCustomer(store, { customer: ben.id, email: '' });
    expect([ben.email, ben.emailMarketing]).toEqual([null, null]);
    kinds();
    deleteCustomer(store, { customer: ben.id });
    expect(kinds()).toEqual(['customer_deleted']);
    placeOrder(store, { customer: anna.id, amount: 1 });
    expect(() => deleteCustomer(store, { customer: anna.id })).toThrow('associated orders');
  });

  it('merges orders and tags into the kept customer', () => {
    const { store, anna, ben, changes } = smallStore();
    const order = placeOrder(store, { customer: ben.id, amount: 9 });
    changes.splice(0);
    mergeCustomers(store, { keep: anna.id, remove: ben.id });
    expect(order.customerId).toBe(anna.id);
    expect(anna.tags).toEqual(['Tea', 'vip']);
    expect(store.customer(ben.id)).toBeUndefined();
    expect(ben.mergedInto).toBe(anna.id);
    expect(changes).toEqual([
      { kind: 'customer_merged', keptId: anna.id, deletedId: ben.id },
      { kind: 'customer_tags_added', customerId: anna.id, tags: ['Tea', 'vip'] },
      { kind: 'customer_updated', customerId: anna.id },
      { kind: 'customer_purchasing_summary', customerId: anna.id },
    ]);
    expect(() => mergeCustomers(store, { keep: anna.id, remove: anna.id })).toThrow('itself');
  });

  it('records consent, and needs the address that it is about', () => {
    const { store, anna, nobody, kinds } = smallStore();
    setConsent(store, { customer: anna.id, channel: 'email', state: 'subscribed' });
    expect(anna.emailMarketing?.state).toBe('SUBSCRIBED');
    setConsent(store, { customer: anna.id, channel: 'sms', state: 'UNSUBSCRIBED' });
    expect(kinds()).toEqual([
      'customer_updated',
      'customer_email_consent',
      'customer_updated',
      'customer_sms_consent',
    ]);
    expect(() => setConsent(store, { customer: nobody.id, channel: 'email', state: 'subscribed' })).toThrow(
      'email address is required',
    );
    expect(() => setConsent(store, { customer: anna.id, channel: 'fax', state: 'subscribed' })).toThrow(
      'channel',
    );
  });

  it('asks for data and for redaction with the ids of the orders', () => {
    const { store, anna, changes } = smallStore();
    const order = placeOrder(store, { customer: anna.id, amount: 9 });
    changes.splice(0);
    requestRedaction(store, { customer: anna.id });
    requestData(store, { customer: anna.id });
    expect(changes).toMatchObject([
      { kind: 'customer_redact', customerId: anna.id, ordersToRedact: [order.id] },
      { kind: 'data_request', customerId: anna.id },
    ]);
  });
});

describe('products', () => {
  it('changes what is named, and deletes', () => {
    const { store, tea, kinds } = smallStore();
    updateProduct(store, { product: `gid://shopify/Product/${tea.id}`, vendor: 'Blatt', status: 'ARCHIVED' });
    expect(tea).toMatchObject({ title: 'Green Tea', vendor: 'Blatt', status: 'ARCHIVED' });
    deleteProduct(store, { product: tea.id });
    expect(kinds()).toEqual(['product_updated', 'product_deleted']);
    expect(() => deleteProduct(store, { product: tea.id })).toThrow('There is no product');
  });
});

it('names every fault of the input at once', () => {
  const { store } = smallStore();
  expect(() => placeOrder(store, { amount: '5', status: 'stolen', customer: '' })).toThrow(
    /customer: names no customer.*status: /,
  );
  expect(() => placeOrder(store, {})).toThrow('An order needs an amount, or lines');
  expect(() => placeOrder(store, { amount: 'five' })).toThrow('must be an amount such as 12.50');
  expect(() => placeOrder(store, { amount: '-5' })).toThrow('price of 0 or more');
});
