import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import type { RereadFact } from '../../../app/intake/facts.ts';
import { readSyncStatus } from '../../../app/intake/read-sync-status.server.ts';
import { pruneRereads, readAgain, settleRereads } from '../../../app/intake/reread.server.ts';
import { queueRereads } from '../../../app/intake/store/queue-rereads.server.ts';
import type { AdminClient } from '../../../app/shopify/admin-client.ts';
import { placeOrder } from '../../../sandbox/acts/place-order.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createImportWorld, type ImportWorld } from '../import/world.ts';

let world: ImportWorld;
let shop: ShopId;
/** Machine time of the test. */
let time: Date;
beforeAll(async () => {
  world = await createImportWorld({ customers: 80, seed: 5 });
});
afterAll(() => world.close());
beforeEach(async () => {
  shop = await world.newShop();
  time = new Date();
});

const again = (admin: AdminClient = world.admin) =>
  readAgain(
    { db: world.testDb.db, admin, clock: { now: () => time, machineNow: () => time }, log: silentLog() },
    shop,
  );
const queue = (object: RereadFact['object'], ids: readonly string[]) =>
  world.testDb.db.inShop(shop, (tx) =>
    queueRereads(
      tx,
      ids.map((id) => ({ object, id, reason: 'test', notBefore: time })),
      time,
    ),
  );
const settle = (rows: Parameters<typeof settleRereads>[1]) =>
  world.testDb.db.inShop(shop, (tx) => settleRereads(tx, rows));
const waiting = async () =>
  (
    await world.testDb.db.inShop(shop, (tx) =>
      tx.query<{ object_id: string; attempts: number; not_before: Date }>(
        'SELECT object_id, attempts, not_before FROM reread ORDER BY object_id',
      ),
    )
  ).rows;
const later = (milliseconds: number) => (time = new Date(time.getTime() + milliseconds));

/** Reads until nothing is due; facts by id. */
async function readAll() {
  const facts = new Map<string, Record<string, unknown>>();
  let requests = 0;
  for (;;) {
    const read = await again();
    if (read.outcome !== 'read') return { facts, requests, last: read };
    requests += 1;
    for (const fact of read.facts) facts.set('id' in fact ? `${fact.kind} ${fact.id}` : '', fact as never);
    await settle(read.settled);
  }
}

test('customers, orders with all their lines, and products come as they are now, many a request', async () => {
  const customers = [...world.store.customers()].slice(0, 60);
  const product = [...world.store.products()][0];
  const order = placeOrder(world.store, {
    customer: customers[0]?.id,
    lines: Array.from({ length: 130 }, () => ({ product: product?.id, quantity: 2 })),
  });
  await queue(
    'customer',
    customers.map(({ id }) => id),
  );
  await queue('order', [order.id]);
  await queue('product', [product?.id as string]);
  const { facts, requests, last } = await readAll();
  expect(requests).toBe(4);
  expect(last).toEqual({ outcome: 'nothing', nextAt: null });
  expect(await waiting()).toEqual([]);
  for (const { id } of customers) {
    const { tags = [], updatedAt = '' } = world.store.customer(id) ?? {};
    expect(facts.get(`customer ${id}`)).toMatchObject({
      tags: { tags: [...tags].sort() },
      core: { updatedAt: new Date(updatedAt) },
    });
  }
  const core = facts.get(`order ${order.id}`)?.['core'] as { lines: unknown[]; customerId: string };
  expect(core).toMatchObject({ customerId: customers[0]?.id, totalMinor: BigInt(order.totalMinor) });
  expect(core.lines).toHaveLength(130);
  expect(facts.get(`product ${product?.id}`)).toMatchObject({ core: { title: product?.title } });
});

test('what is gone is looked for twice, half a minute apart, before it is taken for removed', async () => {
  await queue('customer', ['999999']);
  expect(await again()).toEqual({ outcome: 'read', facts: [], settled: [] });
  const next = await again();
  expect(next).toMatchObject({ outcome: 'nothing' });
  later(31_000);
  const second = await again();
  if (second.outcome !== 'read') throw new Error(second.outcome);
  expect(second.facts).toMatchObject([{ kind: 'customer', id: '999999' }]);
  expect(second.facts[0]).toHaveProperty('deletedAt');
  expect(second.settled).toHaveLength(1);
});

