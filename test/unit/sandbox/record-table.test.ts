/** The store on a generated base against the plainest store there is: Maps of whole records. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BusinessClock } from '../../../sandbox/clock.ts';
import { generateStore } from '../../../sandbox/seed/generate-store.ts';
import type { SandboxCustomer, SandboxOrder } from '../../../sandbox/store/model.ts';
import { compareKeys } from '../../../sandbox/store/ordered-list.ts';
import type { Sort } from '../../../sandbox/store/store-records.ts';
import type { Store } from '../../../sandbox/store/store.ts';
import { addCustomer, addOrder, makeStore } from './make-store.ts';

function generated(customers: number, seed = 5): Store {
  const store = makeStore('Europe/Berlin');
  generateStore(store, { customers, seed });
  return store;
}

interface Model {
  customers: Map<string, SandboxCustomer>;
  orders: Map<string, SandboxOrder>;
}

const copy = <T>(value: T): T => structuredClone(value);

function modelOf(store: Store): Model {
  return {
    customers: new Map([...store.customers()].map((one) => [one.id, copy(one)])),
    orders: new Map([...store.orders()].map((one) => [one.id, copy(one)])),
  };
}

const CUSTOMER_SORTS: Sort<SandboxCustomer>[] = [
  { name: 'ID', value: () => 0 },
  { name: 'CREATED_AT', value: (one) => Date.parse(one.createdAt) },
  { name: 'UPDATED_AT', value: (one) => one.updatedAt },
  { name: 'NAME', value: (one) => `${one.lastName}, ${one.firstName}`.toLowerCase() },
];
const ORDER_SORTS: Sort<SandboxOrder>[] = [
  { name: 'PROCESSED_AT', value: (one) => Date.parse(one.processedAt) },
  { name: 'UPDATED_AT', value: (one) => Date.parse(one.updatedAt) },
  { name: 'TOTAL_PRICE', value: (one) => one.totalMinor },
];

function sorted<T extends { id: string }>(records: Iterable<T>, sort: Sort<T>): string[] {
  return [...records]
    .map((record) => ({ value: sort.value(record), id: record.id }))
    .sort(compareKeys)
    .map(({ id }) => id);
}

const byId = (one: { id: string }, other: { id: string }) => Number(one.id) - Number(other.id);

function expectSame(store: Store, model: Model): void {
  expect([...store.customers()].sort(byId)).toEqual([...model.customers.values()].sort(byId));
  expect([...store.orders()].sort(byId)).toEqual([...model.orders.values()].sort(byId));
  expect([store.customerCount(), store.orderCount()]).toEqual([model.customers.size, model.orders.size]);
  const owned = new Map<string, string[]>();
  for (const { id, customerId } of model.orders.values()) {
    if (customerId !== null) owned.set(customerId, [...(owned.get(customerId) ?? []), id]);
  }
  const counts = new Map<string, number>();
  for (const customer of model.customers.values()) {
    for (const tag of customer.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    expect(store.customer(customer.id)).toEqual(customer);
    const orders = store.ordersOf(customer.id).map(({ id }) => id);
    expect(orders.sort()).toEqual((owned.get(customer.id) ?? []).sort());
    if (customer.email !== null) expect(store.customerByEmail(customer.email)?.id).toBe(customer.id);
  }
  expect(new Map(store.tagCounts())).toEqual(counts);
  for (const order of model.orders.values()) {
    expect(store.order(order.id)).toEqual(order);
    expect(store.orderByName(order.name)?.id).toBe(order.id);
    const { customerId, processedAt } = order;
    const earlier = [...model.orders.values()].filter(
      (one) => one.customerId === customerId && !one.test && one.processedAt < processedAt,
    ).length;
    expect(store.placeOf(order)).toBe(customerId === null || order.test ? null : earlier + 1);
  }
  for (const sort of CUSTOMER_SORTS) {
    const wanted = sorted(model.customers.values(), sort);
    const list = store.listBy('customer', sort);
    expect([...list.after()].map(({ id }) => id)).toEqual(wanted);
    expect([...list.before()].map(({ id }) => id)).toEqual(wanted.toReversed());
    const middle = model.customers.get(wanted[Math.floor(wanted.length / 2)] ?? '');
    if (!middle) continue;
    const key = { value: sort.value(middle), id: middle.id };
    const at = wanted.indexOf(middle.id);
    expect([...list.after(key)].map(({ id }) => id)).toEqual(wanted.slice(at + 1));
    expect([...list.before(key)].map(({ id }) => id)).toEqual(wanted.slice(0, at).reverse());
  }
  for (const sort of ORDER_SORTS) {
    expect([...store.listBy('order', sort).after()].map(({ id }) => id)).toEqual(
      sorted(model.orders.values(), sort),
    );
  }
}

/** What a step does is the same to both; `pick` chooses among the records that are there. */
type Step = { act: number; pick: number; other: number; read: boolean };
const steps = fc.array(
  fc.record({
    act: fc.integer({ min: 0, max: 9 }),
    pick: fc.nat(10_000),
    other: fc.nat(10_000),
    read: fc.boolean(),
  }),
  { maxLength: 40 },
);

