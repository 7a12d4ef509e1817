import { describe, expect, it } from 'vitest';
import type { Listing } from '../../../sandbox/graphql/connection.ts';
import { listCustomers } from '../../../sandbox/graphql/list-customers.ts';
import { listOrders } from '../../../sandbox/graphql/list-orders.ts';
import { addCustomer, addOrder, makeStore } from './make-store.ts';

const store = makeStore('Europe/Berlin');
const anna = addCustomer(store, {
  email: 'anna@example.com',
  firstName: 'Anna',
  lastName: 'Zorn',
  tags: ['VIP', 'a b'],
  updatedAt: '2026-11-01T00:00:00.000Z',
});
const ben = addCustomer(store, {
  email: 'ben@example.com',
  lastName: 'Adam',
  tags: ['vip-maybe'],
  updatedAt: '2026-11-01T22:59:59.999Z',
});
const carl = addCustomer(store, {
  updatedAt: '2026-11-01T23:00:00.000Z',
  createdAt: '2025-01-01T00:00:00.000Z',
});
const paid = addOrder(store, { customerId: anna.id, updatedAt: '2026-11-02T00:00:00.000Z' });
const pending = addOrder(store, {
  customerId: ben.id,
  financialStatus: 'PENDING',
  email: 'ben@example.com',
  processedAt: '2026-01-01T00:00:00.000Z',
  tags: ['gift'],
});

const idsOf = (listing: Listing<{ id: string }>) => [...listing.after()].map(({ id }) => id);
const customers = (query: string) => idsOf(listCustomers(store, { query }));
const orders = (query: string) => idsOf(listOrders(store, { query }));

