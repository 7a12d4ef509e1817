/** Webhook subscriptions that an app makes through the API: what is refused, what is sent, when they end. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCollection, updateCollection } from '../../../sandbox/acts/change-collection.ts';
import { createProduct } from '../../../sandbox/acts/change-product.ts';
import { uninstallApp } from '../../../sandbox/acts/change-installation.ts';
import { createCustomer } from '../../../sandbox/acts/create-customer.ts';
import { fulfilOrder } from '../../../sandbox/acts/fulfil-order.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import type { Store } from '../../../sandbox/store/store.ts';
import {
  createSubscription, deleteSubscription, updateSubscription,
} from '../../../sandbox/webhooks/api-subscriptions.ts'; // prettier-ignore
import type { SubscriptionInput } from '../../../sandbox/webhooks/api-subscriptions.ts';
import { webhooksOf } from '../../../sandbox/webhooks/webhooks.ts';

const SHOP = 'api-subs.myshopify.com';
const APP_CONFIG = fileURLToPath(new URL('../../../shopify.app.toml', import.meta.url));

interface Received {
  path: string;
  topic: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

let received: Received[] = [];
let answer = 200;
let server: Server;
let sandbox: Sandbox;
let store: Store;
let other: Store;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({
        path: request.url ?? '',
        topic: String(request.headers['x-shopify-topic']),
        headers: request.headers,
        body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>,
      });
      response.writeHead(answer).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: 'the-secret-of-this-test',
    appUrl: `http://localhost:${(server.address() as AddressInfo).port}`,
    appConfig: APP_CONFIG,
    fast: true,
    clock: { now: '2026-11-22', frozen: true },
    stores: [
      { domain: SHOP, currency: 'EUR', timeZone: 'Europe/Berlin', seed: { empty: true } },
      { domain: 'api-subs-other.myshopify.com', seed: { empty: true } },
    ],
  });
  [store, other] = [...sandbox.stores.values()] as [Store, Store];
  sandbox.accessTokenFor(SHOP);
  sandbox.accessTokenFor(other.shop.domain);
});

afterAll(async () => {
  await sandbox.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

beforeEach(() => {
  answer = 200;
  received = [];
  webhooksOf(sandbox).queue.reset();
  store.subscriptions.replace([]);
});

/** Of the API only: those of the toml go to /webhooks. */
async function heard() {
  await webhooksOf(sandbox).queue.settled();
  return received.splice(0).filter(({ path }) => path !== '/webhooks');
}

function subscribe(topic: string, input: SubscriptionInput = {}, to = store) {
  const rules = webhooksOf(sandbox).subscriptionRules(to.shop.domain, '2026-10');
  return createSubscription(to, topic, { uri: 'https://example.com/api', ...input }, rules);
}

function done(change: ReturnType<typeof subscribe>) {
  if (change.outcome !== 'done') throw new Error(JSON.stringify(change.userErrors));
  return change.subscription;
}

