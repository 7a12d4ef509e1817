/**
 * A small store with segments of every memory: tiers with a softer rule and a hold, a minimum stay, a wait to come back,
 * and segments that ask for those; consent and products beside them. All are live.
 */
import { expect } from 'vitest';
import { addDays, atHour, localDateOf, type LocalDate } from '../../app/local-date.ts';
import { applyChange } from '../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../app/pipeline/check-drift.server.ts';
import { turnOn } from '../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../app/segments/create-segment.server.ts';
import { reviewTurnOn } from '../../app/segments/review-turn-on.server.ts';
import { sql } from '../../app/db/sql.ts';
import { membershipsByHistory } from './membership-state.ts';
import { createSegmentShop, type SegmentShop } from './segment-shop.ts';
import type { TestDb } from './test-db.ts';

const DAY = '2026-02-26' as LocalDate;
const ZONE = 'America/New_York';
const ENDING_DAYS = 12;
/** Minor units. */
const SHORT_OF = 15_000;
export const CLUB_PEOPLE = ['1', '2', '3', '4'];
/** Segments in which people can be named. */
export const CLUB_KEYS = ['gold', 'silver', 'fresh', 'quiet'] as const;
/** Segments without a memory: functions of the facts and the day. */
export const CLUB_MEMORYLESS = ['quiet', 'reachable', 'shoes'] as const;

export async function createClub(t: TestDb): Promise<SegmentShop> {
  const shop = await createSegmentShop(t, {
    now: atHour(DAY, 12, ZONE),
    timeZone: ZONE,
    store: {
      customers: CLUB_PEOPLE.map((id) => ({ id })),
      orders: CLUB_PEOPLE.map((id) => ({
        id: `90${id}`,
        customerId: id,
        processedAt: atHour(addDays(DAY, -Number(id) * 7), 9, ZONE),
        totalMinor: Number(id) * 15_000,
      })),
    },
  });
  const now = shop.clock.now();
  const make = (name: string, rule: unknown, settings: unknown) =>
    shop.in((tx) => createSegment(tx, { name, rule, settings, actor: 'test', now }));
  const window = (value: number) => ({
    v: 1,
    where: { field: 'spent_in', with: { lastDays: 60 }, op: 'gte', value },
  });
  await make('Gold', window(50_000), { keep: window(30_000), hold: { for: 'months', months: 1 } });
  await make('Silver', window(20_000), { hold: { for: 'months', months: 1 } });
  await make('Fresh', { v: 1, where: { field: 'days_since_last_activity', op: 'lte', value: 10 } }, { minimumStayDays: 15, rejoinAfterDays: 20 }); // prettier-ignore
  await make('Quiet', { v: 1, where: { field: 'days_since_last_activity', op: 'gte', value: 20 } }, {});
  const member = (segment: string, value: boolean) => ({
    field: 'member_of',
    with: { segment },
    op: 'eq',
    value,
  });
  const either = { any: [member('fresh', true), member('silver', true)] };
  await make('Resting', { v: 1, where: { all: [either, member('gold', false)] } }, {});
  await make('Reachable', { v: 1, where: { field: 'email_consent', op: 'eq', value: 'SUBSCRIBED' } }, {});
  await make('Shoes', { v: 1, where: { field: 'bought', with: { what: { type: ['shoes'] }, lastDays: 30 }, op: 'eq', value: true } }, {}); // prettier-ignore
  await make('Further', { v: 1, where: { none: [member('resting', true), member('quiet', true)] } }, {});
  const standing = (field: string, op: string, value: number) => ({ v: 1, where: { field, with: { segment: 'silver' }, op, value } }); // prettier-ignore
  await make('Ending', standing('tier_until', 'in_next_days', ENDING_DAYS), {});
  await make('Short', standing('money_to_next_tier', 'lte', SHORT_OF), {});
  const ctx = shop.ctx;
  const set = { name: 'Club', kind: 'tiers' as const, settings: {}, keys: ['gold', 'silver'] };
  await applyChange(ctx, shop.shopId, { change: { act: 'arrange_set', set }, actor: 'test', now });
  const keys = [...CLUB_KEYS, 'resting', 'further', 'reachable', 'shoes', 'ending', 'short'];
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys, now }));
  expect((await turnOn(ctx, shop.shopId, { keys, fingerprint, actor: 'test', now })).outcome).toBe('done');
  return shop;
}

/**
 * A shadow from the facts is what is stored, the history adds up to it, one segment of the tiers at most, and those that
 * ask for others go by the stored memberships of those: lists, tiers, holds and stays included, and their last days.
 */
export async function expectClubAgrees(shop: SegmentShop): Promise<void> {
  expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, scores: 0, memberships: 0 });
  const stored = await shop.memberships();
  expect(await shop.in(membershipsByHistory)).toEqual([...stored].sort());
  const inTiers = stored.filter((one) => / (gold|silver)$/.test(one)).map((one) => one.split(' ')[0]);
  expect(new Set(inTiers).size).toBe(inTiers.length);
  const isMember = (id: string, key: string) => stored.includes(`${id} ${key}`);
  const today = localDateOf(shop.clock.now(), ZONE);
  const { rows } = await shop.in((tx) =>
    tx.query<{ id: string; left: number | null; spent: string }>(sql`
      SELECT p.customer_id AS id, (
               SELECT m.held_until - ${today}::date FROM membership m
                 JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id AND s.key IN ('gold', 'silver')
                WHERE m.shop_id = ${shop.shopId} AND m.customer_id = p.customer_id) AS left, (
               SELECT coalesce(sum(greatest(0, o.net_payment_minor)), 0) FROM orders o
                WHERE o.shop_id = ${shop.shopId} AND o.customer_id = p.customer_id AND o.cancelled_at IS NULL
                  AND o.financial_status <> 'REFUNDED'
                  AND (o.processed_at AT TIME ZONE ${ZONE})::date > ${today}::date - 61) AS spent
        FROM profile p WHERE p.shop_id = ${shop.shopId}`),
  );
  for (const { id, left, spent } of rows) {
    const ends = left !== null && left >= 0 && left <= ENDING_DAYS;
    expect([id, isMember(id, 'ending')]).toEqual([id, ends]);
    const missing = isMember(id, 'gold') ? 0 : (isMember(id, 'silver') ? 50_000 : 20_000) - Number(spent);
    expect([id, isMember(id, 'short')]).toEqual([id, missing > 0 && missing <= SHORT_OF]);
    const resting = (isMember(id, 'fresh') || isMember(id, 'silver')) && !isMember(id, 'gold');
    expect([id, isMember(id, 'resting')]).toEqual([id, resting]);
    expect([id, isMember(id, 'further')]).toEqual([id, !resting && !isMember(id, 'quiet')]);
  }
}
