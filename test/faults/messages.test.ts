/**
 * Messages doubled, late, out of order, stale, lost and broken: the end is that of each message once and in order,
 * and what was lost is found by asking once.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../app/db/sql.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import { readDeadLetters } from './dead-letters.ts';
import { handleReconcile } from '../../app/jobs/handlers/reconcile.server.ts';
import { recomputeShop } from '../../app/pipeline/recompute-shop.server.ts';
import { ACTS } from '../../sandbox/acts/act-routes.ts';
import { webhooksOf } from '../../sandbox/webhooks/webhooks.ts';
import { createWorkerWorld, type CaughtWebhook, type WorkerWorld } from '../support/worker-world.ts';

const FOUR_HOURS_MS = 4 * 3_600_000;
let world: WorkerWorld;
const queue = () => webhooksOf(world.sandbox).queue;

beforeAll(async () => {
  world = await createWorkerWorld({ seed: { customers: 30, seed: 21 } });
});
afterAll(() => world.close());
beforeEach(async () => {
  queue().setFaults({});
  await world.caught();
});

const act = (name: string, input: unknown) =>
  ACTS[name]?.(world.store, input, world.sandbox) as { id: string };
const header = ({ headers }: CaughtWebhook, name: string) => String(headers[`x-shopify-${name}`]);

function buyers(): string[] {
  const ids = [...world.store.orders()].flatMap(({ customerId }) =>
    customerId === null ? [] : [customerId],
  );
  return [...new Set(ids)];
}

/** Everything that can happen to people and their orders, some of it to the same ones. */
function busyHour({ removals }: { removals: boolean }): void {
  const [ada, ben, cleo, dora] = buyers() as [string, string, string, string];
  const product = [...world.store.products()][0]?.id as string;
  const order = (customer: string, quantity = 1, status = 'paid') =>
    act('place-order', { customer, status, lines: [{ product, quantity }] }).id;
  const pending = order(ben, 2, 'pending');
  act('refund-order', { order: order(ada) });
  act('pay-order', { order: pending });
  act('cancel-order', { order: order(ada, 3) });
  act('edit-order-line', { order: order(cleo, 4), quantity: 2 });
  act('edit-order', { order: order(cleo), customer: ben });
  act('consent', { customer: ben, channel: 'email', state: 'UNSUBSCRIBED' });
  act('consent', { customer: ben, channel: 'email', state: 'SUBSCRIBED' });
  act('update-customer', { customer: ada, address: { city: 'Ghent', countryCode: 'BE' } });
  act('set-tags', { customer: dora, tags: ['by hand', 'vip'] });
  if (!removals) return;
  act('delete-order', { order: order(ben) });
  act('delete-customer', {
    customer: act('create-customer', { email: `n${Math.trunc(performance.now())}@example.com` }).id,
  });
}

/** What arrived, stale copies of hours later included. */
async function arrived(): Promise<CaughtWebhook[]> {
  // A message that was late has its stale copy later still.
  do {
    await queue().settled();
    queue().age(FOUR_HOURS_MS + 1_000);
  } while ((await queue().settled()).pending > 0);
  return world.caught();
}

/** Each message once, in the order of what caused it. */
function inOrder(webhooks: readonly CaughtWebhook[]): CaughtWebhook[] {
  const once = new Map(webhooks.map((webhook) => [header(webhook, 'webhook-id'), webhook]));
  return [...once.values()].sort((a, b) => (header(a, 'triggered-at') < header(b, 'triggered-at') ? -1 : 1));
}

async function replay(shopId: ShopId, webhooks: readonly CaughtWebhook[], size: number): Promise<void> {
  for (let from = 0; from < webhooks.length; from += size) {
    await world.deliver(shopId, webhooks.slice(from, from + size));
    await world.drain(shopId);
  }
  await world.drainAll(shopId);
}

test('doubled, late, overtaking and stale four hours later: as each once and in order', async () => {
  const [clean, stormy] = [await world.newShop({ live: true }), await world.newShop({ live: true })];
  const before = await world.snapshot(clean);
  await world.caught();
  queue().setFaults({
    seed: 5,
    duplicate: 0.5,
    reorder: 0.6,
    stale: 0.5,
    staleMs: FOUR_HOURS_MS,
    delayMs: 40,
  });
  busyHour({ removals: true });
  const webhooks = await arrived();
  const { duplicated, reordered, stale, delayed } = queue().faultCounts();
  for (const happened of [duplicated, reordered, stale, delayed]) expect(happened).toBeGreaterThan(0);
  expect(webhooks.length).toBeGreaterThan(inOrder(webhooks).length + 10);

  await replay(clean, inOrder(webhooks), 1_000);
  await replay(stormy, webhooks, 7);
  const expected = await world.snapshot(clean);
  expect(expected).not.toEqual(before);
  expect(await world.snapshot(stormy)).toEqual(expected);
});

