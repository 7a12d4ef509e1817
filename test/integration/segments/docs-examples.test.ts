/** Every example that docs/segments.md shows, of every field and operator, really runs and says what its words say. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../../app/db/sql.ts';
import { DEFAULT_ORDER_POLICY } from '../../../app/history/order-policy.ts';
import { atHour, type LocalDate } from '../../../app/local-date.ts';
import { operatorsOf } from '../../../app/segments/field.ts';
import { FIELD_KEYS, fieldOf } from '../../../app/segments/fields.ts';
import { loadReadableSegments } from '../../../app/segments/load-segments.server.ts';
import { compileSegments, heldMemberships } from '../../../app/segments/membership-difference.ts';
import { fromPortable } from '../../../app/segments/portable-rule.ts';
import { readRuleDay } from '../../../app/segments/read-rule-day.server.ts';
import { conditionsOf, type Rule } from '../../../app/segments/rule.ts';
import { arbitraryPrediction } from '../../support/arbitrary-customer.ts';
import { putAskedSegments } from '../../support/arbitrary-segments.ts';
import { arbitraryStore } from '../../support/random-store.ts';
import { isMember, type OracleSegment, type OracleWorld } from '../../support/rule-oracle-facts.ts';
import { createSegmentShop, putPredictions } from '../../support/segment-shop.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'Europe/Berlin';
const PEOPLE = Array.from({ length: 40 }, (_, i) => String(i + 1));

let t: TestDb;
beforeAll(async () => {
  t = await createTestDb();
});
afterAll(() => t.close());

/** Each line or block of the file that is a condition or a rule. */
function examples(): Rule[] {
  const text = readFileSync(path.join(import.meta.dirname, '../../../docs/segments.md'), 'utf8');
  const blocks = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const read = (json: string): unknown => {
    try {
      return JSON.parse(json);
    } catch {
      return undefined;
    }
  };
  const values = blocks.flatMap((block) => {
    const whole = read(block);
    return whole === undefined ? block.split('\n').filter(Boolean).map(read) : [whole];
  });
  return values.map((value) => {
    const rule = typeof value === 'object' && value !== null && 'v' in value ? value : { v: 1, where: value };
    const parsed = fromPortable(rule, 'EUR');
    if (!parsed.ok) throw new Error(`${JSON.stringify(value)}: ${JSON.stringify(parsed.faults)}`);
    return parsed.rule;
  });
}

test('every field with every operator is there, and says of random customers what the oracle says', async () => {
  const rules = examples();
  const shown = new Set(
    rules.flatMap(({ where }) => conditionsOf(where)).map(({ field, op }) => `${field} ${op}`),
  );
  const all = FIELD_KEYS.flatMap((key) => operatorsOf(fieldOf(key)).map((op) => `${key} ${op}`));
  expect(all.filter((one) => !shown.has(one))).toEqual([]);

  const sample = <T>(arbitrary: fc.Arbitrary<T>): T => fc.sample(arbitrary, { numRuns: 1, seed: 11 })[0] as T;
  const store = sample(arbitraryStore(TODAY, ZONE, { customers: PEOPLE.length, orders: 120 }));
  const people = sample(
    fc.array(arbitraryPrediction(TODAY), { minLength: PEOPLE.length, maxLength: PEOPLE.length }),
  );
  const predictions = new Map(PEOPLE.map((id, i) => [id, people[i] ?? null] as const));
  const segments: Record<string, OracleSegment> = {
    'best-customers': { rule: { v: 1, where: { field: 'spent', op: 'gte', value: 5_000 } }, never: ['3'] },
    gold: {
      rule: { v: 1, where: { field: 'spent', op: 'gte', value: 20_000 } },
      set: { name: 'Club', rank: 1 },
      hold: { for: 'end_of_next_year' },
    },
    silver: {
      rule: { v: 1, where: { field: 'spent', op: 'gte', value: 8_000 } },
      set: { name: 'Club', rank: 2 },
      hold: { for: 'months', months: 1 },
    },
    ...Object.fromEntries(rules.map((rule, i) => [`example-${i}`, { rule }])),
  };
  const shop = await createSegmentShop(t, { now: atHour(TODAY, 12, ZONE), timeZone: ZONE, store });
  const { held, context } = await shop.in(async (tx) => {
    await putPredictions(tx, [...predictions]);
    await putAskedSegments(tx, segments);
    const { context } = await readRuleDay(tx, shop.clock.now());
    const stored = await loadReadableSegments(tx);
    expect(stored).toHaveLength(Object.keys(segments).length);
    const { rows } = await tx.query<{ id: string; key: string }>(sql`
      ${heldMemberships(tx.shopId, compileSegments(stored), context, { touched: false })}
      SELECT held.customer_id AS id, s.key FROM held JOIN segment s ON s.id = held.segment_id`);
    return { held: rows.map(({ id, key }) => `${id} ${key}`), context };
  });
  const world: OracleWorld = {
    store,
    today: TODAY,
    timeZone: ZONE,
    policy: DEFAULT_ORDER_POLICY,
    currency: 'EUR',
    salt: context.salt,
    cuts: context.cutPoints,
    predictions,
    segments,
  };
  const wanted = store.customers.flatMap((customer) =>
    Object.keys(segments).flatMap((key) => (isMember(world, customer, key) ? [`${customer.id} ${key}`] : [])),
  );
  expect(held.sort()).toEqual(wanted.sort());
  expect(wanted.length).toBeGreaterThan(rules.length);
});
