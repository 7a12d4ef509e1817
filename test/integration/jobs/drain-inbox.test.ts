import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { handleRefresh } from '../../../app/jobs/handlers/refresh.server.ts';
import { ACTS } from '../../../sandbox/acts/act-routes.ts';
import { createWorkerWorld, type CaughtWebhook, type WorkerWorld } from '../../support/worker-world.ts';

let world: WorkerWorld;
let shopId: ShopId;
beforeAll(async () => {
  world = await createWorkerWorld({ seed: { customers: 40, seed: 7 } });
});
afterAll(() => world.close());
beforeEach(async () => {
  shopId = await world.newShop({ live: true });
  await world.caught();
});

const rows = async <T extends Record<string, unknown>>(statement: ReturnType<typeof sql>) =>
  world.testDb.db.inShop(shopId, async (tx) => (await tx.query<T>(statement)).rows);
const inbox = () =>
  rows<{ topic: string; state: string; reason: string | null; emptied: boolean }>(sql`
    SELECT topic, state, reason, payload IS NULL AS emptied FROM inbox WHERE shop_id = ${shopId} ORDER BY id`);
const act = (name: string, input: unknown) => ACTS[name]?.(world.store, input, world.sandbox);
const someBuyer = () => {
  const order = [...world.store.orders()].find((one) => one.customerId !== null);
  return order?.customerId as string;
};
const someProduct = () => [...world.store.products()][0]?.id as string;
function placeOrder(customerId = someBuyer()): void {
  act('place-order', { customer: customerId, lines: [{ product: someProduct(), quantity: 1 }] });
}

test('an order ends in the facts, the profile, the memberships and the outbox, all at once', async () => {
  const customerId = someBuyer();
  const read = async () =>
    (
      await rows<{ orders: number; spent: string }>(sql`
        SELECT orders, spent_minor AS spent FROM profile WHERE shop_id = ${shopId} AND customer_id = ${customerId}`)
    )[0];
  const before = await read();
  placeOrder(customerId);
  await world.deliver(shopId, await world.caught());
  const drained = await world.drain(shopId);
  expect(drained).toMatchObject({ outcome: 'drained', dead: 0 });
  const after = await read();
  expect(after?.orders).toBe((before?.orders ?? 0) + 1);
  expect(Number(after?.spent)).toBeGreaterThan(Number(before?.spent ?? 0));
  expect((await inbox()).every((row) => row.state === 'done' && row.emptied)).toBe(true);
});

test('nothing of a batch is there when its transaction fails', async () => {
  placeOrder();
  await world.deliver(shopId, await world.caught());
  const before = await world.snapshot(shopId);
  // The last step fails: the outbox cannot be written.
  await world.testDb.db.pool.query('SELECT 1');
  await asSuperuser('REVOKE UPDATE ON shop_settings FROM regulars_app');
  await expect(world.drain(shopId)).rejects.toThrow(/permission denied/);
  await asSuperuser('GRANT UPDATE ON shop_settings TO regulars_app');
  expect(await world.snapshot(shopId)).toEqual(before);
  expect((await inbox()).every((row) => row.state === 'waiting')).toBe(true);
  await world.drainAll(shopId);
  expect(await world.snapshot(shopId)).not.toEqual(before);
});

test('messages of the wrong shape go to the dead letters with a reason; those behind them are done', async () => {
  placeOrder();
  const [first, ...others] = await world.caught();
  const like = (rawBody: string, id: string): CaughtWebhook => ({
    headers: { ...first?.headers, 'x-shopify-webhook-id': id, 'x-shopify-topic': 'orders/updated' },
    rawBody: Buffer.from(rawBody),
  });
  await world.deliver(shopId, [
    like('{"id":', 'cut'),
    like('{"id":{"$ne":1}}', 'shape'),
    first as CaughtWebhook,
    ...others,
  ]);
  await world.drain(shopId);
  const letters = await inbox();
  expect(letters.filter((row) => row.state === 'dead')).toHaveLength(2);
  for (const letter of letters.filter((row) => row.state === 'dead')) {
    expect(letter.reason).toBeTruthy();
    expect(letter.emptied).toBe(false);
  }
  expect(letters.filter((row) => row.state === 'done')).toHaveLength(1 + others.length);
});

