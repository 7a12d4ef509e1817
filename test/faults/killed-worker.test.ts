/**
 * The worker is killed with SIGKILL in the middle of an import, of a drain and of writing tags, and started
 * again: facts, profiles, memberships, tags in the store and receipts are those of a run that nobody disturbed.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../app/db/sql.ts';
import { systemClock } from '../../app/clock.ts';
import { turnOn } from '../../app/pipeline/turn-on.server.ts';
import { ACTS } from '../../sandbox/acts/act-routes.ts';
import type { Managed } from '../../scripts/processes.ts';
import { rounds } from '../support/rounds.ts';
import { silentLog } from '../support/silent-log.ts';
import { readSnapshot } from '../support/worker-world.ts';
import { createWorkerStage, type WorkerStage } from './worker-stage.ts';

const SEED = { customers: 400, seed: 3 };
let calm: WorkerStage;
let stormy: WorkerStage;
let worker: Managed;

beforeAll(async () => {
  [calm, stormy] = await Promise.all([createWorkerStage({ seed: SEED }), createWorkerStage({ seed: SEED })]);
});
afterAll(async () => {
  await calm.close();
  await stormy.close();
});

const one = async (stage: WorkerStage, statement: ReturnType<typeof sql>) =>
  stage.testDb.db.inShop(stage.shopId, async (tx) => (await tx.query(statement)).rows[0]);
const imported = (stage: WorkerStage) => async () =>
  (
    await one(
      stage,
      sql`SELECT state FROM import_run WHERE shop_id = ${stage.shopId} ORDER BY id DESC LIMIT 1`,
    )
  )?.['state'] === 'done';
const WHERE_IT_WAITS = {
  /** The import's facts are half-way into the tables. */
  loading: 'LOCK TABLE order_line IN SHARE MODE',
  /** All files are read, nothing is joined or computed. */
  joining: 'SELECT 1 FROM shop_lock FOR UPDATE',
  /** Everything of a drain is done but the commit. */
  draining: 'SELECT 1 FROM shop_settings FOR UPDATE',
  /** Shopify has written the tags, we have not recorded it. */
  recording: 'LOCK TABLE tag_write IN SHARE MODE',
} as const;

async function compare(): Promise<void> {
  expect(await readSnapshot(stormy.testDb, stormy.shopId)).toEqual(
    await readSnapshot(calm.testDb, calm.shopId),
  );
  const tags = (stage: WorkerStage) =>
    Object.fromEntries([...stage.store.customers()].map((customer) => [customer.id, customer.tags]));
  expect(tags(stormy)).toEqual(tags(calm));
  for (const stage of [calm, stormy]) await checkReceipts(stage);
}

/**
 * Every tag was confirmed once: adds and removes of a (customer, tag) pair alternate and end as the store has it.
 * How many there were depends on which acts fell into one comparison, so they differ between two runs.
 */
async function checkReceipts(stage: WorkerStage): Promise<void> {
  const receipts = await stage.testDb.db.inShop(stage.shopId, async (tx) => {
    const { rows } = await tx.query<{
      customer: string;
      tag: string;
      acts: string[];
      outcomes: string[];
    }>(sql`
      SELECT customer_id AS customer, tag, array_agg(act ORDER BY id) AS acts, array_agg(DISTINCT outcome) AS outcomes
        FROM tag_write WHERE shop_id = ${stage.shopId} GROUP BY customer_id, tag`);
    return rows;
  });
  const ours = new Set<string>();
  for (const { customer, tag, acts, outcomes } of receipts) {
    expect(outcomes).toEqual(['confirmed']);
    expect(acts, `${customer} ${tag}`).toEqual(acts.map((_, index) => (index % 2 === 0 ? 'add' : 'remove')));
    if (acts.length % 2 === 1) ours.add(`${customer} ${tag}`);
  }
  const there = [...stage.store.customers()].flatMap((customer) =>
    customer.tags.filter((tag) => tag.startsWith('regulars-')).map((tag) => `${customer.id} ${tag}`),
  );
  expect([...ours].sort()).toEqual(there.sort());
}

/** Begins what nobody disturbs beside what is disturbed. @returns how to wait for its end, and for its failure */
function inTheCalm(work: () => Promise<void>): () => Promise<void> {
  const ended = work().then(
    () => null,
    (error: unknown) => ({ error }),
  );
  return async () => {
    const failed = await ended;
    if (failed) throw failed.error;
  };
}

async function turnEverythingOn(stage: WorkerStage): Promise<void> {
  const ctx = { db: stage.testDb.db, log: silentLog(), clock: systemClock };
  const now = stage.sandbox.clock.now();
  const keys = await stage.testDb.db.inShop(stage.shopId, async (tx) => {
    const { rows } = await tx.query<{ key: string }>(sql`
      SELECT key FROM segment WHERE shop_id = ${stage.shopId} ORDER BY position, id`);
    return rows.map((row) => row.key);
  });
  const first = await turnOn(ctx, stage.shopId, { keys, fingerprint: '', actor: 'test', now });
  if (first.outcome !== 'changed') throw new Error(`expected a review, got ${first.outcome}`);
  const done = await turnOn(ctx, stage.shopId, {
    keys,
    fingerprint: first.review.fingerprint,
    actor: 'test',
    now,
  });
  expect(done.outcome).toBe('done');
}