describe('what is sent', () => {
  it('goes to the app’s own place, with filter, fields, name and version, in that store only', async () => {
    const subscription = done(
      subscribe('ORDERS_CREATE', {
        filter: 'test:false AND total_price:>=10',
        includeFields: ['id', 'total_price'],
        name: 'big-orders',
      }),
    );
    placeOrder(store, { amount: '9.99' });
    placeOrder(store, { amount: '50', test: true });
    placeOrder(other, { amount: '70' });
    const order = placeOrder(store, { amount: '60' });
    const webhooks = await heard();
    expect(webhooks.map(({ path, topic, body }) => ({ path, topic, body }))).toEqual([
      { path: '/api', topic: 'orders/create', body: { id: Number(order.id), total_price: '60.00' } },
    ]);
    expect(webhooks[0]?.headers).toMatchObject({
      'x-shopify-name': 'big-orders',
      'x-shopify-api-version': '2026-10',
      'x-shopify-shop-domain': SHOP,
    });
    expect(store.subscriptions.get(subscription.id)).toEqual(subscription);
  });

  it('goes to an address of the world also while nobody has said where the app is', async () => {
    const appUrl = sandbox.appUrl;
    sandbox.appUrl = undefined;
    subscribe('PRODUCTS_CREATE', { uri: 'https://nobody.invalid/hooks' });
    createProduct(store, { title: 'Far away' });
    await webhooksOf(sandbox).queue.settled();
    sandbox.appUrl = appUrl;
    const sent = webhooksOf(sandbox).queue.recent(SHOP);
    expect(sent.map(({ url, state, attempts }) => [url, state, attempts.length])).toEqual([
      ['https://nobody.invalid/hooks', 'pending', 1],
    ]);
  });

  it('comes beside that of the toml, under the same event id and another webhook id', async () => {
    subscribe('CUSTOMERS_CREATE');
    createCustomer(store, { email: 'both@example.com' });
    await webhooksOf(sandbox).queue.settled();
    const ids = received.filter(({ topic }) => topic === 'customers/create');
    expect(ids.map(({ path }) => path).sort()).toEqual(['/api', '/webhooks']);
    expect(new Set(ids.map(({ headers }) => headers['x-shopify-event-id'])).size).toBe(1);
    expect(new Set(ids.map(({ headers }) => headers['x-shopify-webhook-id'])).size).toBe(2);
  });

  it('has the metafields of the namespaces that were asked for', async () => {
    subscribe('CUSTOMERS_UPDATE', { metafieldNamespaces: ['custom'], includeFields: ['id'] });
    const customer = createCustomer(store, { email: 'meta@example.com' });
    const at = '2026-11-22T11:00:00.000Z';
    for (const [id, namespace] of [
      ['1', 'custom'],
      ['2', 'other'],
    ] as const) {
      store.metafields.put({
        id,
        ownerType: 'CUSTOMER',
        ownerId: customer.id,
        namespace,
        key: 'score',
        type: 'number_integer',
        value: '5',
        createdAt: at,
        updatedAt: at,
      });
    }
    store.emit({ kind: 'customer_updated', customerId: customer.id });
    expect((await heard())[0]?.body).toEqual({
      id: Number(customer.id),
      metafields: [
        expect.objectContaining({
          namespace: 'custom',
          key: 'score',
          value: '5',
          owner_resource: 'customer',
        }),
      ],
    });
  });

  it('covers collections and fulfilment', async () => {
    for (const topic of ['COLLECTIONS_CREATE', 'COLLECTIONS_UPDATE', 'ORDERS_FULFILLED']) subscribe(topic);
    const tea = createProduct(store, { title: 'Tea' });
    const collection = createCollection(store, { title: 'Hot drinks' });
    updateCollection(store, { collection: collection.id, products: [tea.id] });
    fulfilOrder(store, { order: placeOrder(store, { amount: '5' }).id });
    const topics = (await heard()).map(({ topic, body }) => [
      topic,
      body['handle'] ?? body['fulfillment_status'],
    ]);
    expect(topics.sort()).toEqual([
      ['collections/create', 'hot-drinks'],
      ['collections/update', 'hot-drinks'],
      ['orders/fulfilled', 'fulfilled'],
    ]);
  });

  it('stops with its scope, and with the app', async () => {
    subscribe('PRODUCTS_CREATE');
    subscribe('APP_UNINSTALLED');
    const scopes = sandbox.access.scopesOf(SHOP);
    sandbox.access.setScopes(
      SHOP,
      scopes.filter((scope) => scope !== 'read_products'),
    );
    createProduct(store, { title: 'Unheard' });
    expect(await heard()).toEqual([]);
    expect(subscribe('PRODUCTS_UPDATE')).toMatchObject({
      userErrors: [{ message: expect.stringContaining('do not have permission') }],
    });
    sandbox.access.setScopes(SHOP, scopes);
    createProduct(store, { title: 'Heard' });
    expect((await heard()).map(({ topic }) => topic)).toEqual(['products/create']);
    uninstallApp(store, {}, sandbox);
    expect((await heard()).map(({ topic }) => topic)).toEqual(['app/uninstalled']);
    expect(store.subscriptions.size).toBe(0);
    sandbox.accessTokenFor(SHOP);
  });
});

