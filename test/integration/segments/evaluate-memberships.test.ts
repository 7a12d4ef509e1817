import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { raw, sql } from '../../../app/db/sql.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import type { ShopTx } from '../../../app/db/tenancy.server.ts';
import { touchCustomers } from '../../../app/history/touched-customers.server.ts';
import type { Cause } from '../../../app/intake/cause.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { deleteMemberships } from '../../../app/segments/delete-memberships.server.ts';
import { evaluateSegments } from '../../../app/segments/evaluate-memberships.server.ts';
import { loadReadableSegments, loadSegments } from '../../../app/segments/load-segments.server.ts';
import { compileSegments } from '../../../app/segments/membership-difference.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import { why } from '../../../app/segments/why.server.ts';
import { silentLog } from '../../support/silent-log.ts';
import { putCustomers, putOrders } from '../../support/insert-facts.ts';
import {
  createSegmentShop,
  putSegments,
  storedMemberships,
  type SegmentShop,
} from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const NOW = new Date('2026-11-22T11:00:00Z');
const REPEAT: Rule = { v: 1, where: { field: 'orders', op: 'gte', value: 2 } };
const QUIET: Rule = { v: 1, where: { all: [{ field: 'days_since_last_activity', op: 'gte', value: 30 }] } };
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 24 * 3_600_000);

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
beforeEach(async () => {
  shop = await createSegmentShop(t, {
    now: NOW,
    timeZone: 'Europe/Berlin',
    policy: { leaveOutCustomerTags: ['staff'] },
    store: {
      customers: ['1', '2', '3'].map((id) => ({ id })),
      orders: [
        { id: '1', customerId: '1', processedAt: daysAgo(50), totalMinor: 1_000 },
        { id: '2', customerId: '1', processedAt: daysAgo(40), totalMinor: 2_000 },
        { id: '3', customerId: '2', processedAt: daysAgo(10), totalMinor: 9_000 },
      ],
    },
  });
});
afterAll(() => t.close());

const run = (tx: ShopTx, touched: Record<string, Cause>, now = NOW) =>
  refresh(tx, { touched: new Map(Object.entries(touched)), now, log: shop.ctx.log });

const rowsOf = async (tx: ShopTx, table: 'membership' | 'membership_event') => {
  const { rows } = await tx.query<Record<string, unknown>>(
    sql`SELECT m.*, g.key FROM ${raw(table)} m JOIN segment g ON g.id = m.segment_id
         ORDER BY m.customer_id, g.key`,
  );
  return rows;
};

test('a membership says since when, why, by which versions, and by which values', async () => {
  await shop.in(async (tx) => {
    await putSegments(tx, { repeat: { rule: REPEAT }, quiet: { rule: QUIET } });
    const result = await run(tx, { 1: 'order', 2: 'import' });
    expect(result).toMatchObject({ entered: 2, left: 0, queued: 1 });
    const members = await rowsOf(tx, 'membership');
    expect(members).toMatchObject([
      { customer_id: '1', key: 'quiet', since: NOW, cause: 'order', rule_version: 1, cut_points_version: 1,
        evidence: { days_since_last_activity: 40 } },
      { customer_id: '1', key: 'repeat', since: NOW, cause: 'order', evidence: { orders: 2 } },
    ]); // prettier-ignore
    const again = await run(tx, { 1: 'edit' }, new Date(NOW.getTime() + 1_000));
    expect(again).toMatchObject({ profiles: 0, entered: 0, left: 0, queued: 0 });
    expect(await rowsOf(tx, 'membership')).toEqual(members);
  });
});

test('who leaves is told with the values that decided', async () => {
  await shop.in(async (tx) => {
    await putSegments(tx, { repeat: { rule: REPEAT } });
    await run(tx, { 1: 'order' });
    await putOrders(tx, [{ id: '2', customerId: '1', processedAt: daysAgo(40), financialStatus: 'REFUNDED', refundedMinor: 2_000, totalMinor: 2_000 }]); // prettier-ignore
    const later = new Date(NOW.getTime() + 60_000);
    expect(await run(tx, { 1: 'refund' }, later)).toMatchObject({ left: 1, entered: 0, queued: 1 });
    expect(await rowsOf(tx, 'membership')).toEqual([]);
    expect((await rowsOf(tx, 'membership_event')).map(({ kind, at, cause, evidence }) => ({ kind, at, cause, evidence }))).toEqual([
      { kind: 'entered', at: NOW, cause: 'order', evidence: { orders: 2 } },
      { kind: 'left', at: later, cause: 'refund', evidence: { orders: 1 } },
    ]); // prettier-ignore
  });
});

