/**
 * Segments that ask for segments, held to the evaluator that knows no SQL: what is asked for is the membership after
 * "always in", "never in", waits and the priority of a set, however deep; and so are the tiers that somebody stands in.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { DEFAULT_ORDER_POLICY } from '../../../app/history/order-policy.ts';
import { atHour, type LocalDate } from '../../../app/local-date.ts';
import { loadReadableSegments } from '../../../app/segments/load-segments.server.ts';
import { compileSegments, heldMemberships } from '../../../app/segments/membership-difference.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import {
  arbitraryCondition,
  arbitraryRule,
  arbitraryRuleOf,
  ASKED_KEYS,
  REFERRING_FIELDS,
} from '../../support/arbitrary-rule.ts';
import { arbitrarySegments, putAskedSegments } from '../../support/arbitrary-segments.ts';
import { arbitraryStore } from '../../support/random-store.ts';
import { factOf, isMember, type OracleSegment, type OracleWorld } from '../../support/rule-oracle-facts.ts';
import { rounds } from '../../support/rounds.ts';
import { createSegmentShop } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'Asia/Kathmandu';
const PEOPLE = Array.from({ length: 25 }, (_, i) => String(i + 1));
const TIER_FIELDS = ['tier_until', 'money_to_next_tier'] as const;
const ASKING = [...REFERRING_FIELDS, 'orders', 'spent', 'days_since_last_activity'] as const;

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

/** Each layer asks for those below it: five deep with the first. */
const asking = fc
  .tuple(
    fc
      .tuple(
        ...REFERRING_FIELDS.map((key) =>
          fc.array(arbitraryRuleOf(arbitraryCondition([key])), { minLength: 4, maxLength: 4 }),
        ),
      )
      .map((each) => each.flat()),
    fc.array(arbitraryRule([...ASKING]), { minLength: 6, maxLength: 6 }),
    ...[2, 3, 4, 5].map((layer) => arbitraryRule([...ASKING], [...ASKED_KEYS, `layer-${layer - 1}`])),
  )
  .map(([plain, nested, ...layers]): Record<string, OracleSegment> => {
    const first = nested[0] ?? plain[0];
    return {
      ...Object.fromEntries([...plain, ...nested].map((rule, i) => [`asks-${i}`, { rule }])),
      ...Object.fromEntries(
        [first, ...layers].flatMap((rule, i) => (rule ? [[`layer-${i + 1}`, { rule }]] : [])),
      ),
    };
  });

test('whoever a segment asks for is asked for as he is: named, outranked, waiting', async () => {
  const seen = { named: 0, outranked: 0, asked: 0, standing: 0 };
  await fc.assert(
    fc.asyncProperty(
      arbitraryStore(TODAY, ZONE, { customers: PEOPLE.length, orders: 70 }),
      arbitrarySegments(PEOPLE),
      asking,
      async (store, asked, askers) => {
        const segments: Record<string, OracleSegment> = { ...asked, ...askers };
        const shop = await createSegmentShop(t, { now: atHour(TODAY, 15, ZONE), timeZone: ZONE, store });
        const { held, context } = await shop.in(async (tx) => {
          await putAskedSegments(tx, segments);
          const { context } = await readRuleDay(tx, shop.clock.now());
          const stored = await loadReadableSegments(tx);
          expect(stored.map(({ key }) => key).sort()).toEqual(Object.keys(segments).sort());
          const { rows } = await tx.query<{ id: string; key: string }>(sql`
            ${heldMemberships(tx.shopId, compileSegments(stored), context, { touched: false })}
            SELECT held.customer_id AS id, s.key FROM held JOIN segment s ON s.id = held.segment_id`);
          return { held: new Set(rows.map(({ id, key }) => `${id} ${key}`)), context };
        });
        const world: OracleWorld = {
          store,
          today: TODAY,
          timeZone: ZONE,
          policy: DEFAULT_ORDER_POLICY,
          currency: 'EUR',
          salt: context.salt,
          cuts: context.cutPoints,
          segments,
        };
        const wanted = new Set(
          store.customers.flatMap((customer) =>
            Object.keys(segments).flatMap((key) =>
              isMember(world, customer, key) ? [`${customer.id} ${key}`] : [],
            ),
          ),
        );
        expect([...held].sort()).toEqual([...wanted].sort());
        const alone = Object.fromEntries(
          Object.entries(segments).map(([key, { rule, listed }]) => [
            key,
            { ...(rule ? { rule } : { listed: listed ?? [] }) },
          ]),
        );
        for (const customer of store.customers) {
          for (const key of ASKED_KEYS) {
            if (isMember({ ...world, segments: alone }, customer, key) === isMember(world, customer, key))
              continue;
            if (segments[key]?.set) seen.outranked += 1;
            else seen.named += 1;
          }
        }
        for (const customer of store.customers) {
          const stands = TIER_FIELDS.map((key) => factOf(world, customer, key, { segment: 'silver' }, 0));
          if (stands.some((value) => value !== null)) seen.standing += 1;
        }
        seen.asked += [...wanted].filter((one) => / (asks|layer)-/.test(one)).length;
      },
    ),
    { numRuns: rounds({ fast: 10, long: 60 }) },
  );
  expect(Math.min(seen.named, seen.outranked, seen.asked, seen.standing)).toBeGreaterThan(5);
}, 180_000);
