import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manualClock } from '../../../app/clock.ts';
import { dueShops } from '../../../app/db/shop-due.server.ts';
import { sql } from '../../../app/db/sql.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { readStoreSummary } from '../../../app/history/read-store-summary.server.ts';
import { startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { checkDrift } from '../../../app/pipeline/check-drift.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { countDrafts } from '../../../app/segments/count-drafts.server.ts';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { PRESET_KEYS } from '../../../app/segments/presets.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { readCutPointsInForce } from '../../../app/value/cut-points.server.ts';
import {
  ARITHMETIC_NOON,
  ARITHMETIC_TIME_ZONE,
  insertArithmeticStore,
} from '../../support/arithmetic-store.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const WIN_BACK = ['win-back-30-59', 'win-back-60-89', 'win-back-90-179', 'win-back-180-364', 'win-back-365'];

let t: TestDb;
let shopId: ShopId;
const clock = manualClock(ARITHMETIC_NOON);
const ctx = () => ({ db: t.db, clock, log: silentLog() });

beforeAll(async () => {
  t = await createTestDb();
  shopId = await t.createShop({ timeZone: ARITHMETIC_TIME_ZONE });
  await t.db.inShop(shopId, async (tx) => {
    await insertArithmeticStore(tx);
    await installPresets(tx, clock.now());
  });
  await recomputeShop(ctx(), shopId, { cause: 'import', publish: 'if-due', chunk: 70 });
});
afterAll(() => t.close());

describe('the store as it is found', () => {
  test('customers, orders, spent, one-time and repeat buyers', async () => {
    const summary = await t.db.inShop(shopId, readStoreSummary);
    expect(summary).toMatchObject({
      customers: 200,
      orders: 320,
      spentMinor: '2650000',
      oneTimeBuyers: 120,
      repeatBuyers: 80,
    });
  });

  test('cut points and rhythm', async () => {
    const cuts = await t.db.inShop(shopId, async (tx) =>
      readCutPointsInForce(tx, await readShopDay(tx, clock.now())),
    );
    expect(cuts).toMatchObject({ version: 1, buyers: 200, gaps: 120, rhythmDays: [30, 60, 180] });
    const close = (numbers: number[], expected: number[]) =>
      expected.forEach((number, i) => expect(numbers[i]).toBeCloseTo(number, 9));
    close(cuts.frequency, [1, 1, 1.4, 2.2]);
    close(cuts.monetaryMinor, [5_000, 5_000, 7_000, 11_000]);
    close(cuts.recencyDays, [81.6, 161.2, 240.8, 320.4]);
  });

  test('scores', async () => {
    const { rows } = await t.db.inShop(shopId, (tx) =>
      tx.query<{ r: number[]; f: number[]; m: number[]; best: string[] }>(sql`
        SELECT ARRAY(SELECT (SELECT count(*)::int FROM score WHERE f = n) FROM generate_series(1, 5) n) AS f,
               ARRAY(SELECT (SELECT count(*)::int FROM score WHERE m = n) FROM generate_series(1, 5) n) AS m,
               ARRAY(SELECT (SELECT count(*)::int FROM score WHERE r = n) FROM generate_series(1, 5) n) AS r,
               (SELECT array_agg(customer_id ORDER BY customer_id) FROM score WHERE (r, f, m) = (5, 5, 5)) AS best`),
    );
    expect(rows[0]).toEqual({
      f: [120, 0, 0, 40, 40],
      m: [120, 0, 0, 40, 40],
      r: [40, 40, 40, 40, 40],
      best: ['5', '10', '15', '20', '25', '30', '35', '40'],
    });
  });

  test('the life-cycle map', async () => {
    const sizes = await t.db.inShop(shopId, (tx) => countDrafts(tx, clock.now()));
    expect([...sizes.keys()]).toEqual(PRESET_KEYS);
    expect(Object.fromEntries(sizes)).toMatchObject({
      'best-customers': 3,
      'best-slowing': 3,
      'best-away': 12,
      'best-lost': 22,
      'steady-customers': 3,
      'steady-slowing': 3,
      'steady-away': 12,
      'steady-lost': 22,
      new: 9,
      'second-order-due': 9,
      'one-order-away': 36,
      'one-order-gone': 66,
      'never-bought': 0,
      'returned-everything': 0,
      'one-time-buyers': 120,
      'repeat-buyers': 80,
    });
  });

  test('drafts keep and write nothing', async () => {
    const { rows } = await t.db.inShop(shopId, (tx) =>
      tx.query(`SELECT (SELECT count(*) FROM membership) AS memberships, (SELECT count(*) FROM tag_outbox) AS outbox,
                       (SELECT count(*) FROM membership_event) AS events, (SELECT count(*) FROM shop_due) AS due,
                       (SELECT count(next_review_at) FROM profile) AS reviews`),
    );
    expect(rows).toEqual([{ memberships: '0', outbox: '0', events: '0', due: '0', reviews: '0' }]);
  });
});

describe('the win-back bands are turned on', () => {
  const members = async () => {
    const { rows } = await t.db.inShop(shopId, (tx) =>
      tx.query<{ key: string; ids: string[] }>(`
        SELECT key, array_agg(customer_id ORDER BY customer_id) AS ids
          FROM membership JOIN segment ON segment.id = segment_id GROUP BY key`),
    );
    return Object.fromEntries(rows.map(({ key, ids }) => [key, ids]));
  };
  const sizes = async () => {
    const now = await members();
    return WIN_BACK.map((key) => now[key]?.length ?? 0);
  };
  const events = async (since: Date) => {
    const { rows } = await t.db.inShop(shopId, (tx) =>
      tx.query<{ id: string; kind: string; key: string; cause: string }>(sql`
        SELECT customer_id AS id, e.kind, key, cause FROM membership_event e JOIN segment ON segment.id = segment_id
         WHERE at = ${since} ORDER BY customer_id, e.kind`),
    );
    return rows.map(({ id, kind, key, cause }) => `c${id} ${kind} ${key} (${cause})`);
  };
  const midnight = (date: string) => startOfDay(date as LocalDate, ARITHMETIC_TIME_ZONE);

  test('15, 15, 45, 93, 18 people, each in one, as the review said', async () => {
    const review = await t.db.inShop(shopId, (tx) => reviewTurnOn(tx, { keys: WIN_BACK, now: clock.now() }));
    expect(review.segments.map(({ size, gains, loses }) => [size, gains, loses])).toEqual([
      [15, 15, 0],
      [15, 15, 0],
      [45, 45, 0],
      [93, 93, 0],
      [18, 18, 0],
    ]);
    expect(review).toMatchObject({ customersAffected: 186, tagAdditions: 186, tagRemovals: 0 });
    const result = await turnOn(ctx(), shopId, {
      keys: WIN_BACK,
      fingerprint: review.fingerprint,
      actor: 'demo',
      now: clock.now(),
    });
    expect(result).toMatchObject({ outcome: 'done', entered: 186, queued: 186 });
    expect(await sizes()).toEqual([15, 15, 45, 93, 18]);
    expect(new Set(Object.values(await members()).flat()).size).toBe(186);
  });

  test('the shop is woken for the first midnight on which somebody can move', async () => {
    const due = async (at: Date) => (await dueShops(t.db, 'review', at, 10)).map((shop) => shop.shopId);
    expect(await due(new Date(midnight('2026-11-23').getTime() - 1))).toEqual([]);
    expect(await due(midnight('2026-11-23'))).toEqual([shopId]);
  });

  test('nobody moves before the shop is at its midnight', async () => {
    clock.set(new Date(midnight('2026-11-23').getTime() - 1));
    expect(await reviewDue(ctx(), shopId)).toEqual({ reviewed: 0, nextAt: midnight('2026-11-23') });
  });

  test('on 23 November at 0:00 only c182 moves', async () => {
    clock.set(midnight('2026-11-23'));
    const { reviewed, nextAt } = await reviewDue(ctx(), shopId);
    expect({ reviewed, nextAt }).toEqual({ reviewed: 1, nextAt: midnight('2026-11-24') });
    expect(await events(clock.now())).toEqual([
      'c182 entered win-back-365 (clock)',
      'c182 left win-back-180-364 (clock)',
    ]);
    expect(await sizes()).toEqual([15, 15, 45, 92, 19]);
  });

  test('on 24 November exactly four', async () => {
    clock.set(midnight('2026-11-24'));
    await reviewDue(ctx(), shopId);
    expect(await events(clock.now())).toEqual([
      'c14 entered win-back-30-59 (clock)',
      'c29 entered win-back-60-89 (clock)',
      'c29 left win-back-30-59 (clock)',
      'c44 entered win-back-90-179 (clock)',
      'c44 left win-back-60-89 (clock)',
      'c89 entered win-back-180-364 (clock)',
      'c89 left win-back-90-179 (clock)',
    ]);
  });

  test('a shadow built from the facts is the same', async () => {
    expect(await checkDrift(ctx(), shopId, { chunk: 33 })).toEqual({
      customers: 200,
      profiles: 0,
      scores: 0,
      memberships: 0,
    });
  });
});