test('drafts keep nothing; paused ones are kept but not written; failing ones stand still', async () => {
  await shop.in(async (tx) => {
    await putSegments(tx, {
      draft: { rule: REPEAT, status: 'draft' },
      paused: { rule: REPEAT, status: 'paused' },
      failing: { rule: REPEAT, status: 'failing' },
    });
    expect(await run(tx, { 1: 'order' })).toMatchObject({ entered: 1, queued: 0 });
    expect(await storedMemberships(tx)).toEqual(['1 paused']);
  });
});

test('left out, deleted, merged away: no memberships; only the living are written to', async () => {
  await shop.in(async (tx) => {
    const everyone: Rule = { v: 1, where: { field: 'orders', op: 'gte', value: 0 } };
    await putSegments(tx, { everyone: { rule: everyone }, quiet: { rule: QUIET } });
    await run(tx, { 1: 'order', 2: 'order', 3: 'order' });
    await putCustomers(tx, [
      { id: '1', tags: ['staff'] },
      { id: '2', deletedAt: NOW },
    ]);
    await tx.query(sql`INSERT INTO customer_alias VALUES (${shop.shopId}, 3, 1)`);
    const result = await run(tx, { 1: 'edit', 2: 'edit', 3: 'merge' });
    expect(result).toMatchObject({ left: 4, entered: 0, queued: 1 });
    expect(await storedMemberships(tx)).toEqual([]);
    const { rows } = await tx.query('SELECT customer_id, generation FROM tag_outbox ORDER BY 1');
    expect(rows).toEqual([
      { customer_id: '1', generation: '2' },
      { customer_id: '2', generation: '1' },
      { customer_id: '3', generation: '1' },
    ]);
    const reviews = await tx.query('SELECT 1 FROM profile WHERE next_review_at IS NOT NULL');
    expect(reviews.rowCount).toBe(0);
  });
});

test('the customer who is kept in a merge is compared although no membership changed', async () => {
  await shop.in(async (tx) => {
    await putSegments(tx, { repeat: { rule: REPEAT } });
    await run(tx, { 1: 'order' });
    expect(await run(tx, { 1: 'merge', 3: 'merge' })).toMatchObject({ entered: 0, left: 0, queued: 2 });
  });
});

describe('one bad segment does not hold up the others', () => {
  test('a rule that cannot be read is set to failing', async () => {
    await shop.in(async (tx) => {
      await putSegments(tx, { odd: { rule: { v: 9 } }, repeat: { rule: REPEAT } });
      expect(await run(tx, { 1: 'order' })).toMatchObject({ entered: 1, failed: ['odd'] });
      const [odd] = await loadSegments(tx, { keys: ['odd'] });
      expect(odd).toMatchObject({ status: 'failing', failure: expect.stringContaining('cannot be read') });
    });
  });

  test.each([
    ['that PostgreSQL refuses', sql`1 / (orders - 2) > 0`, 20_000],
    ['that takes too long', sql`(SELECT true FROM pg_sleep(5))`, 200],
  ])('one %s is found, set to failing and left out', async (_name, predicate, limitMs) => {
    await shop.in(async (tx) => {
      await waitForShop(tx, shop.shopId);
      await putSegments(tx, { bad: { rule: REPEAT }, quiet: { rule: QUIET }, repeat: { rule: REPEAT } });
      const { context } = await readRuleDay(tx, NOW);
      const compiled = compileSegments(await loadReadableSegments(tx));
      const [bad, ...rest] = compiled;
      if (!bad) throw new Error('three segments were put');
      await touchCustomers(tx, new Map([['1', 'order'], ['2', 'order']])); // prettier-ignore
      const log = silentLog();
      const result = await evaluateSegments(tx, [{ ...bad, final: predicate }, ...rest], {
        now: NOW, context, limitMs, log,
      }); // prettier-ignore
      expect(result).toEqual({ entered: 2, left: 0, failedIds: [bad.id] });
      expect(log.lines).toHaveLength(2);
      for (const { err } of log.lines)
        expect(err).toMatchObject({ name: 'error', code: expect.anything() as unknown });
      expect(await storedMemberships(tx)).toEqual(['1 quiet', '1 repeat']);
      const segments = await loadSegments(tx);
      expect(segments.map(({ key, status }) => [key, status])).toEqual([
        ['bad', 'failing'], ['quiet', 'live'], ['repeat', 'live'],
      ]); // prettier-ignore
      // The role's own limit is in force again.
      const { rows } = await tx.query(`SELECT current_setting('statement_timeout') AS timeout`);
      expect(rows).toEqual([{ timeout: '30s' }]);
      expect(await run(tx, { 1: 'order' })).toMatchObject({ failed: [], entered: 0, left: 0 });
    });
  });
});

