/** From an act on a store to what an installed app receives. */
import '@shopify/shopify-api/adapters/node';
import { ApiVersion, shopifyApi } from '@shopify/shopify-api';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startSandbox } from '../../../sandbox/server.ts';
import type { Sandbox } from '../../../sandbox/server.ts';
import { startAppDouble } from './app-double.ts';

const SHOP = 'small.myshopify.com';
const SECRET = 'the-secret-of-this-test';
const APP_CONFIG = fileURLToPath(new URL('../../../shopify.app.toml', import.meta.url));

let app: Awaited<ReturnType<typeof startAppDouble>>;
let sandbox: Sandbox;

beforeAll(async () => {
  app = await startAppDouble();
  sandbox = await startSandbox({
    apiKey: 'key',
    apiSecret: SECRET,
    appUrl: app.url,
    appConfig: APP_CONFIG,
    fast: true,
    clock: { now: '2026-11-22', frozen: true },
    stores: [
      { domain: SHOP, currency: 'EUR', timeZone: 'Europe/Berlin', seed: { empty: true } },
      { domain: 'other.myshopify.com', seed: { empty: true } },
    ],
  });
});

afterAll(async () => {
  await sandbox.close();
  await app.close();
});

beforeEach(async () => {
  await control('settle-deliveries');
  app.take();
});

async function control(act: string, input: Record<string, unknown> = {}) {
  const response = await fetch(`${sandbox.url}/control/${act}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ shop: SHOP, ...input }),
  });
  return {
    status: response.status,
    ...((await response.json()) as { result?: Record<string, string>; error?: string }),
  };
}

async function received() {
  await control('settle-deliveries');
  return app.take();
}

it('tells nothing before the app is installed, and nobody else’s news after', async () => {
  await control('create-customer', { email: 'early@example.com' });
  expect(await received()).toEqual([]);
  sandbox.accessTokenFor(SHOP);
  await control('create-customer', { shop: 'other.myshopify.com', email: 'there@example.com' });
  expect(await received()).toEqual([]);
  await control('create-customer', { email: 'anna@example.com', firstName: 'Anna', tags: ['vip'] });
  expect((await received()).map((webhook) => webhook.topic)).toEqual([
    'customer.tags_added',
    'customers/create',
  ]);
});

it('tells of an order in all its topics, under one event id, pruned and signed', async () => {
  const placed = await control('place-order', { customer: 'anna@example.com', amount: '50.00' });
  expect(placed.result).toMatchObject({ name: '#1001', totalMinor: 5000 });
  const webhooks = await received();
  expect(webhooks.map((webhook) => webhook.topic)).toEqual([
    'customers/purchasing_summary',
    'customers/update',
    'orders/create',
  ]);
  expect(new Set(webhooks.map((webhook) => webhook.headers['x-shopify-event-id'])).size).toBe(1);
  expect(new Set(webhooks.map((webhook) => webhook.headers['x-shopify-webhook-id'])).size).toBe(3);
  const times = webhooks.map((webhook) => String(webhook.headers['x-shopify-triggered-at']));
  expect(new Set(times).size).toBe(3);
  for (const time of times) expect(time).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
  const [summary, customer, order] = webhooks;
  expect(order?.body).toMatchObject({
    created_at: '2026-11-22T12:00:00+01:00',
    current_total_price: '50.00',
    total_outstanding: '0.00',
    financial_status: 'paid',
    customer: { id: Number(placed.result?.['customerId']) },
  });
  expect(summary?.body).toMatchObject({
    numberOfOrders: 1,
    amountSpent: { amount: '50.00', currencyCode: 'EUR' },
  });
  for (const webhook of webhooks) expect(webhook.raw).not.toMatch(/anna/i);
  expect(customer?.body).toHaveProperty('updated_at');
});

it('signs so that Shopify’s own library accepts it, and only with the right secret', async () => {
  await control('place-order', { customer: 'anna@example.com', amount: '1.00' });
  const [webhook] = await received();
  const validate = (apiSecretKey: string, rawBody: string) =>
    shopifyApi({
      apiKey: 'key',
      apiSecretKey,
      apiVersion: ApiVersion.October26,
      hostName: 'localhost',
      isEmbeddedApp: true,
      logger: { level: 0 },
    }).webhooks.validate({
      rawBody,
      rawRequest: { method: 'POST', url: '/webhooks', headers: webhook?.headers },
    });
  const raw = webhook?.raw ?? '';
  expect(await validate(SECRET, raw)).toMatchObject({ valid: true, domain: SHOP, apiVersion: '2026-10' });
  expect(await validate('another-secret-altogether', raw)).toMatchObject({ valid: false });
  expect(await validate(SECRET, `${raw} `)).toMatchObject({ valid: false });
});

it('tells of tags written through the Admin API, one event for the tag and the customer', async () => {
  const created = await control('create-customer', { email: 'tagged@example.com' });
  await received();
  const response = await fetch(`${sandbox.url}/admin/api/2026-10/graphql.json`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-sandbox-shop': SHOP,
      'x-shopify-access-token': sandbox.accessTokenFor(SHOP),
    },
    body: JSON.stringify({
      query: 'mutation($id: ID!) { tagsAdd(id: $id, tags: ["regulars-new"]) { userErrors { message } } }',
      variables: { id: `gid://shopify/Customer/${created.result?.['id']}` },
    }),
  });
  expect(await response.json()).toMatchObject({ data: { tagsAdd: { userErrors: [] } } });
  const webhooks = await received();
  expect(webhooks.map((webhook) => webhook.topic)).toEqual(['customer.tags_added', 'customers/update']);
  expect(webhooks[0]?.body).toMatchObject({ tags: ['regulars-new'] });
  expect(new Set(webhooks.map((webhook) => webhook.headers['x-shopify-event-id'])).size).toBe(1);
});