test('a message that only the database refuses is found by halving; all others of its batch are done', async () => {
  for (let n = 0; n < 6; n++) placeOrder();
  const caught = await world.caught();
  const order = caught.find((one) => one.headers['x-shopify-topic'] === 'orders/create') as CaughtWebhook;
  const body = JSON.parse(order.rawBody.toString()) as Record<string, unknown>;
  // An amount that PostgreSQL cannot hold, in a message that is otherwise in order.
  const amount = `${'9'.repeat(25)}.00`;
  const bad = JSON.stringify({ ...body, id: 987_654_321, total_price: amount, current_total_price: amount });
  const poison = {
    headers: { ...order.headers, 'x-shopify-webhook-id': 'poison' },
    rawBody: Buffer.from(bad),
  };
  const half = Math.floor(caught.length / 2);
  await world.deliver(shopId, [...caught.slice(0, half), poison, ...caught.slice(half)]);
  const drained = await world.drain(shopId);
  const letters = await inbox();
  expect(letters.filter((row) => row.state !== 'done')).toMatchObject([{ state: 'dead' }]);
  expect(drained).toMatchObject({ outcome: 'drained', dead: 1 });
  expect(letters.find((row) => row.state === 'dead')?.reason).not.toContain('987');
});

test('facts of which nothing can be computed are stored all the same, and a job computes the rest', async () => {
  const customerId = someBuyer();
  const orders = async () =>
    (
      await rows<{ orders: number }>(sql`
        SELECT orders FROM profile WHERE shop_id = ${shopId} AND customer_id = ${customerId}`)
    )[0]?.orders ?? 0;
  const before = await orders();
  placeOrder(customerId);
  await world.deliver(shopId, await world.caught());
  // A setting of the shop that days cannot be computed with: no message's fault.
  await rows(sql`UPDATE shop_settings SET iana_timezone = 'Mars/Olympus_Mons' WHERE shop_id = ${shopId}`);
  expect(await world.drain(shopId)).toMatchObject({ outcome: 'drained', dead: 0 });
  expect((await inbox()).every((row) => row.state === 'done')).toBe(true);
  expect(await orders()).toBe(before);
  await rows(sql`UPDATE shop_settings SET iana_timezone = 'Europe/Berlin' WHERE shop_id = ${shopId}`);
  const { rows: jobs } = await world.testDb.db.pool.query<{
    data: Parameters<typeof handleRefresh>[1]['data'];
  }>(`SELECT data FROM pgboss.job WHERE name = 'refresh' AND data->>'shopId' = $1`, [shopId]);
  expect(jobs.length).toBeGreaterThan(0);
  for (const { data } of jobs) {
    await handleRefresh(world.ctx, { data, signal: new AbortController().signal });
  }
  expect(await orders()).toBe(before + 1);
});

test('two drains in parallel do every message once', async () => {
  const customerId = someBuyer();
  const read = async () =>
    (
      await rows<{ orders: number }>(sql`
        SELECT orders FROM profile WHERE shop_id = ${shopId} AND customer_id = ${customerId}`)
    )[0]?.orders ?? 0;
  const before = await read();
  for (let n = 0; n < 10; n++) placeOrder(customerId);
  await world.deliver(shopId, await world.caught());
  const results = await Promise.all(Array.from({ length: 4 }, () => world.drain(shopId)));
  expect(results.filter((result) => result.outcome === 'drained').length).toBeGreaterThan(0);
  await world.drainAll(shopId);
  expect((await inbox()).every((row) => row.state === 'done')).toBe(true);
  expect(await read()).toBe(before + 10);
});

test('our own tag webhooks end as echoes, before and after their write is confirmed', async () => {
  await world.push(shopId);
  const echoes = await world.caught();
  expect(echoes.some((one) => one.headers['x-shopify-topic'] === 'customer.tags_added')).toBe(true);
  await world.deliver(shopId, echoes);
  await world.drain(shopId);
  expect(await rows(sql`SELECT 1 FROM reread WHERE shop_id = ${shopId}`)).toEqual([]);
  expect(await rows(sql`SELECT 1 FROM tag_outbox WHERE shop_id = ${shopId}`)).toEqual([]);
});

/** Makes messages of any topic, signed by the headers of a caught one. */
async function messageMaker() {
  placeOrder();
  const [template] = await world.caught();
  const { rows: shops } = await world.testDb.db.outsideShops((tx) =>
    tx.query<{ domain: string }>(sql`SELECT domain FROM shop WHERE id = ${shopId}`),
  );
  let count = 0;
  const message = (topic: string, body: unknown): CaughtWebhook => ({
    headers: {
      ...template?.headers,
      'x-shopify-topic': topic,
      'x-shopify-webhook-id': `act-${++count}`,
      'x-shopify-triggered-at': new Date().toISOString(),
    },
    rawBody: Buffer.from(JSON.stringify(body)),
  });
  return { domain: shops[0]?.domain, message };
}

async function asSuperuser(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: world.testDb.superuserUrl });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