describe('searching customers', () => {
  it.each([
    [`id:${anna.id}`, [anna]],
    [`id:>${anna.id}`, [ben, carl]],
    [`id:<=${ben.id}`, [anna, ben]],
    ['email:ANNA@example.com', [anna]],
    ['email:*', [anna, ben]],
    ['tag:vip', [anna]],
    ["tag:'a b'", [anna]],
    ['tag:vip,vip-maybe', [anna, ben]],
    ['tag_not:vip', [ben, carl]],
    ["updated_at:>='2026-11-01T22:59:59.999Z'", [ben, carl]],
    ["updated_at:>'2026-11-01T22:59:59.999Z'", [carl]],
    // A date is a whole day in the shop's time zone: Berlin's 1 November ends at 23:00 UTC.
    ['updated_at:2026-11-01', [anna, ben]],
    ['updated_at:>2026-11-01', [carl]],
    ['updated_at:<=2026-11-01', [anna, ben]],
    ['created_at:<2026-01-01', [carl]],
    ['orders_count:1', [anna, ben]],
    ['total_spent:>=50', [anna, ben]],
    ['tag:vip AND email:*', [anna]],
    ['tag:vip email:ben@example.com', []],
    ['tag:vip OR email:ben@example.com', [anna, ben]],
    ['-tag:vip', [ben, carl]],
    ['NOT (tag:vip OR email:ben@example.com)', [carl]],
    ['zorn', [anna]],
    ['zo*', [anna]],
    ['"Anna Zorn"', [anna]],
    ['"Zorn Anna"', []],
    ['email:example.com', [anna, ben]],
    ['email:"anna@example.com"', [anna]],
    ['email:exam', []],
    ['first_name:An*', [anna]],
    ['tag:vip*', [anna, ben]],
    [`id:${anna.id}..${ben.id}`, [anna, ben]],
    [`id:${carl.id},${anna.id}`, [anna, carl]],
    ["customer_date:'2024-12-31..2025-06-01'", [carl]],
    ['customer_date:<=2025', [carl]],
    ["updated_at:'2026-11'", [anna, ben, carl]],
    ['order_date:<2026-06-01', [ben]],
    ['-(tag:vip OR email:ben@example.com)', [carl]],
    ['last_abandoned_order_date:>=2020-01-01', []],
    ['', [anna, ben, carl]],
  ])('%s', (query, expected) => {
    expect(customers(query)).toEqual(expected.map(({ id }) => id));
  });

  it('leaves out, where notes are taken, what it does not know, and says so', () => {
    const notes = { parsed: null, warnings: [] };
    expect(idsOf(listCustomers(store, { query: 'loyalty:gold tag:vip' }, notes))).toEqual([anna.id]);
    expect(notes).toEqual({
      parsed: {
        and: [
          { field: 'loyalty', match_all: 'gold' },
          { field: 'tag', match_all: 'vip' },
        ],
      },
      warnings: [
        { field: 'loyalty', message: 'Invalid search field for this query.', code: 'invalid_field' },
      ],
    });
  });

  it('refuses a filter that it does not know, instead of returning other people', () => {
    expect(() => customers('loyalty_tier:gold')).toThrow(
      "The search filter 'loyalty_tier' is not implemented",
    );
    expect(() => customers('Foo:bar')).toThrow('not implemented');
    expect(() => customers('constructor:1')).toThrow('not implemented');
    expect(() => customers('(tag:vip')).toThrow('parenthesis');
    expect(() => customers('tag:vip)')).toThrow('cannot be read');
    expect(() => customers('OR')).toThrow('cannot be read');
  });

  it('refuses, with a reason, what is nested without end, and takes what is nested a little', () => {
    const deep = (opening: string, closing: string, times: number) =>
      customers(`${opening.repeat(times)}tag:vip${closing.repeat(times)}`);
    for (const opening of ['(', '-(', 'NOT ']) {
      const closing = opening.includes('(') ? ')' : '';
      expect(() => deep(opening, closing, 50_000), opening).toThrow('nested deeper than 100 levels');
      expect(deep(opening, closing, 20)).toEqual(deep('', '', 0));
    }
    expect(() => deep('(', '', 50_000)).toThrow('nested deeper than 100 levels');
  });

  it('sorts by what is asked and refuses other orders', () => {
    const sorted = (sortKey: string, reverse = false) => idsOf(listCustomers(store, { sortKey, reverse }));
    expect(sorted('UPDATED_AT', true)).toEqual([carl.id, ben.id, anna.id]);
    expect(sorted('CREATED_AT')[0]).toBe(carl.id);
    expect(sorted('NAME')).toEqual([carl.id, ben.id, anna.id]);
    expect(() => sorted('SHOE_SIZE')).toThrow('not implemented');
  });
});

describe('searching orders', () => {
  it.each([
    [`customer_id:${anna.id}`, [paid]],
    [`customer_id:gid://shopify/Customer/${anna.id}`, [paid]],
    [`customer_id:${anna.id} financial_status:pending`, []],
    [`customer_id:${anna.id} OR financial_status:pending`, [pending, paid]],
    ['financial_status:pending,authorized', [pending]],
    ['processed_at:<2026-02-01', [pending]],
    ["updated_at:>='2026-11-22'", [pending]],
    ['tag:GIFT', [pending]],
    ['test:true', []],
    [`name:${paid.name}`, [paid]],
    ['email:ben@example.com', [pending]],
    ['status:open', [pending, paid]],
    ['status:cancelled', []],
    ['fulfillment_status:shipped', [pending, paid]],
    ['current_total_price:>=50.00 current_total_price:<=50.00', [pending, paid]],
    [`name:${paid.name.slice(1)}`, [paid]],
    ['gateway:paypal', []],
    ['return_status:no_return tag_not:gift', [paid]],
  ])('%s', (query, expected) => {
    expect(orders(query)).toEqual(expected.map(({ id }) => id));
  });

  it('sees a change of the store at once', () => {
    const late = addOrder(store, { processedAt: '2026-12-01T00:00:00.000Z' });
    expect(orders('')).toEqual([pending.id, paid.id, late.id]);
    store.deleteOrder(late.id);
    expect(orders('')).toEqual([pending.id, paid.id]);
  });
});
