/** The next review may be early, never late; and midnights are the shop's, on every kind of day. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { waitForShop } from '../../../app/db/shop-due.server.ts';
import { touchCustomersAfter } from '../../../app/history/touched-customers.server.ts';
import { addDays, atHour, startOfDay, type LocalDate } from '../../../app/local-date.ts';
import { refreshTouched } from '../../../app/pipeline/refresh.server.ts';
import { reviewDue } from '../../../app/pipeline/review-due.server.ts';
import { compileSegments, membershipDifference } from '../../../app/segments/membership-difference.ts';
import { loadReadableSegments } from '../../../app/segments/load-segments.server.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { rhythmOffsets } from '../../../app/segments/fields/value.ts';
import { flipOffsets } from '../../../app/segments/flip-offsets.ts';
import { midnightOf } from '../../../app/segments/review-dates.ts';
import type { SegmentSettings } from '../../../app/segments/segment-settings.ts';
import {
  arbitraryCondition,
  arbitraryRule,
  arbitraryRuleOf,
  REFERRING_FIELDS,
  STORE_FIELDS,
} from '../../support/arbitrary-rule.ts';
import { arbitrarySegments, putAskedSegments } from '../../support/arbitrary-segments.ts';
import { arbitraryStore } from '../../support/random-store.ts';
import { rounds } from '../../support/rounds.ts';
import { createSegmentShop, type SegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

describe('the days on which a condition can flip', () => {
  test.each([
    ['gte', 30, [30]],
    ['lt', 30, [30]],
    ['gt', 30, [31]],
    ['lte', 30, [31]],
    ['eq', 30, [30, 31]],
    ['neq', 30, [30, 31]],
    ['between', [30, 59], [30, 60]],
    ['is_set', undefined, []],
  ] as const)('days %s %s', (op, value, days) => {
    expect(flipOffsets({ op, value })).toEqual(days);
  });

  test('the rhythm flips on the day after its bounds', () => {
    expect(rhythmOffsets([30, 91.5, 180.25])).toEqual([31, 92, 181]);
  });
});

test("the shop's midnight, also when clocks change at it", async () => {
  const shopId = await t.createShop();
  const cases: [string, string][] = [
    ['Europe/Berlin', '2026-10-25'],
    ['Europe/Berlin', '2026-03-29'],
    ['America/New_York', '2026-11-01'],
    ['America/Havana', '2026-11-01'], // 1:00 becomes 0:00: midnight comes twice
    ['America/Havana', '2026-03-08'], // 0:00 becomes 1:00: there is no midnight
    ['Africa/Cairo', '2026-04-24'],
    ['Asia/Beirut', '2026-03-29'],
    ['America/Santiago', '2026-09-06'],
    ['Australia/Lord_Howe', '2026-04-05'],
    ['Pacific/Apia', '2011-12-31'],
    ['Asia/Kathmandu', '2028-02-29'],
    ['UTC', '2028-03-01'],
  ];
  await t.db.inShop(shopId, async (tx) => {
    for (const [zone, date] of cases) {
      const { rows } = await tx.query<{ at: Date; on: string; before: string }>(sql`
        SELECT at, (at AT TIME ZONE ${zone})::date AS on,
               ((at - interval '1 millisecond') AT TIME ZONE ${zone})::date AS before
          FROM (SELECT ${midnightOf(sql`${date}::date`, zone)} AS at) midnight`);
      expect([zone, rows[0]?.at]).toEqual([zone, startOfDay(date as LocalDate, zone)]);
      expect(rows[0]?.on).toBe(date);
      expect((rows[0]?.before ?? '') < date).toBe(true);
    }
  });
});

/** How many memberships a full evaluation of everybody would change now, and who of them is not due. */
async function differences(shop: SegmentShop): Promise<{ all: number; notDue: number; asking: number }> {
  return shop.in(async (tx) => {
    const now = shop.clock.now();
    await touchCustomersAfter(tx, '0', 100_000, 'undo');
    const { context } = await readRuleDay(tx, now);
    const segments = compileSegments(await loadReadableSegments(tx, { statuses: ['live', 'paused'] }));
    const { rows } = await tx.query<{ all: number; notDue: number; asking: number }>(sql`
      ${membershipDifference(tx.shopId, segments, context)}
      SELECT count(*)::int AS all,
             count(*) FILTER (WHERE s.rule::text LIKE '%"segment": %')::int AS asking,
             count(*) FILTER (WHERE p.next_review_at IS NULL OR p.next_review_at > ${now})::int AS "notDue"
        FROM difference d JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = d.customer_id
        JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = d.segment_id`);
    return rows[0] ?? { all: 0, notDue: 0, asking: 0 };
  });
}

