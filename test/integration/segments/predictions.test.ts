/** Rules that ask for predictions: what is kept as evidence, and what is said while there is no fit to rely on. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { compileRule, columnsOf, subjectOf } from '../../../app/segments/compile-rule.ts';
import { operatorsOf, type Operator } from '../../../app/segments/field.ts';
import { FIELD_KEYS, fieldOf, type FieldKey } from '../../../app/segments/fields.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { readSegments } from '../../../app/segments/read-segments.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import type { Rule, Scalar } from '../../../app/segments/rule.ts';
import { why } from '../../../app/segments/why.server.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import {
  createSegmentShop,
  putFitInForce,
  putPredictions,
  putSegments,
  type SegmentShop,
} from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const NOW = new Date('2026-11-22T12:00:00Z');
const AT_RISK: Rule = {
  v: 1,
  where: {
    all: [
      { field: 'risk_of_losing', op: 'in', value: ['medium', 'high'] },
      { field: 'predicted_value_12_months', op: 'gte', value: 5_000 },
    ],
  },
};
const SAID = {
  alive: 0.629, expectedOrders: 1.375, expectedValueMinor: 9_000, risk: 'medium',
  nextOrderOn: '2027-01-10' as LocalDate,
} as const; // prettier-ignore

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());
beforeEach(async () => {
  const customers = ['1', '2', '3'].map((id) => ({ id }));
  const orders = customers.map(({ id }) => ({ id, customerId: id, processedAt: NOW, totalMinor: 2_000 }));
  shop = await createSegmentShop(t, { now: NOW, timeZone: 'UTC', store: { customers, orders } });
  await shop.in((tx) =>
    putPredictions(tx, [
      ['1', SAID],
      ['2', { ...SAID, risk: 'low', alive: 0.9 }],
    ]),
  );
});

const review = () => shop.in((tx) => reviewTurnOn(tx, { keys: ['at-risk'], now: NOW }));
const act = async (fingerprint?: string) =>
  turnOn(shop.ctx, shop.shopId, {
    keys: ['at-risk'],
    fingerprint: fingerprint ?? (await review()).fingerprint,
    actor: '42',
    now: NOW,
  });

test('of somebody without a prediction no condition on one is true', async () => {
  const fields = FIELD_KEYS.filter((key) => fieldOf(key).source === 'prediction');
  expect(fields).toHaveLength(5);
  const bounds: Record<string, Scalar> = { date: '2026-12-01', choice: 'low' };
  const valueFor = (key: FieldKey, op: Operator): Scalar | Scalar[] | undefined => {
    const one = bounds[fieldOf(key).type] ?? 0;
    return op === 'is_set' ? undefined : op === 'between' ? [one, one] : op === 'in' ? [one] : one;
  };
  const rules = fields.flatMap((field) =>
    operatorsOf(fieldOf(field)).map((op): Rule => ({
      v: 1,
      where: { field, op, value: valueFor(field, op) },
    })),
  );
  expect(rules.length).toBeGreaterThan(20);
  await shop.in(async (tx) => {
    const { context } = await readRuleDay(tx, NOW);
    for (const rule of rules) {
      const { rows } = await tx.query(sql`
        SELECT 1 FROM (${subjectOf(tx.shopId, columnsOf(rule), context)}) subject
         WHERE customer_id = 3 AND ${compileRule(rule)}`);
      expect(rows, JSON.stringify(rule)).toEqual([]);
    }
  });
});

test('a membership keeps the predictions that were looked at', async () => {
  await shop.in(async (tx) => {
    await waitForShop(tx, shop.shopId);
    await putSegments(tx, { 'at-risk': { rule: AT_RISK } });
    await tx.query('DELETE FROM tag_outbox');
    await refresh(tx, { touched: new Map([['1', 'order'], ['2', 'order'], ['3', 'order']]), now: NOW, from: 'memberships' }); // prettier-ignore
    const { rows } = await tx.query('SELECT customer_id AS id, evidence FROM membership');
    expect(rows).toEqual([
      { id: '1', evidence: { risk_of_losing: 'medium', still_a_customer_chance: 62, predicted_value_12_months: 9_000 } },
    ]); // prettier-ignore
    const due = await tx.query('SELECT 1 FROM profile WHERE next_review_at IS NOT NULL');
    expect(due.rows).toEqual([]);
  });
});

test('without a fit to rely on, sentences and why say so', async () => {
  await shop.in((tx) => putSegments(tx, { 'at-risk': { rule: AT_RISK } }));
  const said = () =>
    shop.in(async (tx) => ({
      sentence: (await readSegments(tx, NOW))[0]?.sentence,
      conditions: (await why(tx, { customerId: '3', key: 'at-risk', now: NOW }))?.conditions,
    }));
  const missing = ' (predictions are not available yet)';
  const [risk, value] = [
    'risk of losing them is medium or high',
    'spend expected (next 12 months) is at least €50.00',
  ];
  expect(await said()).toMatchObject({
    sentence: `Customers whose ${risk}${missing} and whose ${value}${missing}.`,
    conditions: [
      { text: risk + missing, value: null, holds: false, canChangeOn: null },
      { text: value + missing, value: null, holds: false, canChangeOn: null },
    ],
  });
  await shop.in((tx) => putFitInForce(tx, NOW));
  expect(await said()).toMatchObject({
    sentence: `Customers whose ${risk} and whose ${value}.`,
    conditions: [{ text: risk }, { text: value }],
  });
});

test.each<[string, (shop: SegmentShop) => Promise<unknown>]>([
  ['no fit', async () => undefined],
  ['a fit of too few customers', (s) => s.in((tx) => putFitInForce(tx, NOW, { trusted: false }))],
  ['a fit in another currency', (s) => s.in((tx) => putFitInForce(tx, NOW, { currency: 'USD' }))],
  [
    'a fit that is not applied to everybody',
    (s) =>
      s.in(async (tx) => {
        await putFitInForce(tx, NOW);
        await tx.query('UPDATE ltv_fit SET applied_at = NULL');
      }),
  ],
])('with %s a segment that rests on predictions cannot be turned on', async (_name, prepare) => {
  await shop.in((tx) => putSegments(tx, { 'at-risk': { rule: AT_RISK, status: 'draft' } }));
  await prepare(shop);
  expect(await act()).toEqual({ outcome: 'not_ready', reason: 'no_predictions' });
  expect(await shop.memberships()).toEqual([]);
});

test('with a fit in force it can; a newer fit makes the review old, a newer one on its way does not stop it', async () => {
  await shop.in((tx) => putSegments(tx, { 'at-risk': { rule: AT_RISK, status: 'draft' } }));
  await shop.in((tx) => putFitInForce(tx, NOW));
  const { fingerprint } = await review();
  await shop.in(async (tx) => {
    await putFitInForce(tx, NOW);
    await tx.query('UPDATE ltv_fit SET applied_at = NULL WHERE version = 2');
  });
  expect(await act(fingerprint)).toMatchObject({ outcome: 'changed' });
  expect(await act()).toMatchObject({ outcome: 'done', entered: 1 });
  expect(await shop.memberships()).toEqual(['1 at-risk']);
});