function apply(store: Store, model: Model, step: Step, moment: string): void {
  const choose = <T>(records: Map<string, T>, pick: number): T | undefined =>
    [...records.values()][pick % Math.max(1, records.size)];
  const customerId = choose(model.customers, step.pick)?.id;
  const orderId = choose(model.orders, step.other)?.id;
  const customer = customerId === undefined ? undefined : store.customer(customerId);
  const order = orderId === undefined ? undefined : store.order(orderId);
  const putCustomer = (record: SandboxCustomer) => {
    store.putCustomer(record);
    model.customers.set(record.id, copy(record));
  };
  const putOrder = (record: SandboxOrder) => {
    store.putOrder(record);
    model.orders.set(record.id, copy(record));
  };
  switch (step.act) {
    case 0:
    case 1:
      if (customer) putCustomer({ ...customer, tags: [`t${step.other % 3}`, 'x'], updatedAt: moment });
      break;
    case 2:
      if (customer) {
        customer.email = step.other % 3 === 0 ? null : `new.${step.pick}.${step.other}@example.com`;
        customer.lastName = `L${step.other % 5}`;
        customer.updatedAt = moment;
        putCustomer(customer);
      }
      break;
    case 3:
      model.customers.set('', copy(addCustomer(store, { tags: ['added'], email: `a${moment}@example.com` })));
      break;
    case 4:
      model.orders.set('', copy(addOrder(store, { customerId: customerId ?? null, totalMinor: step.pick })));
      break;
    case 5:
      if (order) putOrder({ ...order, customerId: customerId ?? null, updatedAt: moment });
      break;
    case 6:
      if (order) putOrder({ ...order, customerId: null, totalMinor: step.pick });
      break;
    case 7:
      if (order) {
        store.deleteOrder(order.id);
        model.orders.delete(order.id);
      }
      break;
    case 8:
      if (customer && store.ordersOf(customer.id).length === 0) {
        store.deleteCustomer(customer.id);
        model.customers.delete(customer.id);
      }
      break;
    default:
      // Put back as it is.
      if (customer) putCustomer(customer);
  }
  for (const records of [model.customers, model.orders]) {
    const added = records.get('');
    if (!added) continue;
    records.delete('');
    (records as Map<string, typeof added>).set(added.id, added);
  }
}