test('why somebody is in or not, with value, bound and the day on which it can change', async () => {
  await shop.in(async (tx) => {
    const rule: Rule = {
      v: 1,
      where: {
        all: [
          { field: 'days_since_last_activity', op: 'between', value: [30, 59] },
          { none: [{ field: 'rhythm', op: 'eq', value: 'gone' }] },
          { field: 'spent', op: 'gte', value: 2_500 },
          { field: 'country', op: 'eq', value: 'DE' },
        ],
      },
    };
    await putSegments(tx, { band: { rule } });
    await run(tx, { 1: 'order', 2: 'order', 3: 'order' });
    const answer = await why(tx, { customerId: '1', key: 'band', now: NOW });
    expect(answer).toMatchObject({ holds: false, member: null });
    expect(answer?.conditions).toEqual([
      { text: 'days since last activity is between 30 and 59', field: 'days_since_last_activity',
        label: 'days since last activity', value: 40, op: 'between', bound: [30, 59], holds: true,
        term: 'days_since_last_activity', canChangeOn: '2026-12-12', then: { value: 60, holds: false } },
      { text: 'the last order was placed more than 365 days ago', field: 'rhythm', label: 'rhythm',
        value: 'slowing', op: 'eq', bound: 'gone', holds: false, canChangeOn: '2027-01-12',
        term: 'rhythm', then: { value: 'away', holds: false } },
      { text: 'spent is at least €25.00', field: 'spent', label: 'spent', value: 3_000, op: 'gte', bound: 2_500,
        holds: true, canChangeOn: null, term: 'spent', then: null },
      { text: 'country is DE', field: 'country', label: 'country', value: null, op: 'eq', bound: 'DE',
        holds: false, canChangeOn: null, term: 'country', then: null },
    ]); // prettier-ignore
    await putCustomers(tx, [{ id: '1', countryCode: 'DE' }]);
    await run(tx, { 1: 'edit' });
    expect(await why(tx, { customerId: '1', key: 'band', now: NOW })).toMatchObject({
      holds: true,
      member: { since: NOW, cause: 'edit' },
    });
    expect((await why(tx, { customerId: '3', key: 'band', now: NOW }))?.conditions[0]).toMatchObject({
      value: null, holds: false, canChangeOn: null,
    }); // prettier-ignore
    expect(await why(tx, { customerId: '99', key: 'band', now: NOW })).toBeUndefined();
    expect(await why(tx, { customerId: '1', key: 'nothing', now: NOW })).toBeUndefined();
  });
});

test('erasing removes memberships and their history of just these customers', async () => {
  await shop.in(async (tx) => {
    await putSegments(tx, { everyone: { rule: { v: 1, where: { field: 'orders', op: 'gte', value: 0 } } } });
    await run(tx, { 1: 'order', 2: 'order' });
    expect(await deleteMemberships(tx, ['1'])).toBe(2);
    expect(await storedMemberships(tx)).toEqual(['2 everyone']);
  });
});
