/** What nobody has approved and would move many people waits for a person; a live change of one of them does not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { claimBatch } from '../../../app/activation/claim-batch.server.ts';
import { readTagStatus } from '../../../app/activation/read-tag-status.server.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopTx } from '../../../app/db/tenancy.server.ts';
import type { Cause } from '../../../app/intake/cause.ts';
import { atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import {
  finishRun,
  pauseRun,
  readRuns,
  resumeRuns,
  startRun,
} from '../../../app/pipeline/background-run.server.ts';
import { needsPerson } from '../../../app/pipeline/brake.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { decideHeldChange, type Decision } from '../../../app/pipeline/decide-held-change.server.ts';
import {
  holdCustomers,
  readDecidedChanges,
  readHeldChanges,
} from '../../../app/pipeline/held-change.server.ts';
import { nightly } from '../../../app/pipeline/nightly.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { storeHoldPeriod } from '../../../app/value/hold-period.server.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE, arithmeticStore } from '../../support/arithmetic-store.ts';
import { putOrders, type OrderRow } from '../../support/insert-facts.ts';
import { createSegmentShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

const HIGH_M: Rule = { v: 1, where: { field: 'm', op: 'eq', value: 5 } };
const BUYERS: Rule = { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };
const LATER = '2026-12-22' as LocalDate;

beforeEach(async () => {
  shop = await createSegmentShop(t, {
    now: ARITHMETIC_NOON,
    timeZone: ARITHMETIC_TIME_ZONE,
    store: arithmeticStore(),
  });
  await shop.in((tx) =>
    putSegments(tx, { high: { rule: HIGH_M }, paused: { rule: HIGH_M, status: 'paused' } }),
  );
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  await shop.in(settleTags);
});

/** As if every tag had been written. */
async function settleTags(tx: ShopTx): Promise<void> {
  await tx.query('DELETE FROM tag_outbox');
  await tx.query('DELETE FROM tag_owned');
  await tx.query(sql`
    INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
    SELECT m.shop_id, m.customer_id, 'regulars-' || g.tag_name, 'regulars-' || g.tag_name, ${ARITHMETIC_NOON}
      FROM membership m JOIN segment g ON g.shop_id = m.shop_id AND g.id = m.segment_id AND g.status = 'live'`);
}

const ordersOf = (customers: readonly number[], totalMinor = 900_000): OrderRow[] =>
  customers.map((customer) => ({
    id: String(50_000 + customer),
    customerId: String(customer),
    totalMinor,
    processedAt: atHour('2026-12-21' as LocalDate, 12, ARITHMETIC_TIME_ZONE),
  }));

async function happen(customers: readonly number[], cause: Cause = 'order', totalMinor?: number) {
  const orders = ordersOf(customers, totalMinor);
  await shop.in(async (tx) => {
    await waitForShop(tx, shop.shopId);
    await putOrders(tx, orders);
    await refresh(tx, {
      touched: new Map(customers.map((id) => [String(id), cause])),
      now: shop.clock.now(),
    });
  });
}

/** Everybody whom the high cut point leaves behind moves when it rises. */
async function moveTheStore(): Promise<void> {
  shop.clock.set(startOfDay(LATER, ARITHMETIC_TIME_ZONE));
  // Written straight to the facts and profiles, so that only new cut points can move anybody.
  await happen(Array.from({ length: 150 }, (_, i) => i + 1));
  await shop.in(settleTags);
  shop.clock.advance(3_600_000);
}

const decide = (id: string, decision: Decision) =>
  decideHeldChange(shop.ctx, shop.shopId, { id, decision, actor: 'anna', now: shop.clock.now() });

const inForce = (tx: ShopTx) =>
  tx
    .query<{ v: number }>('SELECT max(version)::int AS v FROM cut_points WHERE published_at IS NOT NULL')
    .then(({ rows }) => rows[0]?.v);

const outbox = (tx: ShopTx) =>
  tx
    .query<{ id: string; held: boolean }>(
      'SELECT customer_id AS id, held_by IS NOT NULL AS held FROM tag_outbox ORDER BY customer_id',
    )
    .then(({ rows }) => rows);

const claim = (tx: ShopTx) =>
  claimBatch(tx, {
    writer: 'one',
    machineNow: new Date('2027-01-01T00:00:00Z'),
    now: shop.clock.now(),
    leaseMs: 1_000,
    maxCustomers: 1_000,
    way: 'single',
  });