function aDayInTheShop(stage: WorkerStage): void {
  const act = (name: string, input: unknown) =>
    ACTS[name]?.(stage.store, input, stage.sandbox) as { id: string };
  const buyers = [
    ...new Set(
      [...stage.store.orders()].flatMap((order) => (order.customerId === null ? [] : [order.customerId])),
    ),
  ];
  for (const customer of buyers.slice(0, 30)) act('place-order', { customer, amount: '120.00' });
  const order = act('place-order', { customer: buyers[40], amount: '900.00' });
  act('refund-order', { order: order.id, amount: '300.00' });
  act('cancel-order', { order: act('place-order', { customer: buyers[41], amount: '50.00' }).id });
}

test('in the middle of the import: while a file is loaded, and before it is joined', async () => {
  const undisturbed = inTheCalm(async () => {
    const calmWorker = await calm.startWorker();
    await calm.jobs.send('import', { shopId: calm.shopId });
    await calm.until('the import', imported(calm));
    expect(calmWorker.child.exitCode).toBeNull();
  });

  worker = await stormy.startWorker();
  await stormy.killWhereItWaits(worker, WHERE_IT_WAITS.loading, () =>
    stormy.jobs.send('import', { shopId: stormy.shopId }),
  );
  expect(await imported(stormy)()).toBe(false);
  worker = await stormy.startWorker();
  await stormy.killWhereItWaits(worker, WHERE_IT_WAITS.joining);
  expect(await imported(stormy)()).toBe(false);
  worker = await stormy.startWorker();
  await stormy.until('the import', imported(stormy));
  await undisturbed();
  await compare();
}, 120_000);

test('in the middle of writing tags: Shopify has run the bulk operations, we have not read them', async () => {
  const calls: string[] = [];
  calm.sandbox.apiLog.subscribe(({ fields }) => calls.push(...fields));
  const undisturbed = inTheCalm(async () => {
    await turnEverythingOn(calm);
    await calm.until('the tags', calm.isQuiet, 60_000);
    // More than a thousand webhooks of our own writes: none of them made us read a customer again.
    expect(calls).toContain('bulkOperationRunMutation');
    expect(calls).not.toContain('nodes');
  });
  await stormy.killWhereItWaits(worker, WHERE_IT_WAITS.recording, () => turnEverythingOn(stormy));
  const [held] = await stormy.testDb.db.inShop(
    stormy.shopId,
    async (tx) =>
      (
        await tx.query(
          sql`SELECT count(*)::int AS n FROM tag_outbox WHERE shop_id = ${stormy.shopId} AND bulk_id IS NOT NULL`,
        )
      ).rows,
  );
  expect(held?.['n']).toBeGreaterThan(0);
  const written = [...stormy.store.customers()].filter((customer) =>
    customer.tags.some((tag) => tag.startsWith('regulars-')),
  );
  expect(written.length).toBeGreaterThan(0);
  worker = await stormy.startWorker();
  await stormy.until('the tags', stormy.isQuiet, 60_000);
  await undisturbed();
  await compare();
}, 120_000);

test('in the middle of a drain, and of the few tags that follow from it', async () => {
  const undisturbed = inTheCalm(async () => {
    aDayInTheShop(calm);
    await calm.until('quiet', calm.isQuiet, 60_000);
  });
  await stormy.killWhereItWaits(worker, WHERE_IT_WAITS.draining, () =>
    Promise.resolve(aDayInTheShop(stormy)),
  );
  const waiting = await one(
    stormy,
    sql`SELECT count(*)::int AS n FROM inbox WHERE shop_id = ${stormy.shopId} AND state = 'waiting'`,
  );
  expect(waiting?.['n']).toBeGreaterThan(0);
  worker = await stormy.startWorker();
  await stormy.killWhereItWaits(worker, WHERE_IT_WAITS.recording);
  worker = await stormy.startWorker();
  await stormy.until('quiet', stormy.isQuiet, 60_000);
  await undisturbed();
  await compare();
}, 120_000);

test('connections to PostgreSQL cut while two workers share the shop', async () => {
  const second = await stormy.startWorker();
  aDayInTheShop(calm);
  aDayInTheShop(stormy);
  for (let cut = 0; cut < rounds({ fast: 3, long: 8 }); cut++) await stormy.cutConnections();
  await calm.until('quiet', calm.isQuiet);
  await stormy.until('quiet', stormy.isQuiet, 60_000);
  expect([worker.child.exitCode, second.child.exitCode]).toEqual([null, null]);
  await compare();
  // Its launcher goes: it ends by itself.
  second.child.disconnect();
  expect(await second.ended).toBe('code 0');
}, 120_000);

test('three days pass on the business clock: reviews and the night are done at once', async () => {
  const pass = async (stage: WorkerStage) => {
    stage.sandbox.clock.advance(3 * 24 * 3_600_000);
    const now = stage.sandbox.clock.now();
    await stage.until('the night', async () => {
      const due = await one(
        stage,
        sql`
        SELECT due_at FROM shop_due WHERE shop_id = ${stage.shopId} AND work = 'nightly'`,
      );
      // While the job runs, it is looked at again within minutes; when the night is done, it is the next one.
      return (due?.['due_at'] as Date).getTime() > now.getTime() + 3_600_000;
    });
    await stage.until('quiet', stage.isQuiet);
    const overdue = await one(
      stage,
      sql`
      SELECT count(*)::int AS n FROM profile WHERE shop_id = ${stage.shopId} AND next_review_at <= ${now}`,
    );
    expect(overdue).toEqual({ n: 0 });
  };
  await Promise.all([calm, stormy].map(pass));
  await compare();
}, 120_000);

test('told to stop, the worker drains and ends by itself within ten seconds', async () => {
  const began = Date.now();
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe('code 0');
  expect(Date.now() - began).toBeLessThan(10_000);
});
