/** A softer rule to stay of any form: saved in a version, reviewed when the segment is on, told in the difference and in why. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { diffWords } from '../../../app/segments/diff-words.ts';
import { loadSegment } from '../../../app/segments/load-segments.server.ts';
import { previewRule } from '../../../app/segments/preview-rule.server.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { readSaid } from '../../../app/segments/read-said.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { saveKeepRule } from '../../../app/segments/save-keep-rule.server.ts';
import { why } from '../../../app/segments/why.server.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE, arithmeticStore } from '../../support/arithmetic-store.ts';
import { createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
  shop = await createSegmentShop(t, {
    now: ARITHMETIC_NOON,
    timeZone: ARITHMETIC_TIME_ZONE,
    store: arithmeticStore(),
  });
});
afterAll(() => t.close());

const KEY = 'recent';
const now = () => shop.clock.now();
const quietAtMost = (days: number): Rule => ({
  v: 1,
  where: { field: 'days_since_last_activity', op: 'lte', value: days },
});
/** Quiet for 40 days at most, and spent 400.00 at least: money as it is written, in major units. */
const KEEP = {
  v: 1,
  where: { all: [quietAtMost(40).where, { field: 'spent', op: 'gte', value: 400 }] },
};
const save = (keep: unknown) =>
  shop.in((tx) => saveKeepRule(tx, { key: KEY, keep, actor: '42', now: now() }));
const members = async () =>
  (await shop.memberships()).flatMap((one) => (one.endsWith(` ${KEY}`) ? [Number(one.split(' ')[0])] : []));

test('on a draft at once; on one that is on it waits, says what is other, and keeps who holds by it', async () => {
  await shop.in((tx) =>
    createSegment(tx, { name: 'Recent', rule: quietAtMost(40), actor: '42', now: now() }),
  );
  expect(await save({ v: 1, where: { field: 'spent', op: 'gte', value: '1.005' } })).toMatchObject({
    outcome: 'invalid',
    faults: [{ path: 'settings.keep.where.value' }],
  });
  expect(await save({ v: 1, where: { field: 'postal_code', op: 'is_set' } })).toMatchObject({
    outcome: 'invalid',
    faults: [{ path: 'settings.keep.where.field', message: expect.stringContaining('Not available') }],
  });
  expect(await save(quietAtMost(60))).toEqual({ outcome: 'done' });
  expect((await shop.in((tx) => loadSegment(tx, KEY)))?.settings.keep).toEqual(quietAtMost(60));
  expect(await save(null)).toEqual({ outcome: 'done' });

  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys: [KEY], now: now() }));
  await turnOn(shop.ctx, shop.shopId, { keys: [KEY], fingerprint, actor: '42', now: now() });
  expect(await members()).toHaveLength(20);
  expect(await save(KEEP)).toEqual({ outcome: 'waiting' });
  const said = await shop.in((tx) => readSaid(tx, KEY));
  expect(said?.waiting).toBe(true);
  const before = await shop.in((tx) => loadSegment(tx, KEY));
  if (!said || !before?.rule) throw new Error('it is there');
  const { print } = await shop.in((tx) => readRuleDay(tx, now()));
  expect(diffWords({ rule: before.rule, settings: before.settings }, said, print)).toEqual([
    'Now: Who is in stays as long as this holds: Customers whose last activity was at most 40 days ago and who spent at least €400.00.',
  ]);
  // It brings nobody in: of 10 days, only those who are in stay, up to 40.
  const preview = await shop.in((tx) =>
    previewRule(tx, { key: KEY, rule: quietAtMost(10), settings: said.settings, now: now() }),
  );
  expect(preview).toMatchObject({ size: 6, against: { gains: 0, loses: 14 } });
  const applied = await applyChange(shop.ctx, shop.shopId, { change: { act: 'change', key: KEY }, actor: '42', now: now() }); // prettier-ignore
  expect(applied.outcome).toBe('done');

  // c020 (1,200.00 in three orders, 40 days ago) is kept no longer than the softer rule holds.
  shop.clock.set(startOfDay('2026-11-23' as LocalDate, ARITHMETIC_TIME_ZONE));
  await reviewDue(shop.ctx, shop.shopId);
  expect(await members()).not.toContain(20);
  expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ memberships: 0 });
});

test('why says by which softer rule somebody is kept', async () => {
  const name = 'Kept';
  await shop.in((tx) => createSegment(tx, { name, rule: quietAtMost(20), settings: { keep: quietAtMost(60) }, actor: '42', now: now() })); // prettier-ignore
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys: ['kept'], now: now() }));
  await turnOn(shop.ctx, shop.shopId, { keys: ['kept'], fingerprint, actor: '42', now: now() });
  shop.clock.set(startOfDay('2026-12-10' as LocalDate, ARITHMETIC_TIME_ZONE));
  await reviewDue(shop.ctx, shop.shopId);
  const answer = await shop.in((tx) => why(tx, { customerId: '5', key: 'kept', now: now() }));
  expect(answer).toMatchObject({
    holds: false,
    settings: [
      {
        what: 'kept',
        words:
          'kept by the softer rule for those who are in already: customers whose last activity was at most 60 days ago',
      },
    ],
  });
});
