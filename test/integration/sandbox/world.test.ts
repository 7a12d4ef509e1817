/** The sandbox turned as a whole, over its control API: stores, seed, snapshots, tokens, switches, faults, storms. */
import { describe, expect, it } from 'vitest';
import { exportRow, exportText } from '../../unit/sandbox/order-export-files.ts';
import { appDouble } from './app-for-webhooks.ts';
import { at, callerOf, DOMAIN, finished, openSandbox, readBulk, startQuery } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

type Json = Record<string, unknown>;

async function control({ sandbox }: Caller, method: string, path: string, body?: Json) {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(`${sandbox.url}/control/${path}`, init);
  return { status: response.status, body: (await response.json()) as Json };
}

/** All records of a store, without the times at which they were loaded. */
function seen({ store }: Pick<Caller, 'store'>): { customers: Json[]; orders: Json[] } {
  const all = { customers: [...store.customers()], orders: [...store.orders()] };
  const text = JSON.stringify(all, (key, value: unknown) => (key === 'updatedAt' ? undefined : value));
  return JSON.parse(text) as { customers: Json[]; orders: Json[] };
}

describe('stores', () => {
  it('are made, filled and listed; each has a token of its own, and equal ids never mix', async () => {
    const caller = await openSandbox({ seed: { customers: 20, seed: 1 } });
    const { status, body } = await control(caller, 'POST', 'seed', {
      shop: 'new.myshopify.com', customers: 30, seed: 4, plan: 'plus', timeZone: 'Europe/Berlin', currency: 'CHF',
    }); // prettier-ignore
    expect([status, body['customers']]).toEqual([200, 30]);
    const list = (await control(caller, 'GET', 'stores')).body['stores'];
    expect(list).toMatchObject([
      { shop: DOMAIN, customers: 20, installed: true },
      { shop: 'new.myshopify.com', plan: 'plus', currency: 'CHF', customers: 30, installed: false },
    ]);
    const answer = await fetch(`${caller.sandbox.url}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: {
        'x-shopify-access-token': String(body['accessToken']),
        'x-sandbox-shop': 'new.myshopify.com',
      },
      body: JSON.stringify({ query: '{ shop { myshopifyDomain currencyCode } customersCount { count } }' }),
    });
    expect(await answer.json()).toMatchObject({
      data: {
        shop: { myshopifyDomain: 'new.myshopify.com', currencyCode: 'CHF' },
        customersCount: { count: 30 },
      },
      extensions: { cost: { throttleStatus: { maximumAvailable: 20_000 } } },
    });
    const mixed = await caller.post('{"query":"{shop{id}}"}', { 'x-sandbox-shop': 'new.myshopify.com' });
    expect(mixed.status).toBe(401);
    const ids = [...caller.sandbox.stores.values()].map(({ shop }) => shop.id);
    expect(new Set(ids).size).toBe(2);
    // With two stores, one must be named.
    expect((await control(caller, 'POST', 'snapshot', { name: 'x', shop: 'none' })).status).toBe(404);
    expect((await control(caller, 'GET', 'switches')).status).toBe(400);
  });

  it('get more customers with orders, without mixing them up with those that are there', async () => {
    const caller = await openSandbox({ seed: { customers: 100, seed: 1 } });
    const { store } = caller;
    const before = seen(caller);
    const products = store.productCount();
    const { body } = await control(caller, 'POST', 'seed', { customers: 100, seed: 1 });
    const added = body['added'] as { customers: number; orders: number };
    expect(added.customers).toBe(100);
    expect(store.customerCount()).toBe(200);
    expect(store.orderCount()).toBe(before.orders.length + added.orders);
    const orders = [...store.orders()];
    expect(new Set(orders.map(({ id }) => id)).size).toBe(orders.length);
    expect(new Set(orders.map(({ name }) => name)).size).toBe(orders.length);
    const emails = [...store.customers()].map(({ email }) => email);
    expect(new Set(emails).size).toBe(emails.length);
    // The same seed has the same catalogue.
    expect(store.productCount()).toBe(products);
    for (const { customerId, lines } of orders) {
      if (customerId !== null) expect(store.customer(customerId)).toBeDefined();
      for (const { productId } of lines)
        if (productId !== null) expect(store.product(productId)).toBeDefined();
    }
    const after = seen(caller);
    expect(after.customers.slice(0, 100)).toEqual(before.customers);
  });

  it('come from an order export as well', async () => {
    const caller = await openSandbox();
    const csv = exportText([exportRow({ Name: '#1' }), exportRow({ Name: '#2' })]);
    const url = `${caller.sandbox.url}/control/seed-orders?shop=csv.myshopify.com&asRecorded=1`;
    const response = await fetch(url, { method: 'POST', body: csv });
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ shop: 'csv.myshopify.com', orders: 2 }),
    ]);
    expect((await fetch(url, { method: 'POST', body: csv })).status).toBe(409);
  });

  it('made later are heard of by the app, too', async () => {
    const app = await appDouble();
    const caller = await openSandbox({ appUrl: app.url, appConfig: app.config });
    await control(caller, 'POST', 'seed', { shop: 'new.myshopify.com', customers: 0 });
    callerOf(caller.sandbox, 'new.myshopify.com');
    await control(caller, 'POST', 'create-customer', { shop: 'new.myshopify.com', email: 'a@example.com' });
    await control(caller, 'POST', 'settle-deliveries');
    expect(app.received.map(({ shop, topic }) => [shop, topic])).toEqual([
      ['new.myshopify.com', 'customers/create'],
    ]);
  });
});

describe('reset', () => {
  it('puts everything back to the seed and keeps the installation', async () => {
    const caller = await openSandbox({ seed: { customers: 50, seed: 9 } });
    const { sandbox, store, ask } = caller;
    const before = seen(caller);
    const clock = sandbox.clock.now();
    const [anna] = store.customers();
    await control(caller, 'POST', 'place-order', { customer: anna?.id, amount: '10.00' });
    await control(caller, 'POST', 'create-customer', { email: 'new@example.com' });
    await control(caller, 'POST', 'clock', { advanceDays: 40 });
    await control(caller, 'POST', 'switches', { protectedData: 1, bulkQueries: false });
    await control(caller, 'POST', 'faults', { fault: 'throttled', count: 5 });
    expect(seen(caller)).not.toEqual(before);
    expect((await control(caller, 'POST', 'reset', {})).status).toBe(200);
    expect(seen(caller)).toEqual(before);
    expect(sandbox.clock.now()).toEqual(clock);
    expect(sandbox.access.switchesOf(DOMAIN)).toMatchObject({ protectedData: 2, bulkQueries: true });
    expect(sandbox.faults.armed()).toEqual([]);
    expect(at((await ask('{ customersCount { count } }')).data, 'customersCount', 'count')).toBe(50);
  });

  it('drops bulk operations that run, of that store only', async () => {
    const other = 'other.myshopify.com';
    const caller = await openSandbox({
      stores: [DOMAIN, other].map((domain) => ({ domain, seed: { customers: 3, seed: 1 } })),
    });
    const second = callerOf(caller.sandbox, other);
    caller.sandbox.faults.arm('bulk-stuck', { count: 2 });
    const query = '{ customers { edges { node { id } } } }';
    await startQuery(caller, query);
    const kept = await startQuery(second, query);
    await caller.sandbox.control.reset(DOMAIN);
    expect([...caller.store.bulkOperations()]).toEqual([]);
    expect((await readBulk(second, kept)).status).not.toBe('CANCELED');
    expect(await finished(caller, await startQuery(caller, query))).toMatchObject({ objectCount: '3' });
  });
});

describe('a snapshot', () => {
  it('brings back records, clock, tokens, switches and what waited to be delivered', async () => {
    const app = await appDouble();
    const caller = await openSandbox({
      seed: { customers: 20, seed: 2 }, appUrl: app.url, appConfig: app.config,
    }); // prettier-ignore
    const { sandbox, post } = caller;
    const [anna] = caller.store.customers();
    app.status = 500;
    await control(caller, 'POST', 'update-customer', { customer: anna?.id, note: 'before' });
    await control(caller, 'POST', 'settle-deliveries');
    await control(caller, 'POST', 'switches', { protectedData: 1 });
    const before = seen(caller);
    const waiting = at((await control(caller, 'GET', 'deliveries')).body, 'statistics', 'pending');
    expect(waiting).toBe(1);
    expect((await control(caller, 'POST', 'snapshot', { name: 'one' })).body).toEqual({
      name: 'one', stores: [DOMAIN],
    }); // prettier-ignore

    app.status = 200;
    await control(caller, 'POST', 'age-deliveries', { hours: 5 });
    await control(caller, 'POST', 'settle-deliveries');
    expect(app.received.filter(({ status }) => status === 200)).toHaveLength(1);
    await control(caller, 'POST', 'place-order', { customer: anna?.id, amount: '10.00' });
    await control(caller, 'POST', 'clock', { advanceDays: 3 });
    await control(caller, 'POST', 'switches', { protectedData: 2 });
    await control(caller, 'POST', 'uninstall-app', {});
    expect((await post('{"query":"{shop{id}}"}')).status).toBe(401);

    expect((await control(caller, 'POST', 'restore', { name: 'one' })).status).toBe(200);
    expect(seen(caller)).toEqual(before);
    expect(sandbox.clock.now().toISOString()).toBe('2026-11-22T11:00:00.000Z');
    expect(sandbox.access.switchesOf(DOMAIN).protectedData).toBe(1);
    expect((await post('{"query":"{shop{id}}"}')).status).toBe(200);
    expect(at((await control(caller, 'GET', 'deliveries')).body, 'statistics', 'pending')).toBe(1);
    app.received.length = 0;
    await control(caller, 'POST', 'age-deliveries', { hours: 5 });
    await control(caller, 'POST', 'settle-deliveries');
    expect(app.received).toMatchObject([{ topic: 'customers/update', status: 200 }]);
  });

  it('can be restored again and again, is listed and deleted', async () => {
    const caller = await openSandbox({ seed: { customers: 5, seed: 2 } });
    await control(caller, 'POST', 'snapshot', { name: 'a' });
    for (let round = 0; round < 3; round += 1) {
      await control(caller, 'POST', 'create-customer', { email: 'x@example.com' });
      expect(caller.store.customerCount()).toBe(6);
      await control(caller, 'POST', 'restore', { name: 'a' });
      expect(caller.store.customerCount()).toBe(5);
    }
    expect((await control(caller, 'GET', 'snapshots')).body['snapshots']).toMatchObject([{ name: 'a' }]);
    expect((await control(caller, 'DELETE', 'snapshots?name=a')).status).toBe(200);
    expect((await control(caller, 'POST', 'restore', { name: 'a' })).status).toBe(404);
    expect((await control(caller, 'DELETE', 'snapshots?name=a')).status).toBe(404);
  });

  it('holds no bulk operation that runs: restored, it is gone', async () => {
    const caller = await openSandbox({ seed: { customers: 5, seed: 2 } });
    caller.sandbox.faults.arm('bulk-stuck');
    const id = await startQuery(caller, '{ customers { edges { node { id } } } }');
    caller.sandbox.control.snapshot('b');
    await caller.sandbox.control.restore('b');
    expect(await readBulk(caller, id)).toBeNull();
    const query = '{ customers { edges { node { id } } } }';
    expect(await finished(caller, await startQuery(caller, query))).toMatchObject({ objectCount: '5' });
  });
});

describe('tokens, switches and faults', () => {
  it('are turned and read', async () => {
    const caller = await openSandbox();
    const { post, token } = caller;
    const made = (await control(caller, 'POST', 'access-token', {})).body;
    const headers = { 'x-shopify-access-token': String(made['access_token']) };
    expect((await post('{"query":"{shop{id}}"}', headers)).status).toBe(200);
    expect((await control(caller, 'POST', 'revoke-token', { token: made['access_token'] })).body).toEqual({
      revoked: 1,
    });
    expect((await post('{"query":"{shop{id}}"}', headers)).status).toBe(401);
    expect((await control(caller, 'POST', 'revoke-token', { token: 'x' })).body).toEqual({ revoked: 0 });
    expect((await post('{"query":"{shop{id}}"}')).status).toBe(200);
    expect((await control(caller, 'POST', 'expire-tokens', {})).body).toEqual({ ok: true, expired: 1 });
    expect((await post('{"query":"{shop{id}}"}')).status).toBe(401);
    expect(token).toMatch(/^shpat_/);

    const turned = await control(caller, 'POST', 'switches', {
      ipAllowlist: 'missing',
      bulkMutations: false,
    });
    expect(turned.body['switches']).toEqual({
      protectedData: 2, ipAllowlist: 'missing', bulkQueries: true, bulkMutations: false, shopStatus: 'open',
    }); // prettier-ignore
    expect((await control(caller, 'GET', 'switches')).body).toEqual(turned.body);
    for (const bad of [{ protectedData: 3 }, { bulkQueries: 'no' }, { lights: true }]) {
      expect((await control(caller, 'POST', 'switches', bad)).status).toBe(400);
    }
  });

  it('faults are armed, told of and disarmed', async () => {
    const caller = await openSandbox();
    const armed = (await control(caller, 'POST', 'faults', { fault: 'throttled', count: 2, field: 'shop' }))
      .body;
    expect(armed).toMatchObject({
      id: 1,
      fault: 'throttled',
      settings: { count: 2, field: 'shop', after: 0 },
    });
    await caller.ask('{ shop { id } }');
    const { body } = await control(caller, 'GET', 'faults');
    expect(body).toMatchObject({
      armed: [{ id: 1, fault: 'throttled', happened: 1, chances: 1, active: true }],
      happened: { throttled: 1 },
      strikes: [{ name: 'throttled', shop: DOMAIN, fields: ['shop'] }],
    });
    expect(body['known']).toContain('result-cut');
    expect((await control(caller, 'DELETE', 'faults?id=7')).status).toBe(404);
    expect((await control(caller, 'DELETE', 'faults?id=1')).body).toEqual({ armed: 0 });
    expect((await caller.ask('{ shop { id } }')).errors).toBeUndefined();
    for (const bad of [{}, { fault: 'x' }, { fault: 'hang', share: 7 }, { fault: 'hang', shop: 'none' }]) {
      expect([400, 404]).toContain((await control(caller, 'POST', 'faults', bad)).status);
    }
    const calls = (await control(caller, 'GET', 'api-calls?limit=1')).body;
    expect(calls).toMatchObject({
      counts: { requests: 2, throttled: 1 },
      calls: [{ fields: ['shop'], requestedCost: 1, actualCost: 1, status: 200, faults: [] }],
    });
    expect((await control(caller, 'GET', 'api-calls?limit=x')).status).toBe(400);
  });
});

describe('a storm', () => {
  it('places its orders in its time and tells how far it is', async () => {
    const caller = await openSandbox({ seed: { customers: 40, seed: 3 } });
    const before = caller.store.orderCount();
    const started = await control(caller, 'POST', 'storm', { orders: 100, seconds: 0.5, seed: 5 });
    expect(started.body).toMatchObject({ state: 'running', orders: 100, shop: DOMAIN });
    expect((await control(caller, 'POST', 'storm', { orders: 1 })).status).toBe(409);
    const deadline = Date.now() + 20_000;
    let storm: Json;
    do storm = ((await control(caller, 'GET', 'storm')).body['storms'] as Json[])[0] ?? {};
    while (storm['state'] === 'running' && Date.now() < deadline);
    expect(storm).toMatchObject({ state: 'done', placed: 100, took: expect.any(Number) });
    expect(Number(storm['took'])).toBeGreaterThan(0.3);
    expect(caller.store.orderCount()).toBe(before + 100);
    const placed = [...caller.store.orders()].slice(-100);
    expect(new Set(placed.map(({ customerId }) => customerId)).size).toBeGreaterThan(20);
    for (const bad of [{ orders: 0 }, { orders: 1.5 }, { seconds: -1 }, { orders: 1_000_000 }]) {
      expect([400, 422]).toContain((await control(caller, 'POST', 'storm', bad)).status);
    }
  });
});