describe('a subscription', () => {
  it('is deleted when its address has failed 8 times in a row; that of the toml is kept', async () => {
    const { queue, deletedSubscriptions } = webhooksOf(sandbox);
    const failing = done(subscribe('ORDERS_CREATE'));
    const quiet = done(subscribe('ORDERS_PAID', { filter: 'total_price:>1000' }));
    answer = 500;
    placeOrder(store, { amount: '5' });
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      await queue.settled();
      expect(store.subscriptions.get(failing.id), `after attempt ${attempt}`).toBeDefined();
      queue.age(4 * 3_600_000);
    }
    await queue.settled();
    expect(store.subscriptions.get(failing.id)).toBeUndefined();
    expect(store.subscriptions.get(quiet.id)).toBeDefined();
    expect(deletedSubscriptions(SHOP)).toBe(1);
    expect(received.filter(({ path }) => path === '/api')).toHaveLength(9);
    answer = 200;
    received = [];
    placeOrder(store, { amount: '5' });
    await queue.settled();
    expect(received.map(({ path, topic }) => [path, topic])).toContainEqual(['/webhooks', 'orders/create']);
    expect(received.some(({ path }) => path === '/api')).toBe(false);
  });

  it('is kept when an attempt arrives before the eighth failure', async () => {
    const { queue } = webhooksOf(sandbox);
    const { id } = done(subscribe('ORDERS_CREATE'));
    answer = 500;
    placeOrder(store, { amount: '5' });
    for (let attempt = 1; attempt <= 7; attempt += 1) {
      await queue.settled();
      queue.age(4 * 3_600_000);
    }
    await queue.settled();
    answer = 200;
    queue.age(4 * 3_600_000);
    await queue.settled();
    expect(store.subscriptions.get(id)).toBeDefined();
  });

  it('changes what is named, and can be deleted once', () => {
    const rules = webhooksOf(sandbox).subscriptionRules(SHOP, '2026-10');
    const before = done(subscribe('ORDERS_CREATE', { filter: 'test:false', includeFields: ['id'] }));
    const after = done(updateSubscription(store, before.id, { uri: 'https://example.com/new' }, rules));
    expect(after).toMatchObject({
      uri: 'https://example.com/new',
      filter: 'test:false',
      includeFields: ['id'],
    });
    expect(after.updatedAt > before.updatedAt).toBe(true);
    expect(
      done(updateSubscription(store, before.id, { filter: null, includeFields: [] }, rules)),
    ).toMatchObject({
      filter: null,
      includeFields: [],
    });
    done(deleteSubscription(store, before.id));
    const gone = {
      outcome: 'refused',
      userErrors: [{ field: ['id'], message: 'Webhook subscription does not exist' }],
    };
    expect(deleteSubscription(store, before.id)).toEqual(gone);
    expect(updateSubscription(store, before.id, {}, rules)).toEqual(gone);
  });

  it.each([
    ['http://example.com/api', 'Address protocol http:// is not supported'],
    ['ftp://example.com/api', 'Address protocol ftp:// is not supported'],
    ['', "Address can't be blank"],
    ['/webhooks', 'Address is invalid'],
    ['https://', 'Address is invalid'],
    ['https://127.0.0.1/x', 'Address cannot be a Shopify or an internal domain'],
    ['https://shop.myshopify.com/x', 'Address cannot be a Shopify or an internal domain'],
  ])('to %j is refused: %s', (uri, message) => {
    expect(subscribe('ORDERS_CREATE', { uri })).toEqual({
      outcome: 'refused',
      userErrors: [{ field: ['webhookSubscription', 'callbackUrl'], message }],
    });
  });

  it('may name the app’s own address over https; a second one like it is refused', () => {
    const uri = `https://${new URL(sandbox.appUrl ?? '').host}/api`;
    done(subscribe('ORDERS_CREATE', { uri }));
    expect(subscribe('ORDERS_CREATE', { uri })).toMatchObject({
      userErrors: [{ message: 'Address for this topic has already been taken' }],
    });
    done(subscribe('ORDERS_CREATE', { uri, filter: 'test:true' }));
  });

  it('is refused for a bad name or filter, and loudly for what cannot be delivered', () => {
    expect(subscribe('ORDERS_CREATE', { name: 'no spaces', filter: 'music' })).toMatchObject({
      userErrors: [
        { field: ['webhookSubscription'], message: expect.stringContaining('names no field') },
        { field: ['webhookSubscription', 'name'] },
      ],
    });
    for (const uri of ['pubsub://project:topic', 'arn:aws:events:us-east-1::event-source/x']) {
      expect(() => subscribe('ORDERS_CREATE', { uri })).toThrow('not implemented by the sandbox');
    }
    expect(() => subscribe('CARTS_UPDATE')).toThrow('CARTS_UPDATE is not implemented by the sandbox');
    expect(() => subscribe('ORDERS_CREATE', { format: 'XML' })).toThrow('not implemented');
    expect(store.subscriptions.size).toBe(0);
  });
});