it('refuses an act that cannot be done with its sentence, and changes nothing', async () => {
  expect(await control('refund-order', { order: '#1001', amount: '999' })).toMatchObject({
    status: 422,
    error: expect.stringContaining('at most what was received'),
  });
  expect(await control('place-order', { shop: 'nowhere.myshopify.com', amount: 1 })).toMatchObject({
    status: 404,
  });
  expect(await control('place-order', { shop: undefined, amount: 1 })).toMatchObject({ status: 400 });
  expect(await received()).toEqual([]);
});

it('counts what it sends, shop by shop', async () => {
  const state = async (shop: string) => {
    const response = await fetch(`${sandbox.url}/control/state?shop=${shop}`);
    return (await response.json()) as { webhooks: Record<string, number> };
  };
  const before = (await state(SHOP)).webhooks['delivered'] ?? 0;
  await control('consent', { customer: 'anna@example.com', channel: 'email', state: 'subscribed' });
  await received();
  expect((await state(SHOP)).webhooks).toEqual({ pending: 0, delivered: before + 2, failed: 0, dropped: 0 });
  expect((await state('other.myshopify.com')).webhooks).toMatchObject({ delivered: 0 });
});

it('after uninstalling sends only app/uninstalled and the compliance topics', async () => {
  await control('uninstall-app');
  expect((await received()).map((webhook) => webhook.topic)).toEqual(['app/uninstalled']);
  await control('place-order', { customer: 'anna@example.com', amount: '5' });
  expect(await received()).toEqual([]);
  await control('request-redaction', { customer: 'anna@example.com' });
  await control('redact-shop');
  const webhooks = await received();
  expect(webhooks.map((webhook) => webhook.topic)).toEqual(['customers/redact', 'shop/redact']);
  expect(webhooks[1]?.body).toEqual({ shop_id: expect.any(Number), shop_domain: SHOP });
  expect(await control('uninstall-app')).toMatchObject({ status: 422, error: 'The app is not installed' });
});
