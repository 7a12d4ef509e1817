/** The merchant's acceptance on the arithmetic store: VIPs by a window with a return period, leaving by date, changed and taken back. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { editSegment } from '../../../app/segments/edit-segment.server.ts';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { reviewChange } from '../../../app/segments/review-change.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import type { Rule } from '../../../app/segments/rule.ts';
import type { SegmentSettings } from '../../../app/segments/segment-settings.ts';
import { why } from '../../../app/segments/why.server.ts';
import { ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { putCustomers, putOrders } from '../../support/insert-facts.ts';
import { createArithmeticShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { vipRule as vip } from '../../support/vip-rule.ts';

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
});
beforeEach(async () => {
  shop = await createArithmeticShop(t);
  await shop.in((tx) => installPresets(tx, ARITHMETIC_NOON));
});
afterAll(() => t.close());

const now = () => shop.clock.now();
const turnOnVip = async (rule: Rule, settings: SegmentSettings = {}, others: string[] = []) => {
  await shop.in((tx) => createSegment(tx, { name: 'VIP', rule, settings, actor: '42', now: now() }));
  const keys = ['vip', ...others];
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys, now: now() }));
  const done = await turnOn(shop.ctx, shop.shopId, { keys, fingerprint, actor: '42', now: now() });
  expect(done.outcome).toBe('done');
};
const members = async (key = 'vip') =>
  (await shop.memberships()).flatMap((one) => (one.endsWith(` ${key}`) ? [Number(one.split(' ')[0])] : []));
const midnight = (date: string) => startOfDay(date as LocalDate, ARITHMETIC_TIME_ZONE);
const goTo = async (at: Date) => {
  shop.clock.set(at);
  return reviewDue(shop.ctx, shop.shopId);
};
const noDrift = async () =>
  expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
const EIGHT = [20, 40, 60, 80, 100, 120, 140, 160];

describe('a return period of 30 days', () => {
  test('8 VIPs; a new order counts on 22 December if kept; refunded before, there never was a tag', async () => {
    await turnOnVip(vip(100_000, 30), {}, ['returned-everything', 'never-bought']);
    expect(await members()).toEqual(EIGHT);
    const buy = (financialStatus: string, refundedMinor: number) =>
      shop.in(async (tx) => {
        await putCustomers(tx, [{ id: '201' }]);
        await putOrders(tx, [
          { id: '9000', customerId: '201', processedAt: ARITHMETIC_NOON, totalMinor: 100_000, financialStatus, refundedMinor },
        ]); // prettier-ignore
        await refresh(tx, { touched: new Map([['201', 'order']]), now: now() });
      });
    await buy('PAID', 0);
    const explained = await shop.in((tx) => why(tx, { customerId: '201', key: 'vip', now: now() }));
    expect(explained?.conditions[0]?.canChangeOn).toBe('2026-12-22');
    await goTo(atHour('2026-12-05' as LocalDate, 12, ARITHMETIC_TIME_ZONE));
    await buy('REFUNDED', 100_000);
    expect(await members('returned-everything')).toEqual([201]);
    expect(await members('never-bought')).toEqual([]);
    await goTo(midnight('2026-12-23'));
    expect(await members()).not.toContain(201);
    const { rows } = await shop.in((tx) =>
      tx.query(sql`SELECT 1 FROM membership_event e JOIN segment s ON s.id = e.segment_id
                    WHERE e.customer_id = 201 AND s.key = 'vip'`),
    );
    expect(rows).toEqual([]);
    await noDrift();
  });
});

describe('leaving by date', () => {
  const events = async () => {
    const { rows } = await shop.in((tx) =>
      tx.query<{ one: string }>(sql`
        SELECT 'c' || customer_id || ' ' || kind || ' ' || cause AS one FROM membership_event
         WHERE at = ${now()} ORDER BY customer_id`),
    );
    return rows.map(({ one }) => one);
  };

  test('c160 leaves at the midnight of 28 November, c140 on 7 January', async () => {
    await turnOnVip(vip(100_000));
    const explained = await shop.in((tx) => why(tx, { customerId: '160', key: 'vip', now: now() }));
    expect(explained?.conditions[0]).toMatchObject({ value: 120_000, canChangeOn: '2026-11-28' });
    await goTo(new Date(midnight('2026-11-28').getTime() - 1));
    expect(await members()).toEqual(EIGHT);
    await goTo(midnight('2026-11-28'));
    expect(await events()).toEqual(['c160 left clock']);
    expect(await members()).toHaveLength(7);
    await goTo(new Date(midnight('2027-01-07').getTime() - 1));
    expect(await members()).toHaveLength(7);
    await goTo(midnight('2027-01-07'));
    expect(await events()).toEqual(['c140 left clock']);
    await noDrift();
  });

  test('with a hold to the end of the year c160 stays until 31 December', async () => {
    await turnOnVip(vip(100_000), { hold: { for: 'end_of_this_year' } });
    await goTo(new Date(midnight('2027-01-01').getTime() - 1));
    expect(await members()).toContain(160);
    await noDrift();
    await goTo(midnight('2027-01-01'));
    expect(await events()).toEqual(['c160 left clock']);
    await noDrift();
  });
});

test('from 1,000.00 to 100.00: 62 gain, 0 lose, 70 in all; nothing before the approval; one click back to the 8', async () => {
  await turnOnVip(vip(100_000));
  // What the store has after the tags were written.
  await shop.in(async (tx) => {
    await tx.query(
      sql`UPDATE customer SET tags = '{regulars-vip}' WHERE shop_id = ${shop.shopId} AND id = ANY(${EIGHT}::bigint[])`,
    );
    await tx.query(sql`
      INSERT INTO tag_owned (shop_id, customer_id, tag_key, tag, added_at)
      SELECT ${shop.shopId}::bigint, id, 'regulars-vip', 'regulars-vip', ${now()}::timestamptz FROM unnest(${EIGHT}::bigint[]) AS id`);
    await tx.query(sql`DELETE FROM tag_outbox WHERE shop_id = ${shop.shopId}`);
  });
  expect(
    await shop.in((tx) => editSegment(tx, { key: 'vip', rule: vip(10_000), actor: '42', now: now() })),
  ).toEqual({ outcome: 'waiting' });
  const review = await shop.in((tx) =>
    reviewChange(tx, { change: { act: 'change', key: 'vip' }, now: now() }),
  );
  expect(review.segments).toMatchObject([{ gains: 62, loses: 0, size: 70, warning: null }]);
  expect(review).toMatchObject({
    customersAffected: 62,
    tagAdditions: 62,
    tagRemovals: 0,
    spentByLosing: '0',
  });
  expect(await members()).toEqual(EIGHT);
  const waiting = async () => {
    const { rows } = await shop.in((tx) => tx.query('SELECT customer_id FROM tag_outbox'));
    return rows.length;
  };
  expect(await waiting()).toBe(0);
  const input = { actor: '42', now: now() };
  const done = await applyChange(shop.ctx, shop.shopId, {
    ...input,
    change: { act: 'change', key: 'vip' },
    fingerprint: review.fingerprint,
  });
  expect(done).toMatchObject({ outcome: 'done', entered: 62, left: 0 });
  expect(await members()).toHaveLength(70);
  if (done.outcome !== 'done') throw new Error('done');
  const back = await applyChange(shop.ctx, shop.shopId, {
    ...input,
    change: { act: 'undo', approvalId: done.approvalId },
  });
  expect(back).toMatchObject({ outcome: 'done', entered: 0, left: 62 });
  expect(await members()).toEqual(EIGHT);
  await noDrift();
});