describe('faults', () => {
  const faults = (input: object) => webhooksOf(sandbox).queue.setFaults(input);
  const counts = () => webhooksOf(sandbox).queue.faultCounts();

  it('a stale copy comes hours later with the body and the id of then', async () => {
    const { queue } = webhooksOf(sandbox);
    subscribe('PRODUCTS_CREATE', { includeFields: ['title'] });
    faults({ stale: 1, topics: ['products/create'] });
    createProduct(store, { title: 'Old title' });
    const [first] = await heard();
    queue.age(3.9 * 3_600_000);
    expect(await heard()).toEqual([]);
    queue.age(0.2 * 3_600_000);
    const [again, ...more] = await heard();
    expect(more).toEqual([]);
    expect(again?.body).toEqual({ title: 'Old title' });
    expect(again?.headers['x-shopify-webhook-id']).toBe(first?.headers['x-shopify-webhook-id']);
    // One copy each, for the subscription of the API and that of the toml.
    expect(counts().stale).toBe(2);
  });

  it('a whole day of the business clock is lost, and no other', async () => {
    subscribe('PRODUCTS_CREATE');
    faults({ dropDay: '2026-11-23' });
    createProduct(store, { title: 'The day before' });
    sandbox.clock.advanceDays(1, 'Europe/Berlin');
    createProduct(store, { title: 'On the day' });
    sandbox.clock.advanceDays(1, 'Europe/Berlin');
    createProduct(store, { title: 'The day after' });
    expect((await heard()).map(({ body }) => body['title'])).toEqual(['The day before', 'The day after']);
    expect(counts()).toMatchObject({ droppedOfDay: 2, dropped: 0 });
  });

  it('the finish of a bulk operation is lost, and nothing else', async () => {
    subscribe('BULK_OPERATIONS_FINISH');
    subscribe('PRODUCTS_CREATE');
    const response = await fetch(`${sandbox.url}/control/webhook-faults`, {
      method: 'POST',
      body: JSON.stringify({ drop: 1, topics: ['bulk_operations/finish'] }),
    });
    expect(response.status).toBe(200);
    const operation = {
      id: '7',
      type: 'QUERY',
      status: 'COMPLETED',
      errorCode: null,
      query: '{ shop { id } }',
      createdAt: '2026-11-22T11:00:00.000Z',
      completedAt: '2026-11-22T11:00:00.000Z',
      objectCount: 0,
      rootObjectCount: 0,
      fileSize: null,
      url: null,
      partialDataUrl: null,
      failure: null,
    } as const;
    store.putBulkOperation({ ...operation });
    store.emit({ kind: 'bulk_finished', bulkOperationId: '7' });
    createProduct(store, { title: 'Heard' });
    expect((await heard()).map(({ topic }) => topic)).toEqual(['products/create']);
    const state = (await (await fetch(`${sandbox.url}/control/webhook-faults`)).json()) as object;
    expect(state).toMatchObject({
      faults: { drop: 1, topics: ['bulk_operations/finish'] },
      counts: { dropped: 2, duplicated: 0 },
    });
  });

  it('count what they did; nonsense is refused', async () => {
    subscribe('PRODUCTS_CREATE');
    faults({ seed: 3, duplicate: 0.5, delayMs: 1, reorder: 0.5 });
    for (let number = 0; number < 40; number += 1) createProduct(store, { title: `Tea ${number}` });
    webhooksOf(sandbox).queue.age(10);
    await webhooksOf(sandbox).queue.settled();
    const { duplicated, delayed, reordered, dropped, stale } = counts();
    expect(received).toHaveLength(80 + duplicated);
    expect(delayed).toBe(80 + duplicated);
    expect(duplicated).toBeGreaterThan(10);
    expect(reordered).toBeGreaterThan(0);
    expect([dropped, stale]).toEqual([0, 0]);
    for (const body of [{ drop: 2 }, { topics: ['no/topic'] }, { dropDay: 'today' }, { stale: 'much' }]) {
      const response = await fetch(`${sandbox.url}/control/webhook-faults`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      expect([body, response.status]).toEqual([body, 400]);
    }
  });
});