test('the same event a hundred times, under one id and under many, on two workers at once: one effect', async () => {
  const [clean, stormy] = [await world.newShop(), await world.newShop()];
  await world.caught();
  const customer = buyers()[6] as string;
  act('refund-order', { order: act('place-order', { customer, amount: '75.00' }).id, amount: '20.00' });
  const webhooks = await world.caught();
  await replay(clean, inOrder(webhooks), 1_000);
  const hundred = webhooks.flatMap((webhook) =>
    Array.from({ length: 100 }, (_, n) => ({
      ...webhook,
      headers:
        n < 50
          ? webhook.headers
          : { ...webhook.headers, 'x-shopify-webhook-id': `again-${n}-${header(webhook, 'webhook-id')}` },
    })),
  );
  const half = Math.ceil(hundred.length / 2);
  await Promise.all([
    world.deliver(stormy, hundred.slice(0, half)).then(() => world.drain(stormy)),
    world.deliver(stormy, hundred.slice(half)).then(() => world.drain(stormy)),
  ]);
  await world.drainAll(stormy);
  const { rows } = await world.testDb.db.inShop(stormy, (tx) =>
    tx.query<{ n: number }>(sql`SELECT count(*)::int AS n FROM inbox WHERE shop_id = ${stormy}`),
  );
  expect(rows[0]?.n).toBe(webhooks.length * 51);
  expect(await world.snapshot(stormy)).toEqual(await world.snapshot(clean));
});

test.each([
  ['5 % of the messages', { seed: 3, drop: 0.05 }, 'dropped'],
  ['a whole day of messages', { dropDay: '2026-11-22' }, 'droppedOfDay'],
] as const)('%s lost: one reconciliation finds everything', async (_name, faults, count) => {
  const stormy = await world.newShop({ live: true });
  await world.caught();
  queue().setFaults(faults);
  // By day, the sandbox's business clock stands on the 22nd.
  for (let hour = 0; hour < 4; hour += 1) busyHour({ removals: true });
  // Known before and gone now: no question for what changed will name them.
  act('delete-order', { order: [...world.store.orders()].find(({ customerId }) => customerId)?.id });
  const nobody = [...world.store.customers()].find(({ id }) => world.store.ordersOf(id).length === 0);
  act('delete-customer', { customer: nobody?.id });
  const webhooks = await arrived();
  expect(queue().faultCounts()[count]).toBeGreaterThan(0);
  if (count === 'droppedOfDay') expect(webhooks).toEqual([]);
  queue().setFaults({});
  await replay(stormy, webhooks, 50);

  const { memberships: _late, ...expected } = living(await world.snapshot(await world.newShop()));
  const { memberships: _before, ...before } = living(await world.snapshot(stormy));
  expect(before).not.toEqual(expected);
  const signal = new AbortController().signal;
  await handleReconcile(world.ctx, { data: { shopId: stormy }, signal });
  await world.drainAll(stormy);
  const { memberships, ...after } = living(await world.snapshot(stormy));
  expect(after).toEqual(expected);
  // Memberships rest on the cut points of before: they are those of a computation of the whole shop.
  await recomputeShop(world.ctx, stormy, { cause: 'import', publish: 'never' });
  expect(memberships).toEqual(living(await world.snapshot(stormy))['memberships']);
});

/** A store that is imported afresh has never known what is gone. */
function living(snapshot: Record<string, unknown[]>): Record<string, unknown[]> {
  const there = (row: unknown) => (row as { deleted?: boolean }).deleted !== true;
  const customers = (snapshot['customers'] ?? []).filter(there) as { id: string }[];
  const orders = (snapshot['orders'] ?? []).filter(there) as { id: string }[];
  const [people, placed] = [new Set(customers.map(({ id }) => id)), new Set(orders.map(({ id }) => id))];
  const lines = (snapshot['lines'] ?? []) as { order_id: string }[];
  const profiles = (snapshot['profiles'] ?? []) as { customer_id: string }[];
  const memberships = (snapshot['memberships'] ?? []) as { customer_id: string }[];
  return {
    customers,
    orders,
    lines: lines.filter(({ order_id }) => placed.has(order_id)),
    profiles: profiles.filter(({ customer_id }) => people.has(customer_id)),
    memberships: memberships.filter(({ customer_id }) => people.has(customer_id)),
  };
}

test('a poison message: put aside with its reason, the others go on, and it can be replayed', async () => {
  const [clean, stormy] = [await world.newShop(), await world.newShop()];
  await world.caught();
  act('place-order', { customer: buyers()[8], amount: '33.00' });
  const webhooks = await world.caught();
  const poison: CaughtWebhook = {
    headers: {
      ...webhooks.find((one) => header(one, 'topic') === 'orders/create')?.headers,
      'x-shopify-webhook-id': 'poison',
    },
    rawBody: Buffer.from('{"id":{"of":"another shape"},"customer":[1]}'),
  };
  await replay(clean, webhooks, 100);
  await replay(stormy, [poison, ...webhooks], 100);
  const dead = await readDeadLetters(world, stormy);
  expect(dead).toMatchObject([{ topic: 'orders/create', state: 'dead' }]);
  expect(dead[0]?.reason).toMatch(/\w+/);
  expect(dead[0]?.reason).not.toContain('another shape');
  expect(await world.snapshot(stormy)).toEqual(await world.snapshot(clean));
});
