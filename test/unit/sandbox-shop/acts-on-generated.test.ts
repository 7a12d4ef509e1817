/**
 * Acts on a generated store, whose records are fresh objects each time: what an act returned must be what the store
 * then holds, and nothing else may have changed.
 */
import { describe, expect, it } from 'vitest';
import { ACTS } from '../../../sandbox/acts/act-routes.ts';
import { generateStore } from '../../../sandbox/seed/generate-store.ts';
import type { SandboxCustomer, SandboxOrder } from '../../../sandbox/store/model.ts';
import type { Store } from '../../../sandbox/store/store.ts';
import { makeStore } from '../sandbox/make-store.ts';

function generated(): Store {
  const store = makeStore();
  generateStore(store, { customers: 120, seed: 8 });
  return store;
}

function act(store: Store, name: string, input: unknown): unknown {
  const one = ACTS[name];
  if (!one) throw new Error(`there is no act ${name}`);
  return one(store, input, undefined as never);
}

const everything = (store: Store) => ({
  customers: new Map([...store.customers()].map((one) => [one.id, one])),
  orders: new Map([...store.orders()].map((one) => [one.id, one])),
});

/** The ids of what differs between two moments, gone and new ones too. */
function changes(before: ReturnType<typeof everything>, after: ReturnType<typeof everything>) {
  const differ = <T>(one: Map<string, T>, other: Map<string, T>) =>
    [...new Set([...one.keys(), ...other.keys()])].filter(
      (id) => JSON.stringify(one.get(id)) !== JSON.stringify(other.get(id)),
    );
  return {
    customers: differ(before.customers, after.customers).sort(),
    orders: differ(before.orders, after.orders).sort(),
  };
}

function find(store: Store, test: (order: SandboxOrder) => boolean): SandboxOrder {
  for (const order of store.orders()) if (order.customerId !== null && test(order)) return order;
  throw new Error('no such order');
}

describe('acts on orders of a generated store', () => {
  const paid = (order: SandboxOrder) => order.financialStatus === 'PAID' && order.totalMinor > 1000;
  it.each<[string, (order: SandboxOrder) => boolean, Record<string, unknown>, Partial<SandboxOrder>]>([
    [
      'pay-order',
      (one) => one.outstandingMinor > 0 && one.refunds.length === 0,
      {},
      { financialStatus: 'PAID' },
    ],
    ['refund-order', paid, { amount: '5.00' }, { refundedMinor: 500 }],
    ['cancel-order', paid, {}, { cancelReason: 'CUSTOMER' }],
    ['edit-order', paid, { tags: ['b', 'a'], note: 'x' }, { tags: ['a', 'b'], note: 'x' }],
    ['edit-order-line', (one) => paid(one) && one.lines[0]?.quantity === 1, { quantity: 3 }, {}],
  ])('%s is kept', (name, test, input, wanted) => {
    const store = generated();
    const before = everything(store);
    const order = find(store, test);
    const done = act(store, name, { order: order.name, ...input });
    expect(done).toMatchObject({ id: order.id, ...wanted });
    expect(store.order(order.id)).toEqual(done);
    expect(store.ordersOf(order.customerId ?? '').find(({ id }) => id === order.id)).toEqual(done);
    const changed = changes(before, everything(store));
    // Tags and notes of an order say nothing of its customer.
    const customers = name === 'edit-order' ? [] : [order.customerId];
    expect(changed).toEqual({ customers, orders: [order.id] });
  });

  it('an order is placed, given to somebody else, and deleted', () => {
    const store = generated();
    const [one, two] = store.customers();
    const had = store.ordersOf(one?.id ?? '').length;
    const placed = act(store, 'place-order', { customer: one?.email, amount: '12.50' }) as SandboxOrder;
    expect(store.ordersOf(one?.id ?? '').at(-1)).toEqual(placed);
    expect(placed.number).toBe(1001 + store.orderCount() - 1);
    act(store, 'edit-order', { order: placed.id, customer: two?.id });
    expect(store.ordersOf(one?.id ?? '')).toHaveLength(had);
    expect(store.ordersOf(two?.id ?? '').some(({ id }) => id === placed.id)).toBe(true);
    const old = find(store, (order) => order.customerId === two?.id || order.number > 1200);
    for (const order of [placed, old]) {
      const count = store.orderCount();
      act(store, 'delete-order', { order: order.name });
      expect([store.order(order.id), store.orderByName(order.name), store.orderCount()]).toEqual([
        undefined,
        undefined,
        count - 1,
      ]);
      expect(store.ordersOf(order.customerId ?? '').some(({ id }) => id === order.id)).toBe(false);
    }
  });
});

describe('acts on customers of a generated store', () => {
  it('an update and a consent are kept, and found by the new address only', () => {
    const store = generated();
    const before = everything(store);
    const [one] = store.customers();
    if (!one) throw new Error('no customer');
    act(store, 'update-customer', { customer: one.email, email: 'new@example.com', lastName: 'New' });
    act(store, 'consent', { customer: one.id, channel: 'email', state: 'UNSUBSCRIBED' });
    expect(store.customer(one.id)).toMatchObject({
      email: 'new@example.com',
      lastName: 'New',
      emailMarketing: { state: 'UNSUBSCRIBED' },
    });
    expect(store.customerByEmail('new@example.com')?.id).toBe(one.id);
    expect(store.customerByEmail(one.email ?? '')).toBeUndefined();
    expect(changes(before, everything(store))).toEqual({ customers: [one.id], orders: [] });
    expect(() => act(store, 'create-customer', { email: 'new@example.com' })).toThrow('taken');
    expect(act(store, 'create-customer', { email: one.email })).toMatchObject({ email: one.email });
  });

  it('a merge moves every order, and only those', () => {
    const store = generated();
    const before = everything(store);
    const buyers = [...store.customers()].filter(({ id }) => store.ordersOf(id).length > 2);
    const [keep, remove] = buyers as [SandboxCustomer, SandboxCustomer];
    const moved = store.ordersOf(remove.id).map(({ id }) => id);
    const kept = store.ordersOf(keep.id).map(({ id }) => id);
    act(store, 'merge-customers', { keep: keep.id, remove: remove.id });
    expect(store.customer(remove.id)).toBeUndefined();
    expect(store.ordersOf(remove.id)).toEqual([]);
    expect(
      store
        .ordersOf(keep.id)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...kept, ...moved].sort());
    expect(store.customer(keep.id)?.tags).toEqual(expect.arrayContaining([...keep.tags, ...remove.tags]));
    expect(changes(before, everything(store))).toEqual({
      customers: [keep.id, remove.id].sort(),
      orders: moved.sort(),
    });
  });

  it('one without orders can be deleted, one with orders cannot', () => {
    const store = generated();
    const [none] = [...store.customers()].filter(({ id }) => store.ordersOf(id).length === 0);
    const [some] = [...store.customers()].filter(({ id }) => store.ordersOf(id).length > 0);
    act(store, 'delete-customer', { customer: none?.id });
    expect([store.customer(none?.id ?? ''), store.customerCount()]).toEqual([undefined, 119]);
    expect(() => act(store, 'delete-customer', { customer: some?.id })).toThrow('associated orders');
  });
});