test('an act that fails waits, and those behind it are done', async () => {
  const { domain, message } = await messageMaker();
  const about = (id: number) => ({ shop_domain: domain, customer: { id } });
  await world.deliver(shopId, [
    message('customers/redact', { ...about(1), orders_to_redact: [] }),
    message('customers/data_request', { ...about(2), orders_requested: [] }),
    message('app/scopes_update', { current: ['read_orders'] }),
  ]);
  const states = async () => (await inbox()).map(({ state }) => state);
  await asSuperuser('REVOKE INSERT ON redacted_customer FROM regulars_app');
  expect(await world.drain(shopId)).toMatchObject({ outcome: 'drained', more: true });
  expect(await states()).toEqual(['waiting', 'done', 'done']);
  await expect(world.drain(shopId)).rejects.toThrow(/permission denied/);
  await asSuperuser('GRANT INSERT ON redacted_customer TO regulars_app');
  await world.drainAll(shopId);
  expect(await states()).toEqual(['done', 'done', 'done']);
});

test('acts: uninstalled, settings changed, erased', async () => {
  const { domain, message } = await messageMaker();
  const customerId = someBuyer();
  await world.deliver(shopId, [message('shop/update', { myshopify_domain: domain })]);
  await world.drain(shopId);
  const { rows: wished } = await world.testDb.db.pool.query(`SELECT work FROM shop_due WHERE shop_id = $1`, [
    shopId,
  ]);
  expect(wished).toContainEqual({ work: 'settings' });
  await world.deliver(shopId, [
    message('app/scopes_update', { current: ['read_orders', 'read_customers'] }),
    message('customers/redact', {
      shop_domain: domain,
      customer: { id: Number(customerId) },
      orders_to_redact: [],
    }),
    message('customers/redact', {
      shop_domain: 'other.myshopify.com',
      customer: { id: 1 },
      orders_to_redact: [],
    }),
    message('app/uninstalled', { myshopify_domain: domain }),
  ]);
  await world.drainAll(shopId);
  expect((await inbox()).map((row) => [row.topic, row.state])).toEqual([
    ['shop/update', 'done'],
    ['app/scopes_update', 'done'],
    ['customers/redact', 'done'],
    ['customers/redact', 'dead'],
    ['app/uninstalled', 'done'],
  ]);
  expect(
    await rows(sql`SELECT 1 FROM profile WHERE shop_id = ${shopId} AND customer_id = ${customerId}`),
  ).toEqual([]);
  expect(await rows(sql`SELECT scopes FROM shop_settings WHERE shop_id = ${shopId}`)).toEqual([
    { scopes: ['read_customers', 'read_orders'] },
  ]);
  const { rows: shops } = await world.testDb.db.pool.query(`SELECT state FROM shop WHERE id = $1`, [shopId]);
  expect(shops).toEqual([{ state: 'uninstalled' }]);
});

test('shop/redact of a large shop takes several turns; facts that wait behind it are not applied', async () => {
  const { domain, message } = await messageMaker();
  await rows(sql`
    INSERT INTO tag_write (shop_id, customer_id, tag, act, outcome, at, way)
    SELECT ${shopId}, n, 'X', 'add', 'confirmed', '2026-01-01', 'bulk' FROM generate_series(1, 12000) n`);
  await world.deliver(shopId, [message('shop/redact', { shop_domain: domain })]);
  const state = async () =>
    (await world.testDb.db.pool.query<{ state: string }>(`SELECT state FROM shop WHERE id = $1`, [shopId]))
      .rows[0]?.state;
  expect(await world.drain(shopId)).toMatchObject({ more: true, dead: 0 });
  expect(await state()).toBe('redacting');
  expect(await inbox()).toMatchObject([{ topic: 'shop/redact', state: 'waiting' }]);
  // Whatever still waits, like a message that was being stored.
  await rows(sql`
    INSERT INTO inbox (shop_id, webhook_id, topic, api_version, received_at, payload)
    SELECT shop_id, 'late', 'orders/updated', api_version, received_at, payload FROM inbox
     WHERE shop_id = ${shopId}`);
  await world.drainAll(shopId);
  expect(await state()).toBe('redacted');
  expect(await inbox()).toEqual([]);
  for (const table of [sql`customer`, sql`orders`, sql`tag_write`, sql`shop_settings`]) {
    expect(await rows(sql`SELECT 1 FROM ${table} WHERE shop_id = ${shopId}`)).toEqual([]);
  }
  expect(await rows(sql`SELECT kind FROM privacy_request WHERE shop_id = ${shopId}`)).toEqual([
    { kind: 'shop_redact' },
  ]);
});
