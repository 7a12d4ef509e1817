/** Nobody of us is let in: the wish of every job that calls Shopify waits, and the store is told so once. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { wake, type Work } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import type { JobName } from '../../../app/jobs/catalogue.ts';
import { workerTurns } from '../../../app/jobs/turns.server.ts';
import { whenLetIn, whenRefused } from '../../../app/jobs/when-refused.server.ts';
import type { WorkerContext } from '../../../app/jobs/worker-context.server.ts';
import { resumeWrites } from '../../../app/pipeline/resume-writes.server.ts';
import { stopWrites } from '../../../app/pipeline/stop-writes.server.ts';
import { createWorkerWorld, type WorkerWorld } from '../../support/worker-world.ts';

const MINUTE = 60_000;
let world: WorkerWorld;
let shopId: ShopId;
beforeAll(async () => {
  world = await createWorkerWorld({ seed: { customers: 3, seed: 3 } });
});
afterAll(() => world.close());
beforeEach(async () => {
  shopId = await world.newShop();
  await world.testDb.db.pool.query('DELETE FROM shop_due');
});

const inShop: WorkerWorld['testDb']['db']['inShop'] = (shop, work) => world.testDb.db.inShop(shop, work);
const dueIn = async (work: Work) => {
  const { rows } = await world.testDb.db.pool.query<{ at: Date }>(
    sql`SELECT due_at AS at FROM shop_due WHERE shop_id = ${shopId} AND work = ${work}`,
  );
  return rows[0] && rows[0].at.getTime() - world.ctx.clock.machineNow().getTime();
};
const standing = async () => {
  const read = sql`SELECT state, why FROM shopify_standing WHERE shop_id = ${shopId} AND subject = 'calls'`;
  return (await inShop(shopId, (tx) => tx.query(read))).rows[0];
};
const noAddress = new AppError('config', 'Not from this address.', { context: { status: 403 } });
const noAccess = new AppError('shopify_access', 'The store is frozen.', { context: { status: 402 } });

/** Which job a wish sends, as the worker's own turns have it. */
const JOBS: [JobName, Work][] = [
  ['import', 'import'],
  ['push-tags', 'outbox'],
  ['sync-shop', 'settings'],
  ['sync-offers', 'offers'],
  ['write-metafields', 'metafields'],
  ['sync-native-segments', 'native-segments'],
  ['send-flow', 'flow'],
  ['sort-leftovers', 'leftovers'],
];

test.each(JOBS)('%s: its wish "%s" waits a quarter of an hour', async (job, work) => {
  const sent: string[] = [];
  const jobs = { send: (name: string) => Promise.resolve(void sent.push(name)) } as unknown as WorkerContext['jobs'];
  await workerTurns({ ...world.ctx, jobs })[work].take({ shopId, work, version: '1' });
  expect(sent, 'the wish sends this job').toEqual([job]);

  await inShop(shopId, (tx) => wake(tx, shopId, work, new Date(0)));
  expect(await whenRefused(world.ctx, job, shopId, noAddress)).toBe(true);
  expect(await dueIn(work)).toBeGreaterThan(14 * MINUTE);
  expect(await dueIn(work)).toBeLessThanOrEqual(15 * MINUTE);
  expect(await standing()).toEqual({ state: 'refused', why: 'address' });
}); // prettier-ignore

test('another error is no refusal, and one that may pass is tried as always', async () => {
  await inShop(shopId, (tx) => wake(tx, shopId, 'offers', new Date(0)));
  const passing = new AppError('shopify_access', 'Later.', { retryable: true });
  for (const error of [new Error('x'), new AppError('shopify_rejected', 'No.'), passing]) {
    expect(await whenRefused(world.ctx, 'sync-offers', shopId, error)).toBe(false);
  }
  expect(await dueIn('offers')).toBeLessThan(0);
  expect(await standing()).toBeUndefined();
});

test('one field that is refused is no word on all calls', async () => {
  const denied = new AppError('shopify_access', 'No.', {
    context: { codes: ['ACCESS_DENIED'], said: 'scope' },
  });
  expect(await whenRefused(world.ctx, 'send-flow', shopId, denied)).toBe(true);
  expect(await standing()).toBeUndefined();
});

test('let in again: a job that calls Shopify ends the standing, one that may not have called says nothing', async () => {
  await whenRefused(world.ctx, 'push-tags', shopId, noAccess);
  await whenLetIn(world.ctx, 'send-flow', shopId);
  expect(await standing()).toMatchObject({ state: 'refused' });
  await whenLetIn(world.ctx, 'sync-shop', shopId);
  expect(await standing()).toMatchObject({ state: 'granted' });
});

test('when writing goes on after a stop, everything that writes to the store is looked at', async () => {
  const now = world.ctx.clock.now();
  await inShop(shopId, (tx) => stopWrites(tx, { actor: '42', now }));
  await world.testDb.db.pool.query('DELETE FROM shop_due');
  expect(await inShop(shopId, (tx) => resumeWrites(tx, { actor: '42', now }))).toBe(true);
  const { rows } = await world.testDb.db.pool.query<{ work: string }>(
    sql`SELECT work FROM shop_due WHERE shop_id = ${shopId} ORDER BY work`,
  );
  expect(rows.map(({ work }) => work)).toEqual(['flow', 'metafields', 'native-segments', 'offers', 'outbox']);
  expect(await inShop(shopId, (tx) => resumeWrites(tx, { actor: '42', now })), 'not stopped').toBe(false);
});