test('an object asked for again while it was being read is read once more', async () => {
  const id = [...world.store.customers()][0]?.id as string;
  await queue('customer', [id]);
  const read = await again();
  await queue('customer', [id]);
  if (read.outcome !== 'read') throw new Error(read.outcome);
  await settle(read.settled);
  expect(await waiting()).toHaveLength(1);
  expect(await again()).toMatchObject({ outcome: 'read' });
});

test('when Shopify cannot be read, everything waits, longer each time, and nothing is lost', async () => {
  const broken: AdminClient = {
    ...world.admin,
    request: () => Promise.reject(new AppError('shopify_unavailable', 'away', { retryable: true })),
  };
  await queue('customer', ['1', '2']);
  const waits: number[] = [];
  for (let i = 0; i < 4; i += 1) {
    expect(await again(broken)).toMatchObject({ outcome: 'failed' });
    const [row] = await waiting();
    waits.push((row?.not_before.getTime() ?? 0) - time.getTime());
    expect(await again(broken)).toMatchObject({ outcome: 'nothing', nextAt: row?.not_before });
    later(waits.at(-1) ?? 0);
  }
  expect(waits).toEqual([2_000, 4_000, 8_000, 16_000]);
  expect(await waiting()).toHaveLength(2);
});

test('one object that Shopify refuses keeps back no other, and is given up after some hours', async () => {
  const ids = [...world.store.customers()].slice(0, 20).map(({ id }) => id);
  const bad = ids[7] as string;
  let requests = 0;
  const refusing: AdminClient = {
    ...world.admin,
    request(document, variables, options) {
      requests += 1;
      const asked = (variables as { ids: string[] }).ids;
      return asked.includes(`gid://shopify/Customer/${bad}`)
        ? Promise.reject(new AppError('shopify_rejected', 'refused'))
        : world.admin.request(document, variables, options);
    },
  };
  const status = () => world.testDb.db.inShop(shop, readSyncStatus);
  await queue('customer', ids);
  const read = await again(refusing);
  if (read.outcome !== 'read') throw new Error(read.outcome);
  expect(read.facts).toHaveLength(19);
  expect(requests).toBeLessThan(12);
  await settle(read.settled);
  expect(await waiting()).toMatchObject([{ object_id: bad, attempts: 1 }]);
  expect(await status()).toMatchObject({ toRead: 1, couldNotRead: 0 });

  // While Shopify is away, nothing is given up, however long.
  const away: AdminClient = {
    ...world.admin,
    request: () => Promise.reject(new AppError('shopify_unavailable', 'away', { retryable: true })),
  };
  for (let i = 0; i < 40; i += 1) {
    later(3_600_000);
    expect(await again(away)).toMatchObject({ outcome: 'failed' });
  }
  let tries = 0;
  while ((await status()).couldNotRead === 0) {
    later(3_600_000);
    expect(await again(refusing)).toMatchObject({ outcome: 'read', facts: [] });
    tries += 1;
  }
  expect(tries).toBe(4);
  expect(await status()).toMatchObject({ toRead: 0, couldNotRead: 1 });
  later(3_600_000);
  expect(await again(refusing)).toEqual({ outcome: 'nothing', nextAt: null });

  // Asked for again, it is read again; given up for a week, it is forgotten.
  const prune = () => world.testDb.db.inShop(shop, (tx) => pruneRereads(tx, time));
  await prune();
  expect(await waiting()).toHaveLength(1);
  await queue('customer', [bad]);
  expect(await again()).toMatchObject({ outcome: 'read', facts: [{ id: bad }] });
  await world.testDb.db.inShop(shop, (tx) => tx.query(`UPDATE reread SET attempts = 100`));
  later(8 * 24 * 3_600_000);
  await prune();
  expect(await waiting()).toEqual([]);
});

test('an order that changes between two pages of its lines is left for later', async () => {
  const product = [...world.store.products()][0];
  const order = placeOrder(world.store, {
    amount: undefined,
    lines: Array.from({ length: 20 }, () => ({ product: product?.id, quantity: 1 })),
  });
  let requests = 0;
  const changing: AdminClient = {
    ...world.admin,
    async request(document, variables, options) {
      requests += 1;
      const answer = await world.admin.request(document, variables, options);
      if (requests === 2)
        (answer.data as { order: { updatedAt: string } }).order.updatedAt = '2030-01-01T00:00:00Z';
      return answer;
    },
  };
  await queue('order', [order.id]);
  expect(await again(changing)).toEqual({ outcome: 'read', facts: [], settled: [] });
  expect(requests).toBe(2);
  later(2_001);
  expect(await again()).toMatchObject({ outcome: 'read', facts: [{ kind: 'order', id: order.id }] });
});
