/** Size, causes, overlap, health, performance and comparison on stores whose figures are known. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { readShopDay } from '../../../app/history/read-shop-day.server.ts';
import { addDays, atHour, localDateOf, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { refresh } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { turnOn } from '../../../app/pipeline/turn-on.server.ts';
import { readComparison } from '../../../app/segments/analysis/read-comparison.server.ts';
import { readGrowth } from '../../../app/segments/analysis/read-growth.server.ts';
import { readHealth } from '../../../app/segments/analysis/read-health.server.ts';
import { readOverlap } from '../../../app/segments/analysis/read-overlap.server.ts';
import {
  readPerformance,
  readStorePerformance,
} from '../../../app/segments/analysis/read-performance.server.ts';
import { withinLimit, type Timed } from '../../../app/segments/analysis/within-limit.server.ts';
import { installPresets } from '../../../app/segments/install-presets.server.ts';
import { reviewTurnOn } from '../../../app/segments/review-turn-on.server.ts';
import { ARITHMETIC_DAY, ARITHMETIC_NOON, ARITHMETIC_TIME_ZONE } from '../../support/arithmetic-store.ts';
import { putOrders } from '../../support/insert-facts.ts';
import {
  createArithmeticShop,
  createSegmentShop,
  putSegments,
  type SegmentShop,
} from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const ZONE = ARITHMETIC_TIME_ZONE;
const BANDS = ['win-back-30-59', 'win-back-60-89', 'win-back-90-179', 'win-back-180-364', 'win-back-365'];

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

const on = async (...keys: string[]) => {
  const now = shop.clock.now();
  const { fingerprint } = await shop.in((tx) => reviewTurnOn(tx, { keys, now }));
  const result = await turnOn(shop.ctx, shop.shopId, { keys, fingerprint, actor: '42', now });
  expect(result.outcome).toBe('done');
};
const goTo = async (date: string) => {
  shop.clock.set(startOfDay(date as LocalDate, ZONE));
  await reviewDue(shop.ctx, shop.shopId);
};
const buy = async (customerId: string, hour: number, totalMinor: number) => {
  shop.clock.set(atHour(localDateOf(shop.clock.now(), ZONE), hour, ZONE));
  const now = shop.clock.now();
  await shop.in(async (tx) => {
    await putOrders(tx, [{ id: `9${now.getTime()}`, customerId, processedAt: now, totalMinor }]);
    await refresh(tx, { touched: new Map([[customerId, 'order']]), now });
  });
};
const idOf = async (key: string) =>
  shop.in(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(
      sql`SELECT id FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key}`,
    );
    return rows[0]?.id ?? '';
  });
const here = <T>(timed: Timed<T>): T => {
  if (timed.state !== 'here') throw new Error('too slow');
  return timed.value;
};
const performance = async (key: string, from: Date, to: Date) => {
  const segmentId = await idOf(key);
  return shop.in(async (tx) =>
    here(await readPerformance(tx, await readShopDay(tx, shop.clock.now()), { segmentId, from, to })),
  );
};

test('size by day and by cause: turned on, moved by dates and by an order', async () => {
  await on(...BANDS);
  await goTo('2026-11-23');
  await goTo('2026-11-24');
  await buy('16', 12, 5_000);
  const growth = here(
    await shop.in((tx) =>
      readGrowth(tx, {
        key: 'win-back-30-59',
        from: '2026-11-20' as LocalDate,
        today: '2026-11-24' as LocalDate,
        timeZone: ZONE,
      }),
    ),
  );
  // 15 people on the 22nd; on the 24th c014 comes in, c029 moves on, and c016 orders.
  expect(growth).toEqual({
    days: [
      { day: '2026-11-20', entered: 0, left: 0, size: 0 },
      { day: '2026-11-21', entered: 0, left: 0, size: 0 },
      { day: '2026-11-22', entered: 15, left: 0, size: 15 },
      { day: '2026-11-23', entered: 0, left: 0, size: 15 },
      { day: '2026-11-24', entered: 1, left: 2, size: 14 },
    ],
    causes: [
      { cause: 'activation', entered: 15, left: 0 },
      { cause: 'clock', entered: 1, left: 1 },
      { cause: 'order', entered: 0, left: 1 },
    ],
    entered: 16,
    left: 2,
  });
});

test('performance: an order counts for the segment that its customer was in when it was placed', async () => {
  await on(...BANDS);
  const began = shop.clock.now();
  await goTo('2026-11-24');
  await buy('16', 10, 2_000); // in 30-59 until this order
  await buy('16', 11, 3_000); // not any more
  await buy('14', 12, 1_000); // came in at midnight
  await buy('100', 13, 4_000); // in 180-364
  const now = shop.clock.now();
  expect(await performance('win-back-30-59', began, now)).toEqual({
    members: 16,
    buyers: 2,
    repeatBuyers: 0,
    orders: 2,
    spentMinor: '3000',
    step: 1,
  });
  expect(await performance('win-back-180-364', began, now)).toMatchObject({ orders: 1, spentMinor: '4000' });
  expect(await performance('win-back-365', began, now)).toMatchObject({
    members: 19,
    orders: 0,
    spentMinor: '0',
  });
  // Before it was on there were no members; of a period in the past only what was then.
  const day = (date: string) => startOfDay(date as LocalDate, ZONE);
  expect(await performance('win-back-30-59', day('2026-11-01'), day('2026-11-22'))).toMatchObject({
    members: 0,
    orders: 0,
  });
  expect(await performance('win-back-30-59', day('2026-11-22'), day('2026-11-23'))).toMatchObject({
    members: 15,
    orders: 0,
  });
  const segmentId = await idOf('win-back-180-364');
  const sampled = await shop.in(async (tx) =>
    here(await readPerformance(tx, await readShopDay(tx, now), { segmentId, from: began, to: now }, 50)),
  );
  expect(sampled.step).toBeGreaterThan(1);
  expect(sampled.members % sampled.step).toBe(0);
  expect(sampled.members).toBeGreaterThan(40);
  expect(sampled.members).toBeLessThan(180);
  const store = await shop.in(async (tx) =>
    here(await readStorePerformance(tx, await readShopDay(tx, now), { from: began, to: now })),
  );
  expect(store).toEqual({
    members: 200,
    buyers: 3,
    repeatBuyers: 1,
    orders: 4,
    spentMinor: '10000',
    step: 1,
  });
});

// Few minutes, so that orders fall on the very instants of coming and going.
test('performance of random histories is what one finds by looking at every order and every span', async () => {
  await shop.in((tx) =>
    putSegments(tx, { random: { rule: { v: 1, where: { field: 'orders', op: 'gte', value: 99 } } } }),
  );
  const segmentId = await idOf('random');
  const at = (minute: number) => new Date(ARITHMETIC_NOON.getTime() - (1_000 - minute) * 60_000);
  const history = fc.record({
    steps: fc
      .uniqueArray(fc.integer({ min: 1, max: 39 }), { maxLength: 5 })
      .map((all) => all.sort((a, b) => a - b)),
    startsIn: fc.boolean(),
    mass: fc.boolean(),
    orders: fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 4 }),
  });
  const period = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 20 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(history, { minLength: 1, maxLength: 8 }),
      period,
      async (people, [start, long]) => {
        const [from, to] = [start, start + long];
        let expected = { members: 0, buyers: 0, repeatBuyers: 0, orders: 0 };
        const told = await shop.in(async (tx) => {
          for (const table of [sql`membership_event`, sql`membership`, sql`mass_member`, sql`mass_change`]) {
            await tx.query(sql`DELETE FROM ${table} WHERE shop_id = ${tx.shopId}`);
          }
          await tx.query(sql`DELETE FROM orders WHERE shop_id = ${tx.shopId}`);
          const orders = people.flatMap(({ orders: minutes }, i) =>
            minutes.map((minute, n) => ({
              id: `${i + 1}${n}`,
              customerId: String(i + 1),
              processedAt: at(minute),
              totalMinor: 100,
            })),
          );
          await putOrders(tx, orders);
          for (const [i, { steps, startsIn, mass }] of people.entries()) {
            // Who starts in has no trace of coming in; then they leave and come by turns.
            let inside = startsIn;
            for (const minute of steps) {
              inside = !inside;
              const kind = inside ? 'entered' : 'left';
              if (mass) {
                await tx.query(sql`
                WITH made AS (
                  INSERT INTO mass_change (shop_id, segment_id, kind, at, cause, rule_version, cut_points_version, members)
                  VALUES (${tx.shopId}, ${segmentId}::bigint, ${kind}, ${at(minute)}, 'refit', 1, 1, 1) RETURNING id)
                INSERT INTO mass_member (shop_id, change_id, customer_id) SELECT ${tx.shopId}::bigint, id, ${i + 1}::bigint FROM made`);
              } else {
                await tx.query(sql`
                INSERT INTO membership_event (shop_id, segment_id, customer_id, kind, at, cause, rule_version, cut_points_version, evidence)
                VALUES (${tx.shopId}, ${segmentId}::bigint, ${i + 1}, ${kind}, ${at(minute)}, 'order', 1, 1, '{}')`);
              }
            }
            if (inside) {
              const since = at(steps.at(-1) ?? -100_000);
              await tx.query(sql`
              INSERT INTO membership (shop_id, segment_id, customer_id, since, cause, rule_version, cut_points_version, evidence)
              VALUES (${tx.shopId}, ${segmentId}::bigint, ${i + 1}, ${since}, 'order', 1, 1, '{}')`);
            }
            const spans: [number, number][] = [];
            let began = startsIn ? -Infinity : null;
            for (const minute of steps) {
              if (began === null) began = minute;
              else {
                spans.push([began, minute]);
                began = null;
              }
            }
            if (began !== null) spans.push([began, Infinity]);
            const cut = spans
              .map(([b, e]) => [Math.max(b, from), Math.min(e, to)] as const)
              .filter(([b, e]) => b < e);
            const bought =
              people[i]?.orders.filter((minute) => cut.some(([b, e]) => minute > b && minute <= e)).length ??
              0;
            expected = {
              members: expected.members + (cut.length > 0 ? 1 : 0),
              buyers: expected.buyers + (bought > 0 ? 1 : 0),
              repeatBuyers: expected.repeatBuyers + (bought > 1 ? 1 : 0),
              orders: expected.orders + bought,
            };
          }
          return here(
            await readPerformance(tx, await readShopDay(tx, ARITHMETIC_NOON), {
              segmentId,
              from: at(from),
              to: at(to),
            }),
          );
        });
        expect(told).toEqual({ ...expected, spentMinor: String(expected.orders * 100), step: 1 });
      },
    ),
    { numRuns: 40 },
  );
});

test('overlap of live segments: the top groups lie in each other, the bands are apart', async () => {
  await on('top-5-percent', 'top-25-percent', 'repeat-buyers', ...BANDS.slice(0, 2));
  const overlap = here(await shop.in((tx) => readOverlap(tx)));
  const sizes = Object.fromEntries(overlap.segments.map(({ key, size }) => [key, size]));
  expect(sizes).toMatchObject({ 'repeat-buyers': 80, 'win-back-30-59': 15, 'win-back-60-89': 15 });
  const pair = (a: string, b: string) => overlap.pairs.find((one) => one.a === a && one.b === b);
  expect(pair('win-back-30-59', 'win-back-60-89')).toBeUndefined();
  expect(pair('repeat-buyers', 'win-back-30-59')).toMatchObject({ both: 6, shareOfSmaller: 0.4 });
  expect(overlap.step).toBe(1);
  const sampled = here(await shop.in((tx) => readOverlap(tx, 20)));
  expect(sampled.step).toBeGreaterThan(1);
  const estimated = sampled.segments.find(({ key }) => key === 'repeat-buyers')?.size ?? 0;
  expect(estimated % sampled.step).toBe(0);
  expect(estimated).toBeGreaterThan(20);
  expect(estimated).toBeLessThan(200);
});

test('health on live segments: empty, contained, stale after 90 days without a change', async () => {
  await on('top-5-percent', 'repeat-buyers', 'returned-everything', 'one-time-buyers');
  const read = async (today: string) => {
    const overlap = here(await shop.in((tx) => readOverlap(tx)));
    const notes = here(
      await shop.in((tx) => readHealth(tx, { today: today as LocalDate, timeZone: ZONE, overlap })),
    );
    return Object.fromEntries(notes.map(({ key, notes: all }) => [key, all]));
  };
  expect(await read('2026-11-22')).toEqual({
    'returned-everything': [{ kind: 'empty' }],
    'top-5-percent': [{ kind: 'contained', in: 'repeat-buyers', name: 'Repeat buyers' }],
  });
  expect(await read(addDays(ARITHMETIC_DAY, 90))).toMatchObject({
    'one-time-buyers': [{ kind: 'stale', days: 90 }],
  });
});

describe('two segments compared', () => {
  const compare = async (a: string, b: string | null, most?: number) => {
    const ids = { a: await idOf(a), b: b === null ? null : await idOf(b) };
    return shop.in(async (tx) =>
      here(await readComparison(tx, await readShopDay(tx, ARITHMETIC_NOON), ids, most)),
    );
  };

  test('repeat buyers and one-time buyers: every mean and share by hand', async () => {
    await on('repeat-buyers', 'one-time-buyers');
    const { comparison, members, looked } = await compare('repeat-buyers', 'one-time-buyers');
    expect([members, looked]).toEqual([
      { a: 80, b: 120, both: 0 },
      { a: 80, b: 120 },
    ]);
    const means = Object.fromEntries(comparison.means.map((one) => [one.key, one]));
    // 40 with three orders, of those ten at 400.00; 40 with two.
    expect(means['orders']?.a).toMatchObject({ n: 80, mean: 2.5 });
    expect(means['spent']?.a.mean).toBe((40 * 10_000 + 30 * 15_000 + 10 * 120_000) / 80);
    expect(means['spent']?.b).toEqual({ n: 120, mean: 5_000, variance: 0 });
    expect(means['spent']?.clear).toBe(true);
    // k = 1, 5, 6, 10, ... 200 against the rest, 2k days.
    const days = (ks: number[]) => ks.reduce((sum, k) => sum + 2 * k, 0) / ks.length;
    const all = Array.from({ length: 200 }, (_, i) => i + 1);
    expect(means['days_since_last_order']?.a.mean).toBeCloseTo(days(all.filter((k) => k % 5 < 2)), 9);
    expect(means['days_since_last_order']?.clear).toBe(false);
    const shares = Object.fromEntries(comparison.shares.map((one) => [one.key, one]));
    expect(shares['repeat_buyers']).toMatchObject({
      a: { some: 80, of: 80 },
      b: { some: 0, of: 120 },
      clear: true,
    });
    expect(shares['email']).toMatchObject({
      a: { some: 60, of: 80 },
      b: { some: 90, of: 120 },
      clear: false,
    });
    expect(comparison.kinds.country).toEqual([]);
  });

  test('people in both are on the first side only; against everybody else nobody is twice', async () => {
    await on('repeat-buyers', 'top-5-percent');
    const inside = await compare('top-5-percent', 'repeat-buyers');
    expect(inside.members.both).toBe(inside.members.a);
    expect(inside.looked.b).toBe(80 - inside.members.a);
    const rest = await compare('repeat-buyers', null);
    expect([rest.members, rest.looked]).toEqual([
      { a: 80, b: 120, both: 0 },
      { a: 80, b: 120 },
    ]);
  });

  test('of large segments a sample is looked at, the same each time', async () => {
    await on('repeat-buyers', 'one-time-buyers');
    const one = await compare('repeat-buyers', 'one-time-buyers', 40);
    expect(one.looked.a).toBeGreaterThan(15);
    expect(one.looked.a).toBeLessThan(70);
    expect(await compare('repeat-buyers', 'one-time-buyers', 40)).toEqual(one);
  });
});

test('what differs by name: countries, channels, products', async () => {
  const people = Array.from({ length: 40 }, (_, i) => i + 1);
  shop = await createSegmentShop(t, {
    now: ARITHMETIC_NOON,
    timeZone: ZONE,
    store: {
      customers: people.map((k) => ({ id: String(k), countryCode: k <= 20 ? 'DE' : 'AT' })),
      orders: people.map((k) => ({
        id: String(k),
        customerId: String(k),
        processedAt: addHours(-k),
        totalMinor: k <= 20 ? 10_000 : 1_000,
        sourceName: k % 2 === 0 ? 'web' : 'pos',
        discountMinor: k <= 5 ? 100 : 0,
        lines: [
          { id: '1', productId: k <= 30 ? '1' : '2', title: k <= 30 ? 'Shirt' : 'Hat' },
          { id: '2', productId: '1', title: k <= 30 ? 'Shirt' : 'Hat' },
        ],
      })),
    },
  });
  await shop.in((tx) =>
    putSegments(tx, {
      large: { rule: { v: 1, where: { field: 'spent', op: 'gte', value: 5_000 } }, status: 'draft' },
    }),
  );
  await on('large');
  const large = await idOf('large');
  const { comparison } = await shop.in(async (tx) =>
    here(await readComparison(tx, await readShopDay(tx, ARITHMETIC_NOON), { a: large, b: null })),
  );
  const counts = (kind: 'country' | 'channel' | 'product') =>
    comparison.kinds[kind].map(({ key, a, b, clear }) => [key, a.some, a.of, b.some, b.of, clear]);
  expect(counts('country')).toEqual([
    ['AT', 0, 20, 20, 20, true],
    ['DE', 20, 20, 0, 20, true],
  ]);
  expect(counts('channel')).toEqual([
    ['pos', 10, 20, 10, 20, false],
    ['web', 10, 20, 10, 20, false],
  ]);
  expect(counts('product')).toEqual([
    ['Shirt', 20, 20, 10, 20, true],
    ['Hat', 0, 20, 10, 20, true],
  ]);
  const discount = comparison.means.find(({ key }) => key === 'share_at_discount');
  expect([discount?.a.mean, discount?.b.mean]).toEqual([25, 0]);
});

const addHours = (hours: number) => new Date(ARITHMETIC_NOON.getTime() + hours * 3_600_000);

test('what takes too long is given up and leaves the transaction usable', async () => {
  await shop.in(async (tx) => {
    const timed = await withinLimit(tx, 50, () => tx.query(sql`SELECT pg_sleep(20)`));
    expect(timed).toEqual({ state: 'too_slow' });
    const { rows } = await tx.query<{ one: number }>(sql`SELECT 1 AS one`);
    expect(rows).toEqual([{ one: 1 }]);
    await expect(withinLimit(tx, 50, () => tx.query(sql`SELECT 1 / 0`))).rejects.toThrow('division by zero');
  });
});
