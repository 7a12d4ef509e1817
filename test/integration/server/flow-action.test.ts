/** The Flow action over HTTP: forged, replayed, of another shop, malformed; carried out once, 200 when it is done. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { redactCustomer } from '../../../app/privacy/redact-customer.server.ts';
import { createWorkerWorld, WORLD_DOMAIN, type WorkerWorld } from '../../support/worker-world.ts';
import { cipher, OLD_SECRET, send, sign, startWeb, type TestWeb } from './web-for-tests.ts';

let world: WorkerWorld;
let web: TestWeb;
let shopId: ShopId;
let customerId: string;
beforeAll(async () => {
  world = await createWorkerWorld({ seed: { customers: 30, seed: 3 } });
  shopId = await world.newShop();
  await world.testDb.db.outsideShops((tx) =>
    tx.query(sql`UPDATE shop SET domain = ${WORLD_DOMAIN} WHERE id = ${shopId}`),
  );
  web = await startWeb(world.testDb.db);
  customerId = String([...world.store.customers()][0]?.id);
}, 120_000);
afterAll(async () => {
  await web.close();
  await world.close();
});

let runs = 0;
const bodyOf = (more: Record<string, unknown> = {}) => ({
  shop_id: 1,
  shopify_domain: WORLD_DOMAIN,
  action_run_id: `run-${(runs += 1)}`,
  action_definition_id: '1',
  handle: 'check-segments',
  properties: { customer_id: Number(customerId) },
  step_reference: 'x',
  ...more,
});
const post = async (
  body: unknown,
  {
    secret,
    signature,
    method = 'POST',
  }: { secret?: string; signature?: string | null; method?: string } = {},
) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const signed = signature === undefined ? sign(text, secret) : signature;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  if (signed !== null) headers['x-shopify-hmac-sha256'] = signed;
  const answer = await send(web, {
    method,
    path: '/flow/check-segments',
    headers,
    ...(method === 'POST' ? { body: text } : {}),
  });
  return answer.status;
};
const rows = <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
  world.testDb.db.inShop(shopId, async (tx) => (await tx.query<T>(statement)).rows);
const queued = () => rows(sql`SELECT object_id FROM reread WHERE kind = 'customer'`);

describe('what is refused', () => {
  test.each([
    ['without a signature', () => post(bodyOf(), { signature: null }), 401],
    ['with another secret', () => post(bodyOf(), { secret: 'not the secret' }), 401],
    ['with the signature of another body', () => post(bodyOf(), { signature: sign('{}') }), 401],
    ['of a shop that never installed', () => post(bodyOf({ shopify_domain: 'other.myshopify.com' })), 401],
    ['of no shop at all', () => post(bodyOf({ shopify_domain: 'example.com' })), 400],
    ['of another action', () => post(bodyOf({ handle: 'delete-everything' })), 400],
    ['without a customer', () => post(bodyOf({ properties: {} })), 400],
    ['with a customer that is none', () => post(bodyOf({ properties: { customer_id: '1 OR 1=1' } })), 400],
    ['without a run', () => post(bodyOf({ action_run_id: '' })), 400],
    ['that is no JSON', () => post('not json'), 400],
    ['by another method', () => post('', { method: 'GET' }), 405],
    ['that is too large', () => post({ ...bodyOf(), note: 'x'.repeat(70_000) }), 413],
  ])('%s', async (_, ask, status) => {
    expect(await ask()).toBe(status);
    expect(await rows(sql`SELECT 1 FROM flow_action_run`)).toEqual([]);
    expect(await queued()).toEqual([]);
  });
});

describe('what is carried out', () => {
  test('202, once however often it is asked for, and 200 when it has been done; within ten seconds', async () => {
    const body = bodyOf();
    const started = performance.now();
    expect(await post(body)).toBe(202);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(await queued()).toEqual([{ object_id: customerId }]);
    expect(await Promise.all([post(body), post(body), post(body)])).toEqual([202, 202, 202]);
    expect(await rows(sql`SELECT 1 FROM flow_action_run`)).toHaveLength(1);
    // Nothing has changed in Shopify: the customer is computed anew all the same.
    await world.testDb.db.inShop(shopId, (tx) =>
      tx.query(sql`
        UPDATE profile SET spent_minor = 1 WHERE shop_id = ${shopId} AND customer_id = ${customerId}::bigint`),
    );
    await world.drainAll(shopId);
    const [profile] = await rows<{ spent: string }>(sql`
      SELECT spent_minor AS spent FROM profile WHERE customer_id = ${customerId}::bigint`);
    expect(profile?.spent).not.toBe('1');
    expect(await post(body)).toBe(200);
    expect(await queued(), 'a replay asks for nothing').toEqual([]);
  });

  test('with the secret before, and with a global id', async () => {
    const body = bodyOf({ properties: { customer_id: `gid://shopify/Customer/${customerId}` } });
    expect(await post(body, { secret: OLD_SECRET })).toBe(202);
    await world.drainAll(shopId);
    expect(await post(body)).toBe(200);
  });

  test('of somebody who was erased nothing is kept', async () => {
    await world.testDb.db.inShop(shopId, (tx) =>
      redactCustomer(tx, {
        customerId: '777',
        receivedAt: new Date(),
        now: new Date(),
        redactionKey: Buffer.alloc(32, 2),
        cipher,
      }),
    );
    expect(await post(bodyOf({ properties: { customer_id: 777 } }))).toBe(200);
    expect(await rows(sql`SELECT 1 FROM flow_action_run WHERE customer_id = 777`)).toEqual([]);
    expect(await rows(sql`SELECT 1 FROM reread WHERE object_id = 777`)).toEqual([]);
  });

  test('a removed app answers nothing', async () => {
    await world.testDb.db.outsideShops((tx) =>
      tx.query(sql`UPDATE shop SET state = 'uninstalled' WHERE id = ${shopId}`),
    );
    expect(await post(bodyOf())).toBe(401);
  });
});
