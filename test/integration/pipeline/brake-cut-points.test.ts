/** New cut points that would move many people wait for a person. */
import { describe, expect, test } from 'vitest';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { pauseRun, readRuns, resumeRuns } from '../../../app/pipeline/background-run.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { decideHeldChange } from '../../../app/pipeline/decide-held-change.server.ts';
import { readDecidedChanges, readHeldChanges } from '../../../app/pipeline/held-change.server.ts';
import { nightly } from '../../../app/pipeline/nightly.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { storeHoldPeriod } from '../../../app/value/hold-period.server.ts';
import { ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { createArithmeticShop } from '../../support/segment-shop.ts';
import { brakeStage, LATER } from './brake-stage.ts';

const stage = brakeStage();
const { happen, moveTheStore, decide, inForce, outbox } = stage;

describe('cut points', () => {
  test('are computed, shown with their effect, and in force for nobody until released', async () => {
    await moveTheStore();
    const before = await stage.shop.memberships();
    const night = await nightly(stage.shop.ctx, stage.shop.shopId, { chunk: 70 });
    expect(night.drift).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
    expect(night.publication).toMatchObject({ outcome: 'held', version: 2 });
    const [held, ...others] = await stage.shop.in(readHeldChanges);
    expect(others).toEqual([]);
    expect(held).toMatchObject({ cause: 'refit', subject: 'cut_points', version: 2, state: 'held' });
    expect(await stage.shop.memberships()).toEqual(before);
    expect(await stage.shop.in(outbox)).toEqual([]);
    expect(await stage.shop.in(inForce)).toBe(1);

    expect(await decide(held?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
    const [run] = await stage.shop.in(readRuns);
    expect(run).toMatchObject({ kind: 'cut_points', state: 'running', done: 0, total: 200 });
    await reviewDue(stage.shop.ctx, stage.shop.shopId, { batch: 50 });
    expect(await stage.shop.in(readRuns)).toEqual([]);
    // The effect that was shown is the one that came.
    const after = await stage.shop.memberships();
    const live = (all: string[]) => new Set(all.filter((one) => one.endsWith(' high')));
    const [was, is] = [live(before), live(after)];
    const gained = [...is].filter((one) => !was.has(one)).length;
    const lost = [...was].filter((one) => !is.has(one)).length;
    expect(gained + lost).toBeGreaterThanOrEqual(100);
    expect(held?.affected).toBe(gained + lost);
    expect(held?.changes).toEqual([
      { key: 'high', name: 'high', tag: 'regulars-high', gains: gained, loses: lost },
    ]);
    expect(await stage.shop.in(outbox)).toHaveLength(gained + lost);
    const { rows } = await stage.shop.in((tx) => tx.query('SELECT act, actor, review FROM approval'));
    expect(rows).toMatchObject([
      {
        act: 'release_change',
        actor: 'anna',
        review: { customersAffected: gained + lost, subject: 'cut_points' },
      },
    ]);
    expect(await checkDrift(stage.shop.ctx, stage.shop.shopId)).toMatchObject({
      profiles: 0,
      scores: 0,
      memberships: 0,
    });
    expect(await decide(held?.id ?? '', 'discard')).toEqual({ outcome: 'gone' });
  });

  test('that were discarded are not proposed again; a later computation that differs is', async () => {
    await moveTheStore();
    await nightly(stage.shop.ctx, stage.shop.shopId);
    const [held] = await stage.shop.in(readHeldChanges);
    expect(await decide(held?.id ?? '', 'discard')).toMatchObject({ outcome: 'done' });
    stage.shop.clock.advance(3_600_000);
    expect((await nightly(stage.shop.ctx, stage.shop.shopId)).publication).toEqual({
      outcome: 'discarded_before',
    });
    expect(await stage.shop.in(readHeldChanges)).toEqual([]);
    expect(await stage.shop.in(inForce)).toBe(1);
    await happen(
      Array.from({ length: 150 }, (_, i) => i + 1),
      'order',
      2_000_000,
    );
    expect((await nightly(stage.shop.ctx, stage.shop.shopId)).publication).toMatchObject({ outcome: 'held' });
  });

  test('are not decided by another shop, nor by anything that is no number of a held change', async () => {
    await moveTheStore();
    await nightly(stage.shop.ctx, stage.shop.shopId);
    const [held] = await stage.shop.in(readHeldChanges);
    const now = stage.shop.clock.now();
    const other = await createArithmeticShop(stage.t, { now });
    for (const decision of ['release', 'discard'] as const) {
      const word = { id: held?.id ?? '', decision, actor: 'eve', now };
      expect(await decideHeldChange(other.ctx, other.shopId, word)).toEqual({ outcome: 'gone' });
      for (const id of ['', '0', '-1', '1e3', `${held?.id} `, '9'.repeat(30)]) {
        expect(await decide(id, decision)).toEqual({ outcome: 'gone' });
      }
    }
    expect(await stage.shop.in(readHeldChanges)).toEqual([held]);
    expect(await decide(held?.id ?? '', 'discard')).toMatchObject({ outcome: 'done' });
    expect(await decide(held?.id ?? '', 'release')).toEqual({ outcome: 'gone' });
    expect(await stage.shop.in(inForce)).toBe(1);
  });

  test('a newer computation takes the place of one that nobody decided on, which cannot be released any more', async () => {
    await moveTheStore();
    await nightly(stage.shop.ctx, stage.shop.shopId);
    const [old] = await stage.shop.in(readHeldChanges);
    stage.shop.clock.advance(86_400_000);
    await nightly(stage.shop.ctx, stage.shop.shopId);
    const [now, ...others] = await stage.shop.in(readHeldChanges);
    expect(others).toEqual([]);
    expect(now?.id).not.toBe(old?.id);
    expect(await decide(old?.id ?? '', 'release')).toEqual({ outcome: 'gone' });
    expect(await stage.shop.in(inForce)).toBe(1);
    expect(await stage.shop.in((tx) => readDecidedChanges(tx, 5))).toMatchObject([
      { id: old?.id, state: 'replaced' },
    ]);
  });

  test('another live segment since: the new counts are shown first', async () => {
    await moveTheStore();
    await nightly(stage.shop.ctx, stage.shop.shopId);
    const [held] = await stage.shop.in(readHeldChanges);
    await stage.shop.in((tx) => tx.query(`UPDATE segment SET status = 'live' WHERE key = 'paused'`));
    expect(await decide(held?.id ?? '', 'release')).toEqual({ outcome: 'changed' });
    const [again] = await stage.shop.in(readHeldChanges);
    expect(again?.changes.map(({ key }) => key)).toEqual(['high', 'paused']);
    expect(await decide(again?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
  });

  test('in the sale season nothing is put in force, not even by release; after it, it is', async () => {
    await moveTheStore();
    await nightly(stage.shop.ctx, stage.shop.shopId);
    const [held] = await stage.shop.in(readHeldChanges);
    await stage.shop.in((tx) => storeHoldPeriod(tx, { from: LATER, to: '2026-12-26' as LocalDate }));
    expect(await decide(held?.id ?? '', 'release')).toEqual({ outcome: 'on_hold', until: '2026-12-26' });
    expect((await nightly(stage.shop.ctx, stage.shop.shopId)).publication).toEqual({ outcome: 'on_hold' });
    expect(
      await recomputeShop(stage.shop.ctx, stage.shop.shopId, { cause: 'policy', publish: 'force' }),
    ).toMatchObject({
      published: 'on_hold',
    });
    expect(await stage.shop.in(inForce)).toBe(1);
    stage.shop.clock.set(startOfDay('2026-12-27' as LocalDate, ARITHMETIC_TIME_ZONE));
    expect(await decide(held?.id ?? '', 'release')).toMatchObject({ outcome: 'done' });
    expect(await stage.shop.in(inForce)).toBe(2);
  });

  test('a paused run leaves those who wait as they were, and goes on with a word or the night', async () => {
    await moveTheStore();
    await nightly(stage.shop.ctx, stage.shop.shopId);
    const [held] = await stage.shop.in(readHeldChanges);
    await decide(held?.id ?? '', 'release');
    const who = { actor: 'anna', now: stage.shop.clock.now() };
    expect(await stage.shop.in((tx) => pauseRun(tx, 'cut_points', who))).toBe(true);
    expect(await stage.shop.in((tx) => pauseRun(tx, 'cut_points', who))).toBe(false);
    const before = await stage.shop.memberships();
    expect(await reviewDue(stage.shop.ctx, stage.shop.shopId)).toMatchObject({ reviewed: 0 });
    expect(await stage.shop.memberships()).toEqual(before);
    expect(await stage.shop.in(readRuns)).toMatchObject([{ state: 'paused', done: 0, total: 200 }]);
    expect(await stage.shop.in((tx) => resumeRuns(tx, { kind: 'cut_points', ...who }))).toEqual([
      'cut_points',
    ]);
    expect(await reviewDue(stage.shop.ctx, stage.shop.shopId)).toMatchObject({ reviewed: 200 });
    expect(await stage.shop.in(readRuns)).toEqual([]);
    expect(await checkDrift(stage.shop.ctx, stage.shop.shopId)).toMatchObject({ scores: 0, memberships: 0 });
  });
});
