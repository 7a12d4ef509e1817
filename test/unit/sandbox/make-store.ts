/** A small store for tests of the sandbox's parts; records with what a test names and plain defaults else. */
import { BusinessClock } from '../../../sandbox/clock.ts';
import type { SandboxCustomer, SandboxOrder } from '../../../sandbox/store/model.ts';
import { Store } from '../../../sandbox/store/store.ts';

export const NOW = '2026-11-22T11:00:00.000Z';

export function makeStore(timeZone = 'UTC', currency = 'EUR'): Store {
  const clock = new BusinessClock({ now: new Date(NOW), frozen: true });
  return new Store(
    {
      domain: 'test.myshopify.com',
      id: '70000000001',
      name: 'Test',
      email: 'owner@test.example',
      currency,
      ianaTimezone: timeZone,
      countryCode: 'DE',
      plan: 'standard',
    },
    clock,
  );
}

export function addCustomer(store: Store, given: Partial<SandboxCustomer> = {}): SandboxCustomer {
  const customer: SandboxCustomer = {
    id: store.newId('customer'),
    firstName: null,
    lastName: null,
    email: null,
    phone: null,
    note: null,
    state: 'DISABLED',
    verifiedEmail: true,
    taxExempt: false,
    locale: 'en',
    createdAt: NOW,
    updatedAt: NOW,
    address: null,
    emailMarketing: null,
    smsMarketing: null,
    tags: [],
    mergedInto: null,
    ...given,
  };
  store.putCustomer(customer);
  return customer;
}

export function addOrder(store: Store, given: Partial<SandboxOrder> = {}): SandboxOrder {
  const number = store.newOrderNumber();
  const total = given.totalMinor ?? 5000;
  const order: SandboxOrder = {
    id: store.newId('order'),
    name: `#${number}`,
    number,
    customerId: null,
    email: null,
    createdAt: NOW,
    processedAt: NOW,
    updatedAt: NOW,
    cancelledAt: null,
    cancelReason: null,
    test: false,
    confirmed: true,
    financialStatus: 'PAID',
    fulfillmentStatus: 'FULFILLED',
    currency: store.shop.currency,
    presentmentCurrency: store.shop.currency,
    presentmentRate: 1,
    subtotalMinor: total,
    shippingMinor: 0,
    taxMinor: 0,
    discountMinor: 0,
    tipMinor: 0,
    totalMinor: total,
    currentTotalMinor: total,
    receivedMinor: total,
    refundedMinor: 0,
    outstandingMinor: 0,
    sourceName: 'web',
    tags: [],
    discountCodes: [],
    note: null,
    company: false,
    journey: null,
    lines: [],
    refunds: [],
    ...given,
  };
  store.putOrder(order);
  return order;
}
