/** Runs over the whole store that nobody has approved hold what they move; a live change of one of them does not wait. */
import { describe, expect, test } from 'vitest';
import { readTagStatus } from '../../../app/activation/tags/read-tag-status.server.ts';
import { sql } from '../../../app/db/sql.ts';
import {
  finishRun,
  pauseRun,
  readRuns,
  resumeRuns,
  startRun,
} from '../../../app/pipeline/background-run.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { holdCustomers, readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { putSegments } from '../../support/segment-shop.ts';
import { brakeStage } from './brake-stage.ts';

const stage = brakeStage();
const { settleTags, ordersOf, happen, decide, outbox, claim } = stage;
const BUYERS: Rule = { v: 1, where: { field: 'orders', op: 'gte', value: 1 } };

describe('a run over the whole store', () => {
  /** 150 people get their first order of the segment's kind by an import. */
  async function importMany(customers = 150): Promise<void> {
    await stage.shop.in(async (tx) => {
      await putSegments(tx, {
        'big-spenders': { rule: { v: 1, where: { field: 'spent', op: 'gte', value: 800_000 } } },
      });
      await putOrders(tx, ordersOf(Array.from({ length: customers }, (_, i) => i + 1)));
    });
  }
  const recompute = (cause: 'import' | 'timezone' | 'policy') =>
    recomputeShop(stage.shop.ctx, stage.shop.shopId, { cause, publish: 'never', chunk: 70 });

  test('computes everything and holds the tags of those who change; release writes them', async () => {
    await importMany();
    expect(await recompute('import')).toMatchObject({ held: 150 });
    expect((await stage.shop.memberships()).filter((one) => one.endsWith('big-spenders'))).toHaveLength(150);
    expect(await stage.shop.in(outbox)).toEqual(
      Array.from({ length: (await stage.shop.in(outbox)).length }, () => ({
        id: expect.any(String) as string,
        held: true,
      })),
    );
    expect(await stage.shop.in(claim)).toMatchObject({ taken: 0 });
    expect(await stage.shop.in((tx) => readTagStatus(tx, stage.shop.clock.now()))).toMatchObject({
      customersWaiting: 0,
    });
    const [held] = await stage.shop.in(readHeldChanges);
    expect(held).toMatchObject({
      cause: 'import',
      subject: 'outbox',
      affected: 150,
      changes: [{ key: 'high' }, { key: 'big-spenders', tag: 'regulars-big-spenders', gains: 150, loses: 0 }],
    });
    expect(await decide(held?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
    expect((await stage.shop.in(claim)).writes).toHaveLength(150);
  });

  test('discard leaves their tags until something else changes for one of them', async () => {
    await importMany();
    await recompute('timezone');
    const [held] = await stage.shop.in(readHeldChanges);
    expect(held).toMatchObject({ cause: 'timezone' });
    await decide(held?.id ?? '', 'discard');
    expect(await stage.shop.in(outbox)).toEqual([]);
    await happen([7], 'refund', 700_000);
    expect((await stage.shop.in(claim)).writes).toMatchObject([{ customerId: '7', add: ['regulars-high'] }]);
  });

  test('an own order sets a held customer free at once; the clock and mass causes do not', async () => {
    await importMany();
    await recompute('import');
    await happen([7], 'clock', 10);
    await happen([8], 'activation', 10);
    expect((await stage.shop.in(outbox)).filter(({ held }) => !held)).toEqual([]);
    await happen([9], 'order', 10);
    expect((await stage.shop.in(outbox)).filter(({ held }) => !held)).toEqual([{ id: '9', held: false }]);
    const [held] = await stage.shop.in(readHeldChanges);
    await decide(held?.id ?? '', 'discard');
    expect(await stage.shop.in(outbox)).toEqual([{ id: '9', held: false }]);
  });

  test('who waited before keeps waiting through a discard', async () => {
    await importMany();
    await stage.shop.in((tx) =>
      tx.query(sql`INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before)
                   VALUES (${stage.shop.shopId}, 5, '2020-01-01', '2020-01-01')`),
    );
    await recompute('import');
    expect((await stage.shop.in(outbox)).find(({ id }) => id === '5')).toEqual({ id: '5', held: true });
    const [held] = await stage.shop.in(readHeldChanges);
    await decide(held?.id ?? '', 'discard');
    expect(await stage.shop.in(outbox)).toEqual([{ id: '5', held: false }]);
  });

  test('few people, or an approved cause: written at once', async () => {
    await importMany(20);
    expect(await recompute('import')).toMatchObject({ held: 0 });
    expect((await stage.shop.in(outbox)).filter(({ held }) => held)).toEqual([]);
    expect(await stage.shop.in(readHeldChanges)).toEqual([]);
    await importManyMore();
    expect(await recompute('policy')).toMatchObject({ held: 0 });
    expect((await stage.shop.in(outbox)).filter(({ held }) => held)).toEqual([]);
  });
  const importManyMore = () =>
    stage.shop.in((tx) => putOrders(tx, ordersOf(Array.from({ length: 150 }, (_, i) => i + 1))));

  test('an approved run waits with a time zone that nobody approved', async () => {
    await importMany();
    const heldOf = async () => (await stage.shop.in(outbox)).map(({ held }) => held);
    await stage.shop.in((tx) => startRun(tx, { kind: 'timezone', total: 0, now: stage.shop.clock.now() }));
    const who = { actor: 'anna', now: stage.shop.clock.now() };
    await stage.shop.in((tx) => pauseRun(tx, 'timezone', who));
    expect(await recompute('policy')).toMatchObject({ held: 0 });
    const waiting = await heldOf();
    expect(waiting.length).toBeGreaterThanOrEqual(150);
    expect(new Set(waiting)).toEqual(new Set([true]));
    expect(await stage.shop.in(readHeldChanges)).toEqual([]);
    await stage.shop.in((tx) => resumeRuns(tx, { kind: 'timezone', ...who }));
    expect(await recompute('timezone')).toMatchObject({ held: 150 });
    expect(await stage.shop.in(readHeldChanges)).toMatchObject([{ cause: 'timezone', affected: 150 }]);
    // The next approved run has nothing to wait for.
    await stage.shop.in(settleTags);
    await stage.shop.in((tx) => putOrders(tx, ordersOf([160, 161])));
    await recompute('policy');
    expect(await heldOf()).toEqual([false, false]);
  });

  test('a time zone that changes in the middle of an approved run stops what is left of it, not what was done', async () => {
    await importMany();
    const chunks: number[] = [];
    await recomputeShop(stage.shop.ctx, stage.shop.shopId, {
      cause: 'policy',
      publish: 'never',
      chunk: 70,
      onProgress: async (step, done) => {
        if (step !== 'memberships' || chunks.push(done) > 1) return;
        await stage.shop.in((tx) =>
          startRun(tx, { kind: 'timezone', total: 0, now: stage.shop.clock.now() }),
        );
      },
    });
    const held = (await stage.shop.in(outbox)).filter(({ held }) => held);
    const free = (await stage.shop.in(outbox)).filter(({ held }) => !held);
    expect(held.length).toBeGreaterThanOrEqual(80);
    expect(free.length).toBeGreaterThanOrEqual(70);
    // Few enough for the brake: the run of the time zone lets them go.
    expect(await recompute('timezone')).toMatchObject({ held: 0 });
    expect((await stage.shop.in(outbox)).filter(({ held }) => held)).toEqual([]);
  });

  test('who is due by the new days waits for the run that counts them; an own order does not', async () => {
    await stage.shop.in((tx) => startRun(tx, { kind: 'timezone', total: 0, now: stage.shop.clock.now() }));
    await importMany();
    await stage.shop.in((tx) =>
      tx.query(sql`UPDATE profile SET spent_minor = 900000, next_review_at = ${stage.shop.clock.now()}`),
    );
    await reviewDue(stage.shop.ctx, stage.shop.shopId, { batch: 70 });
    const waiting = await stage.shop.in(outbox);
    expect(waiting.length).toBeGreaterThanOrEqual(150);
    expect(waiting.filter(({ held }) => !held)).toEqual([]);
    await happen([9], 'order', 10);
    expect((await stage.shop.in(outbox)).filter(({ held }) => !held)).toEqual([{ id: '9', held: false }]);
  });

  test('killed in the middle, the next run goes on with the same hold', async () => {
    await importMany();
    let chunks = 0;
    const dying = recomputeShop(stage.shop.ctx, stage.shop.shopId, {
      cause: 'import',
      publish: 'never',
      chunk: 70,
      onProgress: (step) => {
        if (step === 'memberships' && ++chunks === 1) throw new Error('killed');
      },
    });
    await expect(dying).rejects.toThrow('killed');
    expect((await stage.shop.in(outbox)).every(({ held }) => held)).toBe(true);
    expect(await stage.shop.in(readHeldChanges)).toEqual([]);
    expect(await recompute('import')).toMatchObject({ held: 150 });
    expect(await stage.shop.in(readHeldChanges)).toHaveLength(1);
  });

  test('a pause ends after the chunk; going on ends as if it had never been', async () => {
    await importMany();
    const who = { actor: 'anna', now: stage.shop.clock.now() };
    const paused = await recomputeShop(stage.shop.ctx, stage.shop.shopId, {
      cause: 'timezone',
      publish: 'never',
      chunk: 70,
      onProgress: async (step, done) => {
        if (step === 'memberships' && done === 70) await stage.shop.in((tx) => pauseRun(tx, 'timezone', who));
      },
    });
    expect(paused).toMatchObject({ paused: true });
    expect(await stage.shop.in(readRuns)).toMatchObject([{ kind: 'timezone', state: 'paused' }]);
    await stage.shop.in((tx) => resumeRuns(tx, { actor: null, now: stage.shop.clock.now() }));
    expect(await recompute('timezone')).toMatchObject({ paused: false, held: 150 });
    expect(await stage.shop.in(readRuns)).toEqual([]);
    expect(await checkDrift(stage.shop.ctx, stage.shop.shopId)).toMatchObject({
      profiles: 0,
      scores: 0,
      memberships: 0,
    });
  });
});

test('another feature holds the customers that it names', async () => {
  await stage.shop.in((tx) => putSegments(tx, { buyers: { rule: BUYERS } }));
  await recomputeShop(stage.shop.ctx, stage.shop.shopId, { cause: 'rule', publish: 'never' });
  const free = await stage.shop.in(outbox);
  const id = await stage.shop.in((tx) =>
    holdCustomers(tx, { cause: 'loss', customers: ['1', '2'], now: stage.shop.clock.now() }),
  );
  expect((await stage.shop.in(outbox)).filter(({ held }) => held).map((row) => row.id)).toEqual(['1', '2']);
  expect(await stage.shop.in(readHeldChanges)).toMatchObject([{ id, cause: 'loss', affected: 2 }]);
  await decide(id ?? '', 'release');
  expect(await stage.shop.in(outbox)).toEqual(free);
  const nobody = await stage.shop.in((tx) =>
    holdCustomers(tx, { cause: 'loss', customers: [], now: stage.shop.clock.now() }),
  );
  expect(nobody).toBeNull();
});

test('the numbers of a run are those of the customers who are left', async () => {
  await stage.shop.in((tx) => startRun(tx, { kind: 'policy', total: 10, now: stage.shop.clock.now() }));
  expect(await stage.shop.in(readRuns)).toMatchObject([{ kind: 'policy', done: 0, total: 10 }]);
  await stage.shop.in((tx) => finishRun(tx, 'policy'));
  expect(await stage.shop.in(readRuns)).toEqual([]);
});
