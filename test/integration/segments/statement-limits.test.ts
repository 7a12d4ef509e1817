/** More values than PostgreSQL takes in one statement: said before anything is turned on; drafts are counted in portions. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
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
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import type { Condition, Rule } from '../../../app/segments/rule.ts';
import type { SegmentChange } from '../../../app/segments/segment-change.ts';
import { StatementTooLarge } from '../../../app/segments/statement-limits.ts';
import { createSegmentShop, putSegments, type SegmentShop } from '../../support/segment-shop.ts';
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

test('no more values than one statement takes, in however few columns', async () => {
  const { context } = await shop.in((tx) => readRuleDay(tx, now()));
  const [segment] = await shop.in((tx) => loadReadableSegments(tx, { keys: keys.slice(0, 1) }));
  if (!segment) throw new Error('no segment');
  /** Each with a hundred values of its own. */
  const many = (segments: number) =>
    Array.from({ length: segments }, (_, i) => ({
      ...segment,
      id: String(i + 1),
      key: `many-${i}`,
      rule: {
        v: 1 as const,
        where: {
          any: Array.from({ length: 100 }, (_, n): Condition => ({ field: 'spent', op: 'gte', value: 100 + i * 100 + n })),
        },
      },
    })); // prettier-ignore
  expect(fitInOneStatement(many(100), context)).toBe(true);
  expect(fitInOneStatement(many(700), context)).toBe(false);
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
    reason: 'too_much',
  });
  const few = keys.slice(0, 3);
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys: few, now: now() }));
  expect(await turned(few, fingerprint)).toMatchObject({ outcome: 'done' });
  await shop.in((tx) => refresh(tx, { touched: new Map([['1', 'order']]), now: now() }));
  expect(await shop.memberships()).toHaveLength(9);
  // What is on can be turned off, and what would be too much with it is refused as a set, too.
  const set = { name: 'Wide', kind: 'exclusive' as const, settings: {}, keys };
  expect(await applyChange(shop.ctx, shop.shopId, { change: { act: 'arrange_set', set }, actor: '1', now: now() })).toEqual({ outcome: 'not_ready', reason: 'too_much' }); // prettier-ignore
  const others = keys.slice(3);
  expect(await turned(others, 'x')).toMatchObject({ outcome: 'not_ready', reason: 'too_much' });
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

describe('a set whose steps ask for the others before them', () => {
  /** Each fits, and all of them, one beside the other; in one set every step asks for those before it, too. */
  const steps = Array.from({ length: 30 }, (_, i) => `step-${i}`);
  const many = (i: number) => ({
    v: 1,
    where: {
      any: Array.from({ length: 100 }, (_, n) => ({
        field: 'spent',
        op: 'between',
        value: [n * 7 + i, n * 7 + i + 100_000],
      })),
    },
  });
  const set = { name: 'Many', kind: 'exclusive' as const, settings: {}, keys: steps };
  const other = () =>
    createSegmentShop(t, { now: now(), timeZone: ZONE, store: { customers: [{ id: '1' }], orders: [
      { id: '901', customerId: '1', processedAt: atHour('2026-11-01' as LocalDate, 9, ZONE), totalMinor: 5_000 },
    ] } }); // prettier-ignore
  const change = async (one: SegmentShop, wanted: SegmentChange, fingerprint?: string) =>
    applyChange(one.ctx, one.shopId, { change: wanted, actor: '1', now: now(), ...(fingerprint === undefined ? {} : { fingerprint }) }); // prettier-ignore
  const statuses = async (one: SegmentShop) =>
    (await one.in((tx) => loadReadableSegments(tx))).map(({ status, setId }) => [status, setId]);

  test.each(['live', 'draft'] as const)(
    '%s ones are not put into it, and stay as they are',
    async (status) => {
      const one = await other();
      await one.in((tx) =>
        putSegments(tx, Object.fromEntries(steps.map((key, i) => [key, { status, rule: many(i) }]))),
      );
      const arranged = { act: 'arrange_set', set } as const;
      expect(
        await one.in(async (tx) => readUnavailable(tx, await proposeChange(tx, arranged), now())),
      ).toEqual([{ key: '', name: '', missing: [TOO_MUCH_TOGETHER] }]);
      expect(await change(one, arranged)).toEqual({ outcome: 'not_ready', reason: 'too_much' });
      expect(await statuses(one)).toEqual(steps.map(() => [status, null]));
    },
  );

  test('nor by undoing that it was dissolved; dissolving it and turning off always go', async () => {
    const one = await other();
    const few = (i: number) => ({ v: 1, where: { field: 'spent', op: 'gte', value: i } });
    await one.in((tx) => putSegments(tx, Object.fromEntries(steps.map((key, i) => [key, { rule: few(i) }]))));
    expect(await change(one, { act: 'arrange_set', set })).toMatchObject({ outcome: 'done' });
    const [setId] = (await one.in((tx) => loadReadableSegments(tx))).map((segment) => segment.setId);
    const dissolved = await change(one, { act: 'dissolve_set', setId: setId ?? '' });
    if (dissolved.outcome !== 'done') throw new TypeError(dissolved.outcome);
    // As if they had been this wide when it was dissolved.
    await one.in(async (tx) => {
      const wideOnes = steps.map((_, i) => JSON.stringify(many(i)));
      await tx.query(sql`
        UPDATE segment s SET rule = w.rule::jsonb
          FROM unnest(${steps}::text[], ${wideOnes}::text[]) AS w (key, rule)
         WHERE s.shop_id = ${one.shopId} AND s.key = w.key`);
      await tx.query(sql`
        UPDATE approval a SET review = jsonb_set(a.review, '{before}', (
          SELECT jsonb_object_agg(b.key, jsonb_set(b.value, '{rule}', s.rule))
            FROM jsonb_each(a.review -> 'before') b JOIN segment s ON s.shop_id = a.shop_id AND s.id = b.key::bigint))
         WHERE a.shop_id = ${one.shopId} AND a.id = ${dissolved.approvalId}::bigint`);
    });
    expect(await change(one, { act: 'undo', approvalId: dissolved.approvalId })).toEqual({
      outcome: 'not_ready',
      reason: 'too_much',
    });
    expect(await statuses(one)).toEqual(steps.map(() => ['live', null]));
    const off = await one.in((tx) =>
      reviewChange(tx, { change: { act: 'turn_off', keys: steps }, now: now() }),
    );
    expect(off.segments).toHaveLength(steps.length);
  });
});