describe('a store on a base', () => {
  it('answers as a store of whole records does, whatever is done to it and in whatever order it is asked', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), steps, (customers, todo) => {
        const store = generated(customers);
        const model = modelOf(store);
        for (const [n, step] of todo.entries()) {
          const moment = new Date(Date.parse('2026-12-01T00:00:00Z') + n * 7).toISOString();
          apply(store, model, step, moment);
          // Lists that were made before a write must not outlive it.
          if (step.read) for (const sort of CUSTOMER_SORTS) store.listBy('customer', sort);
        }
        expectSame(store, model);
      }),
      { numRuns: 60 },
    );
  });

  it('is again what its snapshot was, as often as it is restored', () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const store = generated(12);
        const model = modelOf(store);
        const moment = (n: number) => new Date(Date.parse('2026-12-01T00:00:00Z') + n).toISOString();
        for (const [n, step] of before.entries()) apply(store, model, step, moment(n));
        const snapshot = store.snapshot();
        const then: Model = copy(model);
        for (let round = 0; round < 2; round += 1) {
          for (const [n, step] of after.entries()) apply(store, model, step, moment(100 + n));
          store.restore(snapshot);
          expectSame(store, then);
          model.customers = copy(then.customers);
          model.orders = copy(then.orders);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('makes a record alone as it makes it among all others', () => {
    const store = generated(200);
    for (const order of [...store.orders()].toReversed()) expect(store.order(order.id)).toEqual(order);
    for (const customer of [...store.customers()].toReversed())
      expect(store.customer(customer.id)).toEqual(customer);
  });

  it('gives fresh records: what is changed and not put is nothing', () => {
    const store = generated(3);
    const [one] = store.customers();
    const id = one?.id ?? '';
    one?.tags.push('unsaid');
    expect(store.customer(id)?.tags).not.toContain('unsaid');
  });

  it('goes on counting ids and numbers behind the base', () => {
    const store = generated(50);
    const orders = [...store.orders()];
    const ids = orders.flatMap((order) => [
      ...order.lines.map(({ id }) => Number(id)),
      ...order.refunds.flatMap((refund) => [Number(refund.id), ...refund.lines.map(({ id }) => Number(id))]),
    ]);
    const products = [...store.products()].flatMap(({ variants }) => variants.map(({ id }) => Number(id)));
    expect(new Set([...ids, ...products]).size).toBe(ids.length + products.length);
    expect(Number(store.newId('other'))).toBeGreaterThan(Math.max(...ids, ...products));
    expect(Number(store.newId('customer'))).toBe(
      Math.max(...[...store.customers()].map(({ id }) => Number(id))) + 1,
    );
    expect(store.newOrderNumber()).toBe(1001 + orders.length);
    expect(orders.map(({ number }) => number)).toEqual(orders.map((_, index) => 1001 + index));
  });

  it('tells its watchers what was there before, of a base record too', () => {
    const store = generated(3);
    const [one] = store.customers();
    if (!one) throw new Error('no customer');
    const before: unknown[] = [];
    store.watch((kind, id, previous) => before.push([kind, id, copy(previous())]));
    const first = copy(one);
    one.tags = ['new'];
    store.putCustomer(one);
    one.note = 'n';
    store.putCustomer(one);
    store.deleteCustomer(one.id);
    expect(before).toEqual([
      ['customer', one.id, first],
      ['customer', one.id, { ...first, tags: ['new'] }],
      ['customer', one.id, { ...first, tags: ['new'], note: 'n' }],
    ]);
  });

  it('keeps what was sold when the product changes', () => {
    const store = generated(40);
    const titles = [...store.orders()].flatMap(({ lines }) => lines.map(({ title }) => title));
    for (const product of [...store.products()]) store.putProduct({ ...product, title: 'Other' });
    expect([...store.orders()].flatMap(({ lines }) => lines.map(({ title }) => title))).toEqual(titles);
  });

  it('has its own memory of the base in a snapshot, shop and counters included', () => {
    const clock = new BusinessClock({ now: new Date('2026-11-22T12:00:00Z'), frozen: true });
    const store = makeStore();
    expect(store.clock).not.toBe(clock);
    generateStore(store, { customers: 5, seed: 1 });
    const snapshot = store.snapshot();
    const number = store.newOrderNumber();
    store.shop.name = 'Other';
    store.jobs.put({ id: 'j', doneAt: '2026-11-22T12:00:00.000Z', merge: null });
    let told = 0;
    store.onRestored(() => (told += 1));
    store.restore(snapshot);
    expect([store.newOrderNumber(), store.shop.name, told]).toEqual([number, 'Test', 1]);
    expect(store.jobs.size).toBe(0);
  });
});
