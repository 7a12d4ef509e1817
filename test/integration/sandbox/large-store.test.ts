/** A generated store of 50,000 customers over HTTP: everything once, in order, and small in memory. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import {
  API_KEY,
  API_SECRET,
  at,
  callerOf,
  DOMAIN,
  finished,
  linesOf,
  NOW,
  startQuery,
} from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

const CUSTOMERS = 50_000;
let sandbox: Sandbox;
let caller: Caller;

beforeAll(async () => {
  sandbox = await startSandbox({
    apiKey: API_KEY,
    apiSecret: API_SECRET,
    fast: true,
    clock: { now: NOW, frozen: true },
    stores: [{ domain: DOMAIN, plan: 'plus', seed: { customers: CUSTOMERS, seed: 4 } }],
  });
  caller = callerOf(sandbox);
});
afterAll(() => sandbox.close());

describe('a store of 50,000 customers', () => {
  it('has five orders a customer, and says so', async () => {
    const { data } = await caller.ask(
      '{ customersCount(limit: null) { count precision } ordersCount(limit: null) { count precision } }',
    );
    expect(at(data, 'customersCount')).toEqual({ count: CUSTOMERS, precision: 'EXACT' });
    const orders = Number(at(data, 'ordersCount', 'count'));
    expect(orders).toBe(caller.store.orderCount());
    expect(orders / CUSTOMERS).toBeGreaterThan(4.8);
    expect(orders / CUSTOMERS).toBeLessThan(5.3);
  });

  it('exports every order once, oldest first, and answers meanwhile', async () => {
    const operation = await startQuery(
      caller,
      '{ orders { edges { node { id number processedAt customer { id } } } } }',
    );
    let asked = 0;
    let status = 'CREATED';
    while (status === 'CREATED' || status === 'RUNNING') {
      const { data } = await caller.ask('query($id: ID!) { bulkOperation(id: $id) { status } }', {
        id: operation,
      });
      status = String(at(data, 'bulkOperation', 'status'));
      asked += 1;
    }
    expect(asked).toBeGreaterThan(20);
    const done = await finished(caller, operation);
    expect(done).toMatchObject({ status: 'COMPLETED', objectCount: String(caller.store.orderCount()) });
    const rows = await linesOf(done.url);
    expect(new Set(rows.map((row) => row['id'])).size).toBe(caller.store.orderCount());
    let [earlier, number] = ['', 1000];
    let guests = 0;
    for (const row of rows) {
      if (String(row['processedAt']) < earlier || Number(row['number']) !== number + 1) {
        expect([row['processedAt'], row['number']]).toEqual([`not before ${earlier}`, number + 1]);
      }
      earlier = String(row['processedAt']);
      number += 1;
      if (row['customer'] === null) guests += 1;
    }
    expect(guests / rows.length).toBeCloseTo(0.04, 2);
  });

  it('pages in both directions, by age and by change, also after changes', async () => {
    const ids = async (args: string) => {
      const { data } = await caller.ask(
        `{ customers(${args}) { nodes { id createdAt } pageInfo { endCursor startCursor } } }`,
      );
      return {
        nodes: at(data, 'customers', 'nodes') as { id: string; createdAt: string }[],
        end: String(at(data, 'customers', 'pageInfo', 'endCursor')),
        start: String(at(data, 'customers', 'pageInfo', 'startCursor')),
      };
    };
    const first = await ids('first: 200, sortKey: CREATED_AT');
    const second = await ids(`first: 200, sortKey: CREATED_AT, after: "${first.end}"`);
    const ages = [...first.nodes, ...second.nodes].map(({ createdAt }) => createdAt);
    expect(ages).toEqual(ages.toSorted());
    expect(new Set([...first.nodes, ...second.nodes].map(({ id }) => id)).size).toBe(400);
    const back = await ids(`last: 200, sortKey: CREATED_AT, before: "${second.start}"`);
    expect(back.nodes).toEqual(first.nodes);

    const chosen = [...first.nodes.slice(0, 3), ...second.nodes.slice(0, 3)].map(({ id }) => id);
    for (const id of chosen) {
      const { data } = await caller.ask(
        'mutation($id: ID!) { tagsAdd(id: $id, tags: ["Regular"]) { userErrors { message } } }',
        { id },
      );
      expect(at(data, 'tagsAdd', 'userErrors')).toEqual([]);
    }
    const changed = await ids('first: 6, sortKey: UPDATED_AT, reverse: true');
    expect(new Set(changed.nodes.map(({ id }) => id))).toEqual(new Set(chosen));
    expect((await ids('first: 200, sortKey: CREATED_AT')).nodes).toEqual(first.nodes);
    const { data } = await caller.ask('{ customers(first: 10, query: "tag:Regular") { nodes { id } } }');
    expect(new Set((at(data, 'customers', 'nodes') as { id: string }[]).map(({ id }) => id))).toEqual(
      new Set(chosen),
    );
  });

  it('finds by e-mail, tag and time without reading everything', async () => {
    const [, , someone] = caller.store.customers();
    const search = async (query: string) => {
      const { data } = await caller.ask(
        'query($q: String) { customers(first: 5, query: $q) { nodes { id } } }',
        {
          q: query,
        },
      );
      return at(data, 'customers', 'nodes');
    };
    expect(await search(`email:${someone?.email}`)).toEqual([
      { id: `gid://shopify/Customer/${someone?.id}` },
    ]);
    expect(await search('tag:wholesale')).toHaveLength(5);
    expect(await search('tag:nobody')).toEqual([]);
    const { data } = await caller.ask(
      '{ late: ordersCount(query: "created_at:>=2026-11-01", limit: null) { count } early: ordersCount(query: "created_at:<2026-11-01", limit: null) { count } }',
    );
    expect(Number(at(data, 'late', 'count')) + Number(at(data, 'early', 'count'))).toBe(
      caller.store.orderCount(),
    );
  });
});
