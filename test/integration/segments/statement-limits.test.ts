/** More values than PostgreSQL takes in one statement: said before anything is turned on; drafts are counted in portions. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atHour, type LocalDate } from '../../../app/local-date.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { countDrafts } from '../../../app/segments/count-drafts.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import {
  fitInOneStatement,
  inPortions,
  TOO_MUCH_TOGETHER,
} from '../../../app/segments/fit-in-one-statement.ts';
import { loadReadableSegments } from '../../../app/segments/load-segments.server.ts';
import { previewRule } from '../../../app/segments/preview-rule.server.ts';
import { proposeChange } from '../../../app/segments/propose-change.server.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { readUnavailable } from '../../../app/segments/read-unavailable.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import type { Condition, Rule } from '../../../app/segments/rule.ts';
import { StatementTooLarge } from '../../../app/segments/statement-limits.ts';
import { createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'Europe/Berlin';
/** Each asks for a hundred windows of its own: 1,700 columns together. */
const SEGMENTS = 17;
const keys = Array.from({ length: SEGMENTS }, (_, i) => `wide-${i}`);
const windows = (i: number) => Array.from({ length: 100 }, (_, n) => 1_000 + i * 100 + n);
const wide = (i: number) => ({
  v: 1,
  where: {
    any: windows(i).map((lastDays) => ({ field: 'spent_in', with: { lastDays }, op: 'gte', value: (i + 1) * 1_000 })),
  },
}); // prettier-ignore

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
  shop = await createSegmentShop(t, {
    now: atHour(TODAY, 12, ZONE),
    timeZone: ZONE,
    store: {
      customers: ['1', '2', '3'].map((id) => ({ id })),
      orders: ['1', '2', '3'].map((id) => ({
        id: `90${id}`,
        customerId: id,
        processedAt: atHour('2026-11-01' as LocalDate, 9, ZONE),
        totalMinor: Number(id) * 5_000,
      })),
    },
  });
  for (const [i, name] of keys.entries()) {
    const made = await shop.in((tx) => createSegment(tx, { name, rule: wide(i), actor: '1', now: now() }));
    expect(made.outcome).toBe('done');
  }
});
afterAll(() => t.close());

const now = () => shop.clock.now();

test('drafts are counted in portions that PostgreSQL takes, each as if it were alone', async () => {
  const sizes = await shop.in((tx) => countDrafts(tx, now()));
  expect(keys.map((key) => sizes.get(key))).toEqual(
    keys.map((_, i) => [5_000, 10_000, 15_000].filter((spent) => spent >= (i + 1) * 1_000).length),
  );
  const { portions, all } = await shop.in(async (tx) => {
    const { context } = await readRuleDay(tx, now());
    const all = await loadReadableSegments(tx);
    return { all, portions: inPortions(all, (some) => fitInOneStatement(some, context)) };
  });
  expect(portions.length).toBeGreaterThan(1);
  expect(portions.length).toBeLessThan(6);
  expect(portions.flat()).toEqual(all);
});

test('turning on too many is refused in words, and in the review; fewer go on and are kept', async () => {
  const change = { act: 'turn_on', keys } as const;
  expect(await shop.in(async (tx) => readUnavailable(tx, await proposeChange(tx, change), now()))).toEqual([
    { key: '', name: '', missing: [TOO_MUCH_TOGETHER] },
  ]);
  const review = await shop.in((tx) => reviewTurnOn(tx, { keys, now: now() }));
  expect(review.segments).toEqual([]);
  const turned = (some: readonly string[], fingerprint: string) =>
    turnOn(shop.ctx, shop.shopId, { keys: [...some], fingerprint, actor: '1', now: now() });
  expect(await turned(keys, review.fingerprint)).toMatchObject({
    outcome: 'not_ready',
    reason: 'not_available',
  });
  const few = keys.slice(0, 3);
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys: few, now: now() }));
  expect(await turned(few, fingerprint)).toMatchObject({ outcome: 'done' });
  await shop.in((tx) => refresh(tx, { touched: new Map([['1', 'order']]), now: now() }));
  expect(await shop.memberships()).toHaveLength(9);
  // What is on can be turned off, and what would be too much with it is refused as a set, too.
  const set = { name: 'Wide', kind: 'exclusive' as const, settings: {}, keys };
  expect((await applyChange(shop.ctx, shop.shopId, { change: { act: 'arrange_set', set }, actor: '1', now: now() })).outcome).not.toBe('not_ready'); // prettier-ignore
  const others = keys.slice(3);
  expect(await turned(others, 'x')).toMatchObject({ outcome: 'not_ready', reason: 'not_available' });
});

test('a rule that is too much with all that it names is refused where it is counted', async () => {
  const member = (segment: string): Condition => ({
    field: 'member_of',
    with: { segment },
    op: 'eq',
    value: true,
  });
  // Nine others of a hundred windows with two ends each: within the thousand conditions.
  const named = Array.from({ length: 9 }, (_, i) => `ago-${i}`);
  for (const [i, name] of named.entries()) {
    const any = windows(i).map((days) => ({
      field: 'spent_in',
      with: { beforeDays: days, lastDays: days + 2_000 },
      op: 'gte',
      value: 1,
    }));
    await shop.in((tx) =>
      createSegment(tx, { name, rule: { v: 1, where: { any } }, actor: '1', now: now() }),
    );
  }
  const rule: Rule = { v: 1, where: { any: named.map(member) } };
  await expect(shop.in((tx) => previewRule(tx, { key: null, rule, now: now() }))).rejects.toThrow(
    StatementTooLarge,
  );
  expect(await shop.in((tx) => editSegment(tx, { key: 'wide-16', rule, actor: '1', now: now() }))).toMatchObject({ outcome: 'done' }); // prettier-ignore
  const change = { act: 'turn_on', keys: ['wide-16'] } as const;
  expect(
    await shop.in(async (tx) => readUnavailable(tx, await proposeChange(tx, change), now())),
  ).toMatchObject([{ missing: [TOO_MUCH_TOGETHER] }]);
});
