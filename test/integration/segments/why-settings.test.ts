/** Why somebody is in or out when the rule is not the reason: lists, holds, stays, the way back, the order of a set. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { addDays, atHour, type LocalDate } from '../../../app/local-date.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { why } from '../../../app/segments/why.server.ts';
import { createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const DAY = '2026-11-03' as LocalDate;
const ZONE = 'Europe/Berlin';
const KEYS = ['best', 'good', 'fresh', 'stays'];

let t: TestDb;
let shop: SegmentShop;
beforeAll(async () => {
  t = await createTestDb();
  shop = await createSegmentShop(t, {
    now: atHour(DAY, 12, ZONE),
    timeZone: ZONE,
    store: {
      customers: ['1', '2', '3', '4'].map((id) => ({ id })),
      orders: [
        { id: '1', customerId: '1', processedAt: atHour(addDays(DAY, -20), 9, ZONE), totalMinor: 90_000 },
        { id: '2', customerId: '2', processedAt: atHour(addDays(DAY, -1), 9, ZONE), totalMinor: 1_000 },
        { id: '3', customerId: '3', processedAt: atHour(addDays(DAY, -200), 9, ZONE), totalMinor: 1_000 },
      ],
    },
  });
  const now = shop.clock.now();
  const make = (name: string, where: unknown, settings: unknown = {}) =>
    shop.in((tx) => createSegment(tx, { name, rule: { v: 1, where }, settings, actor: 'test', now }));
  const spent = (value: number) => ({ field: 'spent_in', with: { lastDays: 30 }, op: 'gte', value });
  await make('Best', spent(50_000), { hold: { for: 'end_of_this_year' } });
  await make('Good', spent(10_000));
  await make('Fresh', { field: 'days_since_last_activity', op: 'lte', value: 5 }, { rejoinAfterDays: 30 });
  await make('Stays', { field: 'days_since_last_activity', op: 'lte', value: 5 }, { minimumStayDays: 20 });
  const set = { name: 'Club', kind: 'exclusive' as const, settings: {}, keys: ['best', 'good'] };
  await applyChange(shop.ctx, shop.shopId, { change: { act: 'arrange_set', set }, actor: 'test', now });
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys: KEYS, now }));
  await turnOn(shop.ctx, shop.shopId, { keys: KEYS, fingerprint, actor: 'test', now });
  for (const [customerId, list] of [['3', 'always'], ['4', 'never']] as const) {
    await namePerson(shop.ctx, shop.shopId, { key: 'good', customerIds: [customerId], list, actor: 'test', now });
  } // prettier-ignore
});
afterAll(() => t.close());

const ask = async (customerId: string, key: string) => {
  const answer = await shop.in((tx) => why(tx, { customerId, key, now: shop.clock.now() }));
  return {
    holds: answer?.holds,
    member: answer?.member !== null,
    words: answer?.settings.map(({ words }) => words),
    sentence: answer?.sentence,
  };
};

test('by hand, in and out', async () => {
  expect(await ask('3', 'good')).toMatchObject({ member: true, words: ['in by hand since 3 November'] });
  expect(await ask('4', 'good')).toMatchObject({
    member: false,
    words: ['kept out by hand since 3 November'],
    sentence: 'kept out by hand since 3 November',
  });
});

test('of a set the first one; a hold that the rule does not need says nothing yet', async () => {
  expect(await ask('1', 'good')).toMatchObject({
    holds: true,
    member: false,
    sentence: 'in Best instead, which comes first',
  });
  expect(await ask('2', 'best')).toMatchObject({ holds: false, member: false, words: [], sentence: null });
});

test('when the rule lets go: the hold, the minimum stay, the way back', async () => {
  shop.clock.set(atHour(addDays(DAY, 12), 12, ZONE));
  await reviewDue(shop.ctx, shop.shopId);
  expect(await ask('1', 'best')).toMatchObject({
    holds: false,
    member: true,
    sentence: 'kept until 31 December by the hold',
  });
  expect(await ask('2', 'stays')).toMatchObject({
    holds: false,
    member: true,
    sentence: 'kept until 22 November by the minimum stay',
  });
  await shop.in((tx) =>
    tx.query(sql`UPDATE profile SET last_activity_on = ${addDays(DAY, 12)}::date
                  WHERE shop_id = ${shop.shopId} AND customer_id = 2`),
  );
  const { rows } = await shop.in((tx) =>
    tx.query<{ on: LocalDate }>(
      sql`SELECT left_on AS on FROM membership_left WHERE shop_id = ${shop.shopId} AND customer_id = 2`,
    ),
  );
  expect(rows).toEqual([{ on: addDays(DAY, 12) }]);
  expect(await ask('2', 'fresh')).toMatchObject({
    holds: true,
    member: false,
    sentence: 'left not long ago: may come back on 15 December',
  });
});
