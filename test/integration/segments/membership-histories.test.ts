/**
 * Random histories: orders, refunds, days that pass, people named and freed, in any order and some of them twice. At
 * each moment the stored memberships are a fixed point (a rebuild moves nobody), each customer is in one segment of a
 * set at most, and the history adds up to the memberships.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { addDays, atHour, type LocalDate } from '../../../app/local-date.ts';
import { applyChange } from '../../../app/pipeline/apply-change.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { namePerson } from '../../../app/pipeline/name-person.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { putOrders } from '../../support/insert-facts.ts';
import { createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const DAY = '2026-02-26' as LocalDate;
const ZONE = 'America/New_York';
const PEOPLE = ['1', '2', '3', '4'];

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

type Step =
  | { do: 'order'; who: string; id: number; amount: number }
  | { do: 'refund'; id: number }
  | { do: 'wait'; days: number }
  | { do: 'name'; who: string; list: 'always' | 'never' | null; key: string }
  | { do: 'rebuild' };

const KEYS = ['gold', 'silver', 'fresh', 'quiet'] as const;
const who = fc.constantFrom(...PEOPLE);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('order' as const), who, id: fc.nat(8), amount: fc.constantFrom(10_000, 30_000, 60_000) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refund' as const), id: fc.nat(8) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('name' as const), who, list: fc.constantFrom('always' as const, 'never' as const, null), key: fc.constantFrom(...KEYS) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'rebuild' as const }) },
); // prettier-ignore

async function createStage(): Promise<SegmentShop> {
  const shop = await createSegmentShop(t, {
    now: atHour(DAY, 12, ZONE),
    timeZone: ZONE,
    store: {
      customers: PEOPLE.map((id) => ({ id })),
      orders: PEOPLE.map((id) => ({
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
  await make('Further', { v: 1, where: { none: [member('resting', true), member('quiet', true)] } }, {});
  const ctx = shop.ctx;
  const set = { name: 'Club', kind: 'tiers' as const, settings: {}, keys: ['gold', 'silver'] };
  await applyChange(ctx, shop.shopId, { change: { act: 'arrange_set', set }, actor: 'test', now });
  const keys = [...KEYS, 'resting', 'further'];
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys, now }));
  expect((await turnOn(ctx, shop.shopId, { keys, fingerprint, actor: 'test', now })).outcome).toBe('done');
  return shop;
}

async function take(shop: SegmentShop, one: Step): Promise<void> {
  const now = shop.clock.now();
  const touch = (tx: Parameters<typeof refresh>[0], ids: readonly string[], cause: 'order' | 'refund') =>
    refresh(tx, { touched: new Map(ids.map((id) => [id, cause])), now });
  switch (one.do) {
    case 'order':
      // The same order again, perhaps of somebody else: the one before loses it.
      return shop.in(async (tx) => {
        await putOrders(tx, [
          { id: String(one.id + 1), customerId: one.who, processedAt: now, totalMinor: one.amount },
        ]);
        await touch(tx, PEOPLE, 'order');
      });
    case 'refund':
      return shop.in(async (tx) => {
        await tx.query(sql`UPDATE orders SET net_payment_minor = 0, refunded_minor = total_minor, financial_status = 'REFUNDED'
                            WHERE shop_id = ${shop.shopId} AND id = ${one.id + 1}`);
        await touch(tx, PEOPLE, 'refund');
      });
    case 'wait':
      shop.clock.set(new Date(now.getTime() + one.days * 86_400_000));
      await reviewDue(shop.ctx, shop.shopId);
      return;
    case 'name':
      await namePerson(shop.ctx, shop.shopId, {
        key: one.key,
        customerIds: [one.who],
        list: one.list,
        actor: 'test',
        now,
      });
      return;
    case 'rebuild': {
      const before = await shop.memberships();
      await recomputeShop(shop.ctx, shop.shopId, { cause: 'import', publish: 'never', chunk: 3 });
      expect(await shop.memberships()).toEqual(before);
    }
  }
}

async function agrees(shop: SegmentShop): Promise<void> {
  expect(await checkDrift(shop.ctx, shop.shopId)).toMatchObject({ profiles: 0, memberships: 0 });
  const stored = await shop.memberships();
  const inSet = stored.filter((one) => /gold|silver/.test(one)).map((one) => one.split(' ')[0]);
  expect(new Set(inSet).size).toBe(inSet.length);
  // Segments that ask for others: by the stored memberships of those, lists, tiers, holds and stays included.
  const isMember = (id: string, key: string) => stored.includes(`${id} ${key}`);
  for (const id of PEOPLE) {
    const resting = (isMember(id, 'fresh') || isMember(id, 'silver')) && !isMember(id, 'gold');
    expect([id, isMember(id, 'resting')]).toEqual([id, resting]);
    expect([id, isMember(id, 'further')]).toEqual([id, !resting && !isMember(id, 'quiet')]);
  }
  const { rows } = await shop.in((tx) =>
    tx.query<{ one: string }>(sql`
      SELECT moved.customer_id || ' ' || g.key AS one FROM (
        SELECT customer_id, segment_id, CASE kind WHEN 'entered' THEN 1 ELSE -1 END AS step FROM membership_event
         WHERE shop_id = ${shop.shopId}
        UNION ALL
        SELECT m.customer_id, c.segment_id, CASE c.kind WHEN 'entered' THEN 1 ELSE -1 END
          FROM mass_member m JOIN mass_change c ON c.shop_id = m.shop_id AND c.id = m.change_id WHERE m.shop_id = ${shop.shopId}
      ) moved JOIN segment g ON g.shop_id = ${shop.shopId} AND g.id = moved.segment_id
       GROUP BY 1 HAVING sum(step) <> 0`),
  );
  expect(rows.map(({ one }) => one).sort()).toEqual([...stored].sort());
}

test('whatever happens in whatever order, a rebuild moves nobody and the history adds up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
      const shop = await createStage();
      for (const one of steps) {
        await take(shop, one);
        await agrees(shop);
      }
    }),
    { numRuns: Number(process.env['HISTORIES'] ?? 5) },
  );
}, 300_000);