const zones = fc.constantFrom(
  'Europe/Berlin',
  'America/Havana',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'Pacific/Apia',
  'Pacific/Pago_Pago',
);
const today = '2026-10-12' as LocalDate;
/** Fields that days change often. */
const TIMELY = ['days_since_last_activity', 'orders_in', 'spent_in', 'rhythm'] as const;
const PEOPLE = Array.from({ length: 20 }, (_, i) => String(i + 1));

/** The next day on which a hold, a minimum stay or a wait to come back is over: read off what is stored. */
async function nextEndOfMemory(shop: SegmentShop, after: LocalDate): Promise<LocalDate | null> {
  const { rows } = await shop.in((tx) =>
    tx.query<{ on: LocalDate | null }>(sql`
      SELECT min(ends) AS on FROM (
        SELECT m.held_until + 1 FROM membership m WHERE m.shop_id = ${tx.shopId}
        UNION ALL
        SELECT (m.since AT TIME ZONE i.iana_timezone)::date + (s.settings->>'minimumStayDays')::int
          FROM membership m JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
          JOIN shop_settings i ON i.shop_id = m.shop_id WHERE m.shop_id = ${tx.shopId}
        UNION ALL
        SELECT l.left_on + (s.settings->>'rejoinAfterDays')::int
          FROM membership_left l JOIN segment s ON s.shop_id = l.shop_id AND s.id = l.segment_id
         WHERE l.shop_id = ${tx.shopId}) AS each (ends)
       WHERE ends > ${after}::date`),
  );
  return rows[0]?.on ?? null;
}

/** What is remembered of members beside the facts: it ends by time too. */
const settings: fc.Arbitrary<SegmentSettings> = fc.oneof(
  fc.constant({}),
  fc.integer({ min: 1, max: 40 }).map((minimumStayDays) => ({ minimumStayDays })),
  fc.integer({ min: 1, max: 40 }).map((rejoinAfterDays) => ({ rejoinAfterDays })),
  fc.constantFrom<SegmentSettings>(
    { hold: { for: 'months', months: 1 } },
    { hold: { for: 'end_of_this_year' } },
  ),
  arbitraryRule(STORE_FIELDS).map((keep) => ({ keep })),
);

test('before its next review nobody moves, whatever the rules; afterwards the due ones alone are right', async () => {
  const moves = { seen: 0, asking: 0, endings: 0 };
  await fc.assert(
    fc.asyncProperty(
      zones.chain((zone) =>
        fc.record({
          zone: fc.constant(zone),
          store: arbitraryStore(today, zone, { customers: PEOPLE.length, orders: 50 }),
        }),
      ),
      arbitrarySegments(PEOPLE),
      fc.array(
        fc.oneof(
          arbitraryRule([...REFERRING_FIELDS, ...STORE_FIELDS]),
          arbitraryRule([...REFERRING_FIELDS, ...TIMELY]),
        ),
        {
          minLength: 3,
          maxLength: 6,
        },
      ),
      fc.array(arbitraryRuleOf(arbitraryCondition(REFERRING_FIELDS)), { minLength: 3, maxLength: 5 }),
      fc.array(settings, { minLength: 17, maxLength: 17 }),
      fc.array(fc.integer({ min: 1, max: 45 }), { minLength: 4, maxLength: 8 }),
      async ({ zone, store }, asked, rules, asking, said, steps) => {
        const shop = await createSegmentShop(t, { now: atHour(today, 15, zone), timeZone: zone, store });
        await shop.in(async (tx) => {
          const askers = Object.fromEntries([...rules, ...asking].map((rule, i) => [`s${i}`, { rule }]));
          const all = { ...asked, ...askers };
          await putAskedSegments(
            tx,
            all,
            Object.fromEntries(
              Object.keys(all).map((key, i) => [
                key,
                key === 'frozen' ? { lastDay: addDays(today, 20) } : (said[i] ?? {}),
              ]),
            ),
          );
          await waitForShop(tx, shop.shopId);
          await touchCustomersAfter(tx, '0', 1_000, 'activation');
          await refreshTouched(tx, { now: shop.clock.now(), from: 'memberships' });
        });
        let day = today;
        for (const [i, step] of steps.entries()) {
          const ends = i % 2 === 0 ? await nextEndOfMemory(shop, day) : null;
          day = ends ?? addDays(day, step);
          if (ends !== null) moves.endings += 1;
          for (const at of [new Date(startOfDay(day, zone).getTime() - 1), startOfDay(day, zone)]) {
            shop.clock.set(at);
            const before = await differences(shop);
            moves.seen += before.all;
            moves.asking += before.asking;
            expect(before.notDue).toBe(0);
            const { nextAt } = await reviewDue(shop.ctx, shop.shopId, { batch: 7 });
            expect((await differences(shop)).all).toBe(0);
            expect(nextAt === null || nextAt > at).toBe(true);
          }
        }
      },
    ),
    { numRuns: rounds({ fast: 4, long: 40 }) },
  );
  expect(Math.min(moves.seen, moves.asking, moves.endings)).toBeGreaterThan(3);
});