test.each([
  [99, 1_000, false],
  [100, 1_000, true],
  [100, 5_000, false],
  [101, 5_000, true],
  [0, 0, false],
])('%i of %i buyers: a person is asked %s', (affected, buyers, asked) => {
  expect(needsPerson(affected, buyers)).toBe(asked);
});

describe('cut points', () => {
  test('are computed, shown with their effect, and in force for nobody until released', async () => {
    await moveTheStore();
    const before = await shop.memberships();
    const night = await nightly(shop.ctx, shop.shopId, { chunk: 70 });
    expect(night.drift).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
    expect(night.publication).toMatchObject({ outcome: 'held', version: 2 });
    const [held, ...others] = await shop.in(readHeldChanges);
    expect(others).toEqual([]);
    expect(held).toMatchObject({ cause: 'refit', subject: 'cut_points', version: 2, state: 'held' });
    expect(await shop.memberships()).toEqual(before);
    expect(await shop.in(outbox)).toEqual([]);
    expect(await shop.in(inForce)).toBe(1);

    expect(await decide(held?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
    const [run] = await shop.in(readRuns);
    expect(run).toMatchObject({ kind: 'cut_points', state: 'running', done: 0, total: 200 });
    await reviewDue(shop.ctx, shop.shopId, { batch: 50 });
    expect(await shop.in(readRuns)).toEqual([]);
    // The effect that was shown is the one that came.
    const after = await shop.memberships();
    const live = (all: string[]) => new Set(all.filter((one) => one.endsWith(' high')));
    const [was, is] = [live(before), live(after)];
    const gained = [...is].filter((one) => !was.has(one)).length;
    const lost = [...was].filter((one) => !is.has(one)).length;
    expect(gained + lost).toBeGreaterThanOrEqual(100);
    expect(held?.affected).toBe(gained + lost);
    expect(held?.changes).toEqual([
      { key: 'high', name: 'high', tag: 'regulars-high', gains: gained, loses: lost },
    ]);
    expect(await shop.in(outbox)).toHaveLength(gained + lost);
    const { rows } = await shop.in((tx) => tx.query('SELECT act, actor, review FROM approval'));
    expect(rows).toMatchObject([
      {
        act: 'release_change',
        actor: 'anna',
        review: { customersAffected: gained + lost, subject: 'cut_points' },
      },
    ]);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
    expect(await decide(held?.id ?? '', 'discard')).toEqual({ outcome: 'gone' });
  });

  test('that were discarded are not proposed again; a later computation that differs is', async () => {
    await moveTheStore();
    await nightly(shop.ctx, shop.shopId);
    const [held] = await shop.in(readHeldChanges);
    expect(await decide(held?.id ?? '', 'discard')).toMatchObject({ outcome: 'done' });
    shop.clock.advance(3_600_000);
    expect((await nightly(shop.ctx, shop.shopId)).publication).toEqual({ outcome: 'discarded_before' });
    expect(await shop.in(readHeldChanges)).toEqual([]);
    expect(await shop.in(inForce)).toBe(1);
    await happen(
      Array.from({ length: 150 }, (_, i) => i + 1),
      'order',
      2_000_000,
    );
    expect((await nightly(shop.ctx, shop.shopId)).publication).toMatchObject({ outcome: 'held' });
  });

  test('are not decided by another shop, nor by anything that is no number of a held change', async () => {
    await moveTheStore();
    await nightly(shop.ctx, shop.shopId);
    const [held] = await shop.in(readHeldChanges);
    const now = shop.clock.now();
    const other = await createSegmentShop(t, {
      now,
      timeZone: ARITHMETIC_TIME_ZONE,
      store: arithmeticStore(),
    });
    for (const decision of ['release', 'discard'] as const) {
      const word = { id: held?.id ?? '', decision, actor: 'eve', now };
      expect(await decideHeldChange(other.ctx, other.shopId, word)).toEqual({ outcome: 'gone' });
      for (const id of ['', '0', '-1', '1e3', `${held?.id} `, '9'.repeat(30)]) {
        expect(await decide(id, decision)).toEqual({ outcome: 'gone' });
      }
    }
    expect(await shop.in(readHeldChanges)).toEqual([held]);
    expect(await decide(held?.id ?? '', 'discard')).toMatchObject({ outcome: 'done' });
    expect(await decide(held?.id ?? '', 'release')).toEqual({ outcome: 'gone' });
    expect(await shop.in(inForce)).toBe(1);
  });

  test('a newer computation takes the place of one that nobody decided on, which cannot be released any more', async () => {
    await moveTheStore();
    await nightly(shop.ctx, shop.shopId);
    const [old] = await shop.in(readHeldChanges);
    shop.clock.advance(86_400_000);
    await nightly(shop.ctx, shop.shopId);
    const [now, ...others] = await shop.in(readHeldChanges);
    expect(others).toEqual([]);
    expect(now?.id).not.toBe(old?.id);
    expect(await decide(old?.id ?? '', 'release')).toEqual({ outcome: 'gone' });
    expect(await shop.in(inForce)).toBe(1);
    expect(await shop.in((tx) => readDecidedChanges(tx, 5))).toMatchObject([
      { id: old?.id, state: 'replaced' },
    ]);
  });

  test('another live segment since: the new counts are shown first', async () => {
    await moveTheStore();
    await nightly(shop.ctx, shop.shopId);
    const [held] = await shop.in(readHeldChanges);
    await shop.in((tx) => tx.query(`UPDATE segment SET status = 'live' WHERE key = 'paused'`));
    expect(await decide(held?.id ?? '', 'release')).toEqual({ outcome: 'changed' });
    const [again] = await shop.in(readHeldChanges);
    expect(again?.changes.map(({ key }) => key)).toEqual(['high', 'paused']);
    expect(await decide(again?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
  });

  test('in the sale season nothing is put in force, not even by release; after it, it is', async () => {
    await moveTheStore();
    await nightly(shop.ctx, shop.shopId);
    const [held] = await shop.in(readHeldChanges);
    await shop.in((tx) => storeHoldPeriod(tx, { from: LATER, to: '2026-12-26' as LocalDate }));
    expect(await decide(held?.id ?? '', 'release')).toEqual({ outcome: 'on_hold', until: '2026-12-26' });
    expect((await nightly(shop.ctx, shop.shopId)).publication).toEqual({ outcome: 'on_hold' });
    expect(await recomputeShop(shop.ctx, shop.shopId, { cause: 'policy', publish: 'force' })).toMatchObject({
      published: 'on_hold',
    });
    expect(await shop.in(inForce)).toBe(1);
    shop.clock.set(startOfDay('2026-12-27' as LocalDate, ARITHMETIC_TIME_ZONE));
    expect(await decide(held?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
    expect(await shop.in(inForce)).toBe(2);
  });

  test('a paused run leaves those who wait as they were, and goes on with a word or the night', async () => {
    await moveTheStore();
    await nightly(shop.ctx, shop.shopId);
    const [held] = await shop.in(readHeldChanges);
    await decide(held?.id ?? '', 'release');
    const who = { actor: 'anna', now: shop.clock.now() };
    expect(await shop.in((tx) => pauseRun(tx, 'cut_points', who))).toBe(true);
    expect(await shop.in((tx) => pauseRun(tx, 'cut_points', who))).toBe(false);
    const before = await shop.memberships();
    expect(await reviewDue(shop.ctx, shop.shopId)).toMatchObject({ reviewed: 0 });
    expect(await shop.memberships()).toEqual(before);
    expect(await shop.in(readRuns)).toMatchObject([{ state: 'paused', done: 0, total: 200 }]);
    expect(await shop.in((tx) => resumeRuns(tx, { kind: 'cut_points', ...who }))).toEqual(['cut_points']);
    expect(await reviewDue(shop.ctx, shop.shopId)).toMatchObject({ reviewed: 200 });
    expect(await shop.in(readRuns)).toEqual([]);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ scores: 0, memberships: 0 });
  });
});

describe('a run over the whole store', () => {
  /** 150 people get their first order of the segment's kind by an import. */
  async function importMany(customers = 150): Promise<void> {
    await shop.in(async (tx) => {
      await putSegments(tx, {
        'big-spenders': { rule: { v: 1, where: { field: 'spent', op: 'gte', value: 800_000 } } },
      });
      await putOrders(tx, ordersOf(Array.from({ length: customers }, (_, i) => i + 1)));
    });
  }
  const recompute = (cause: 'import' | 'timezone' | 'policy') =>
    recomputeShop(shop.ctx, shop.shopId, { cause, publish: 'never', chunk: 70 });

  test('computes everything and holds the tags of those who change; release writes them', async () => {
    await importMany();
    expect(await recompute('import')).toMatchObject({ held: 150 });
    expect((await shop.memberships()).filter((one) => one.endsWith('big-spenders'))).toHaveLength(150);
    expect(await shop.in(outbox)).toEqual(
      Array.from({ length: (await shop.in(outbox)).length }, () => ({
        id: expect.any(String) as string,
        held: true,
      })),
    );
    expect(await shop.in(claim)).toMatchObject({ taken: 0 });
    expect(await shop.in((tx) => readTagStatus(tx, shop.clock.now()))).toMatchObject({ customersWaiting: 0 });
    const [held] = await shop.in(readHeldChanges);
    expect(held).toMatchObject({
      cause: 'import',
      subject: 'outbox',
      affected: 150,
      changes: [{ key: 'high' }, { key: 'big-spenders', tag: 'regulars-big-spenders', gains: 150, loses: 0 }],
    });
    expect(await decide(held?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
    expect((await shop.in(claim)).writes).toHaveLength(150);
  });

  test('discard leaves their tags until something else changes for one of them', async () => {
    await importMany();
    await recompute('timezone');
    const [held] = await shop.in(readHeldChanges);
    expect(held).toMatchObject({ cause: 'timezone' });
    await decide(held?.id ?? '', 'discard');
    expect(await shop.in(outbox)).toEqual([]);
    await happen([7], 'refund', 700_000);
    expect((await shop.in(claim)).writes).toMatchObject([{ customerId: '7', add: ['regulars-high'] }]);
  });

  test('an own order sets a held customer free at once; the clock and mass causes do not', async () => {
    await importMany();
    await recompute('import');
    await happen([7], 'clock', 10);
    await happen([8], 'activation', 10);
    expect((await shop.in(outbox)).filter(({ held }) => !held)).toEqual([]);
    await happen([9], 'order', 10);
    expect((await shop.in(outbox)).filter(({ held }) => !held)).toEqual([{ id: '9', held: false }]);
    const [held] = await shop.in(readHeldChanges);
    await decide(held?.id ?? '', 'discard');
    expect(await shop.in(outbox)).toEqual([{ id: '9', held: false }]);
  });

  test('who waited before keeps waiting through a discard', async () => {
    await importMany();
    await shop.in((tx) =>
      tx.query(sql`INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before)
                   VALUES (${shop.shopId}, 5, '2020-01-01', '2020-01-01')`),
    );
    await recompute('import');
    expect((await shop.in(outbox)).find(({ id }) => id === '5')).toEqual({ id: '5', held: true });
    const [held] = await shop.in(readHeldChanges);
    await decide(held?.id ?? '', 'discard');
    expect(await shop.in(outbox)).toEqual([{ id: '5', held: false }]);
  });

  test('few people, or an approved cause: written at once', async () => {
    await importMany(20);
    expect(await recompute('import')).toMatchObject({ held: 0 });
    expect((await shop.in(outbox)).filter(({ held }) => held)).toEqual([]);
    expect(await shop.in(readHeldChanges)).toEqual([]);
    await importManyMore();
    expect(await recompute('policy')).toMatchObject({ held: 0 });
    expect((await shop.in(outbox)).filter(({ held }) => held)).toEqual([]);
  });
  const importManyMore = () =>
    shop.in((tx) => putOrders(tx, ordersOf(Array.from({ length: 150 }, (_, i) => i + 1))));

  test('an approved run waits with a time zone that nobody approved', async () => {
    await importMany();
    const heldOf = async () => (await shop.in(outbox)).map(({ held }) => held);
    await shop.in((tx) => startRun(tx, { kind: 'timezone', total: 0, now: shop.clock.now() }));
    const who = { actor: 'anna', now: shop.clock.now() };
    await shop.in((tx) => pauseRun(tx, 'timezone', who));
    expect(await recompute('policy')).toMatchObject({ held: 0 });
    const waiting = await heldOf();
    expect(waiting.length).toBeGreaterThanOrEqual(150);
    expect(new Set(waiting)).toEqual(new Set([true]));
    expect(await shop.in(readHeldChanges)).toEqual([]);
    await shop.in((tx) => resumeRuns(tx, { kind: 'timezone', ...who }));
    expect(await recompute('timezone')).toMatchObject({ held: 150 });
    expect(await shop.in(readHeldChanges)).toMatchObject([{ cause: 'timezone', affected: 150 }]);
    // The next approved run has nothing to wait for.
    await shop.in(settleTags);
    await shop.in((tx) => putOrders(tx, ordersOf([160, 161])));
    await recompute('policy');
    expect(await heldOf()).toEqual([false, false]);
  });

  test('a time zone that changes in the middle of an approved run stops what is left of it, not what was done', async () => {
    await importMany();
    const chunks: number[] = [];
    await recomputeShop(shop.ctx, shop.shopId, {
      cause: 'policy',
      publish: 'never',
      chunk: 70,
      onProgress: async (step, done) => {
        if (step !== 'memberships' || chunks.push(done) > 1) return;
        await shop.in((tx) => startRun(tx, { kind: 'timezone', total: 0, now: shop.clock.now() }));
      },
    });
    const held = (await shop.in(outbox)).filter(({ held }) => held);
    const free = (await shop.in(outbox)).filter(({ held }) => !held);
    expect(held.length).toBeGreaterThanOrEqual(80);
    expect(free.length).toBeGreaterThanOrEqual(70);
    // Few enough for the brake: the run of the time zone lets them go.
    expect(await recompute('timezone')).toMatchObject({ held: 0 });
    expect((await shop.in(outbox)).filter(({ held }) => held)).toEqual([]);
  });

  test('who is due by the new days waits for the run that counts them; an own order does not', async () => {
    await shop.in((tx) => startRun(tx, { kind: 'timezone', total: 0, now: shop.clock.now() }));
    await importMany();
    await shop.in((tx) =>
      tx.query(sql`UPDATE profile SET spent_minor = 900000, next_review_at = ${shop.clock.now()}`),
    );
    await reviewDue(shop.ctx, shop.shopId, { batch: 70 });
    const waiting = await shop.in(outbox);
    expect(waiting.length).toBeGreaterThanOrEqual(150);
    expect(waiting.filter(({ held }) => !held)).toEqual([]);
    await happen([9], 'order', 10);
    expect((await shop.in(outbox)).filter(({ held }) => !held)).toEqual([{ id: '9', held: false }]);
  });

  test('killed in the middle, the next run goes on with the same hold', async () => {
    await importMany();
    let chunks = 0;
    const dying = recomputeShop(shop.ctx, shop.shopId, {
      cause: 'import',
      publish: 'never',
      chunk: 70,
      onProgress: (step) => {
        if (step === 'memberships' && ++chunks === 1) throw new Error('killed');
      },
    });
    await expect(dying).rejects.toThrow('killed');
    expect((await shop.in(outbox)).every(({ held }) => held)).toBe(true);
    expect(await shop.in(readHeldChanges)).toEqual([]);
    expect(await recompute('import')).toMatchObject({ held: 150 });
    expect(await shop.in(readHeldChanges)).toHaveLength(1);
  });

  test('a pause ends after the chunk; going on ends as if it had never been', async () => {
    await importMany();
    const who = { actor: 'anna', now: shop.clock.now() };
    const paused = await recomputeShop(shop.ctx, shop.shopId, {
      cause: 'timezone',
      publish: 'never',
      chunk: 70,
      onProgress: async (step, done) => {
        if (step === 'memberships' && done === 70) await shop.in((tx) => pauseRun(tx, 'timezone', who));
      },
    });
    expect(paused).toMatchObject({ paused: true });
    expect(await shop.in(readRuns)).toMatchObject([{ kind: 'timezone', state: 'paused' }]);
    await shop.in((tx) => resumeRuns(tx, { actor: null, now: shop.clock.now() }));
    expect(await recompute('timezone')).toMatchObject({ paused: false, held: 150 });
    expect(await shop.in(readRuns)).toEqual([]);
    expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
  });
});

test('another feature holds the customers that it names', async () => {
  await shop.in((tx) => putSegments(tx, { buyers: { rule: BUYERS } }));
  await recomputeShop(shop.ctx, shop.shopId, { cause: 'rule', publish: 'never' });
  const free = await shop.in(outbox);
  const id = await shop.in((tx) =>
    holdCustomers(tx, { cause: 'loss', customers: ['1', '2'], now: shop.clock.now() }),
  );
  expect((await shop.in(outbox)).filter(({ held }) => held).map((row) => row.id)).toEqual(['1', '2']);
  expect(await shop.in(readHeldChanges)).toMatchObject([{ id, cause: 'loss', affected: 2 }]);
  await decide(id ?? '', 'release');
  expect(await shop.in(outbox)).toEqual(free);
  const nobody = await shop.in((tx) =>
    holdCustomers(tx, { cause: 'loss', customers: [], now: shop.clock.now() }),
  );
  expect(nobody).toBeNull();
});

test('the numbers of a run are those of the customers who are left', async () => {
  await shop.in((tx) => startRun(tx, { kind: 'policy', total: 10, now: shop.clock.now() }));
  expect(await shop.in(readRuns)).toMatchObject([{ kind: 'policy', done: 0, total: 10 }]);
  await shop.in((tx) => finishRun(tx, 'policy'));
  expect(await shop.in(readRuns)).toEqual([]);
});
