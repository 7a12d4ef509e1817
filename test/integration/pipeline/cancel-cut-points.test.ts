/** New cut points, cancelled while everybody is evaluated by them: the numbers of before are in force again, and kept. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { readRuns, readShownRuns } from '../../../app/pipeline/background-run.server.ts';
import { cancelRun } from '../../../app/pipeline/cancel-run.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { readDecidedChanges, readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { nightly } from '../../../app/pipeline/nightly.server.ts';
import { allowNumbers, readKeptOut } from '../../../app/pipeline/numbers-kept-out.server.ts';
import { reviewBatch, reviewDue } from '../../../app/pipeline/review-due.server.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import { crashingDb } from '../../support/crashing-db.ts';
import { brakeStage, LATER } from './brake-stage.ts';

const stage = brakeStage();
const { happen, moveTheStore, decide, inForce } = stage;

/** Many move: released by a person. The segments remember who came and went. */
async function release(): Promise<void> {
  await moveTheStore();
  await nightly(stage.shop.ctx, stage.shop.shopId);
  const [held] = await stage.shop.in(readHeldChanges);
  expect(await decide(held?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
  await stage.shop.in((tx) =>
    tx.query(sql`UPDATE segment SET settings = '{"minimumStayDays": 30, "rejoinAfterDays": 30}'
                  WHERE shop_id = ${stage.shop.shopId}`),
  );
}
const runId = async () => (await stage.shop.in(readRuns))[0]?.id ?? '';
const cancel = async (id?: string) =>
  cancelRun(stage.shop.ctx, stage.shop.shopId, { id: id ?? (await runId()), actor: 'anna' });

const stateOf = () =>
  stage.shop.in(async (tx) => {
    const { rows } = await tx.query<{ all: unknown }>(sql`
      SELECT jsonb_build_object(
        'members', (SELECT jsonb_agg(jsonb_build_array(customer_id, segment_id, since, cause, evidence, rule_version, cut_points_version)
                                     ORDER BY segment_id, customer_id) FROM membership),
        'scores', (SELECT jsonb_agg(to_jsonb(s) ORDER BY customer_id) FROM score s),
        'waiting', (SELECT jsonb_agg(to_jsonb(l) ORDER BY segment_id, customer_id) FROM membership_left l)) AS all`);
    return rows[0]?.all;
  });

describe('released by a person', () => {
  test.each([0, 1, 3])(
    'and cancelled after %i batches: as before, kept out for 30 days, and let in again',
    async (batches) => {
      await moveTheStore();
      const { shop } = stage;
      const before = await stateOf();
      await nightly(shop.ctx, shop.shopId);
      const [held] = await shop.in(readHeldChanges);
      await decide(held?.id ?? '', 'release');
      const id = await runId();
      for (let i = 0; i < batches; i++) await reviewBatch(shop.ctx, shop.shopId, { batch: 60 });
      shop.clock.advance(60_000);
      expect(await shop.in(readShownRuns)).toMatchObject([{ kind: 'cut_points', way: 'open' }]);
      expect(await cancel()).toBe('done');
      expect(await cancel(id)).toBe('already');
      expect(await shop.in(inForce)).toBe(1);
      expect(await shop.in(readShownRuns)).toMatchObject([{ way: 'going_back', done: 0, total: 200 }]);
      await reviewDue(shop.ctx, shop.shopId, { batch: 60 });
      expect(await shop.in(readRuns)).toEqual([]);
      expect(await cancel(id)).toBe('gone');
      expect(await stateOf()).toEqual(before);
      expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({
        profiles: 0,
        scores: 0,
        memberships: 0,
      });
      expect(await shop.in((tx) => readDecidedChanges(tx, 5))).toMatchObject([
        { subject: 'cut_points', version: 2, state: 'discarded', actor: 'anna' },
        { subject: 'cut_points', version: 2, state: 'released' },
      ]);

      // The next night's numbers are close to those that were cancelled.
      shop.clock.advance(3_600_000);
      expect((await nightly(shop.ctx, shop.shopId)).publication).toEqual({ outcome: 'discarded_before' });
      const kept = await shop.in((tx) => readKeptOut(tx, LATER));
      expect(kept).toMatchObject({ version: 2, until: '2027-01-21' });
      expect(await shop.in((tx) => readKeptOut(tx, '2027-01-21' as LocalDate))).toBeNull();
      const word = { id: kept?.id ?? '', actor: 'anna', now: shop.clock.now() };
      expect(await shop.in((tx) => allowNumbers(tx, word))).toBe(true);
      expect(await shop.in((tx) => allowNumbers(tx, word))).toBe(false);
      expect(await shop.in((tx) => readKeptOut(tx, LATER))).toBeNull();
      expect((await nightly(shop.ctx, shop.shopId)).publication).toMatchObject({ outcome: 'held' });
    },
  );

  test('nobody stays or waits because of what was cancelled', async () => {
    await release();
    const { shop } = stage;
    const before = await shop.memberships();
    // Who is among the first is not said, so as many as it takes to meet one whom it moves; not everybody.
    const moved = async () => JSON.stringify(await shop.memberships()) !== JSON.stringify(before);
    for (let batches = 0; batches < 19 && !(await moved()); batches++) {
      await reviewBatch(shop.ctx, shop.shopId, { batch: 10 });
    }
    expect(await moved()).toBe(true);
    shop.clock.advance(60_000);
    expect(await cancel()).toBe('done');
    await reviewDue(shop.ctx, shop.shopId, { batch: 50 });
    expect(await shop.memberships()).toEqual(before);
    expect(await shop.in((tx) => tx.query('SELECT 1 FROM membership_left'))).toMatchObject({ rowCount: 0 });
  });

  test('newer numbers in force since, or of another shop: nothing is cancelled', async () => {
    await release();
    const { shop } = stage;
    const id = await runId();
    await shop.in((tx) =>
      tx.query(sql`
        INSERT INTO cut_points SELECT shop_id, 9, computed_at, ${shop.clock.now()}, as_of, buyers, frequency, monetary_minor,
          recency_days, rhythm_days, gaps, spent_percentiles FROM cut_points WHERE version = 2`),
    );
    expect(await cancel(id)).toBe('no_way_back');
    expect(await shop.in(inForce)).toBe(9);
    for (const wrong of ['', '0', 'x', '9'.repeat(30)]) expect(await cancel(wrong)).toBe('gone');
  });
});

test('few enough for the brake to let them pass: cancelled all the same', async () => {
  const { shop } = stage;
  // Nobody's tags would change; who is in the paused segment does.
  await shop.in((tx) => tx.query(`UPDATE segment SET status = 'draft' WHERE key = 'high'`));
  await moveTheStore();
  const before = await stateOf();
  const { db } = shop.ctx;
  const dying: typeof db = {
    ...db,
    async inShop(shopId, work) {
      if ((await shop.in(inForce)) === 2) throw new Error('killed');
      return db.inShop(shopId, work);
    },
  };
  await expect(nightly({ ...shop.ctx, db: dying }, shop.shopId)).rejects.toThrow('killed');
  expect(await shop.in(readShownRuns)).toMatchObject([{ kind: 'cut_points', way: 'open', total: 200 }]);
  expect(await shop.in(readHeldChanges)).toEqual([]);
  await reviewBatch(shop.ctx, shop.shopId, { batch: 90 });
  expect(await stateOf()).not.toEqual(before);
  shop.clock.advance(60_000);
  expect(await cancel()).toBe('done');
  await reviewDue(shop.ctx, shop.shopId);
  expect(await stateOf()).toEqual(before);
  expect((await nightly(shop.ctx, shop.shopId)).publication).toEqual({ outcome: 'discarded_before' });
});

test('cancelled at a random instant, killed and met by orders on both ways: as if nothing had been published', async () => {
  const deaths = fc.array(fc.integer({ min: 1, max: 120 }), { maxLength: 2 });
  let cancelled = 0;
  await fc.assert(
    fc.asyncProperty(
      deaths, fc.integer({ min: 1, max: 120 }), deaths,
      fc.uniqueArray(fc.integer({ min: 151, max: 200 }), { maxLength: 3 }),
      async (there, instant, back, ordering) => {
        await stage.renew();
        await moveTheStore();
        const { shop } = stage;
        const before = await shop.memberships();
        await nightly(shop.ctx, shop.shopId);
        const [held] = await shop.in(readHeldChanges);
        await decide(held?.id ?? '', 'release');
        const dying = crashingDb(stage.t.db);
        const work = () => reviewDue({ ...shop.ctx, db: dying }, shop.shopId, { batch: 30 });
        for (const n of [...there, instant]) await dying.dyingAt(n, work);
        shop.clock.advance(1_000);
        if ((await cancel()) === 'gone') return;
        cancelled += 1;
        for (const n of back) await dying.dyingAt(n, work);
        shop.clock.advance(1_000);
        await happen(ordering, 'order', 100);
        await work();
        const theirs = (member: string) => ordering.some((id) => member.startsWith(`${id} `));
        expect((await shop.memberships()).filter((one) => !theirs(one))).toEqual(before.filter((one) => !theirs(one)));
        expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
      },
    ),
    { numRuns: 6, endOnFailure: true },
  );
  expect(cancelled).toBeGreaterThan(2);
}, 180_000); // prettier-ignore
