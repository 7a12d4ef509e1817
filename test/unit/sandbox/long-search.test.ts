/** Searches of a store that must look at every record: others are served meanwhile, and the answer is the same. */
import { beforeAll, describe, expect, it } from 'vitest';
import { listCustomers } from '../../../sandbox/graphql/list-customers.ts';
import { listOrders } from '../../../sandbox/graphql/list-orders.ts';
import { countListed } from '../../../sandbox/graphql/list-records.ts';
import { generateStore } from '../../../sandbox/seed/generate-store.ts';
import type { SandboxCustomer, SandboxOrder } from '../../../sandbox/store/model.ts';
import { addCustomer, makeStore } from './make-store.ts';

const store = makeStore('Europe/Berlin');
let customers: SandboxCustomer[];
let orders: SandboxOrder[];

beforeAll(() => {
  generateStore(store, { customers: 4000, seed: 2 });
  customers = [...store.customers()];
  for (const customer of customers.slice(10, 20)) store.putCustomer({ ...customer, tags: ['VIP', 'x'] });
  for (const customer of customers.slice(20, 25)) store.putCustomer({ ...customer, tags: [], note: 'n' });
  addCustomer(store, { tags: ['vip'], email: 'someone@example.com' });
  customers = [...store.customers()];
  orders = [...store.orders()];
});

describe('a search that looks at everything', () => {
  it('lets others in, and counts what it would have counted in one go', async () => {
    const listing = () => listOrders(store, { query: 'financial_status:refunded' });
    let others = 0;
    let counting = true;
    const turn = (): void => {
      others += 1;
      if (counting) setImmediate(turn);
    };
    setImmediate(turn);
    const count = await countListed(listing(), null);
    counting = false;
    expect(others).toBeGreaterThan(2);
    expect(count).toBe(orders.filter((one) => one.financialStatus === 'REFUNDED').length);
    expect([...listing().after()]).toHaveLength(count);
    expect(await countListed(listing(), 5)).toBe(6);
  });

  it.each<[string, (one: SandboxCustomer) => boolean]>([
    ['tag:vip', (one) => one.tags.some((tag) => tag.toLowerCase() === 'vip')],
    ['tag:wholesale,x', (one) => one.tags.includes('wholesale') || one.tags.includes('x')],
    ['tag:nobody', () => false],
    ['-tag:newsletter', (one) => !one.tags.includes('newsletter')],
    ['tag:newsletter OR tag:x', (one) => one.tags.includes('newsletter') || one.tags.includes('x')],
    ['tag:VIP customer_date:>=2026-01-01', (one) =>
      one.tags.some((tag) => tag.toLowerCase() === 'vip') && one.createdAt >= '2025-12-31T23:00'],
    ['customer_date:<2024-06-01', (one) => one.createdAt < '2024-05-31T22:00'],
    ['email:someone@example.com', (one) => one.email === 'someone@example.com'],
    ['updated_at:<2020-01-01', () => false],
  ])('%s finds whom a look at each of them finds', async (query, test) => {
    const wanted = customers.filter(test).map(({ id }) => id);
    const found = async (reverse: boolean) =>
      ((await listCustomers(store, { query, reverse }).ahead?.('after', undefined, Infinity)) ?? []).map(({ id }) => id);
    expect((await found(false)).sort()).toEqual(wanted.toSorted());
    expect(await found(true)).toEqual((await found(false)).toReversed());
    expect(await countListed(listCustomers(store, { query }), null)).toBe(wanted.length);
  }); // prettier-ignore

  it('finds everybody by the own address, and every order by its name and its day', async () => {
    for (const customer of [customers[0], customers[15], customers[3999]]) {
      const listing = listCustomers(store, { query: `email:${customer?.email}` });
      expect([...listing.after()].map(({ id }) => id)).toEqual([customer?.id]);
    }
    for (const order of [orders[0], orders.at(-1)]) {
      const listing = listOrders(store, { query: `name:${order?.name}` });
      expect([...listing.after()].map(({ id }) => id)).toEqual([order?.id]);
    }
    const ofDay = orders.filter(
      (one) => one.processedAt >= '2026-06-30T22:00' && one.processedAt < '2026-07-01T22:00',
    );
    expect(ofDay.length).toBeGreaterThan(0);
    for (const sortKey of ['PROCESSED_AT', 'ID', 'TOTAL_PRICE']) {
      const listing = listOrders(store, { query: 'created_at:2026-07-01', sortKey });
      expect(await countListed(listing, null)).toBe(ofDay.length);
    }
  });
});
