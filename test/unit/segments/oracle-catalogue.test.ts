/**
 * The tests that hold the compiler to the oracle are worth as much as what they draw: every field of the catalogue is
 * drawn with every operator and every parameter, the oracle knows it, and both answers are seen.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_ORDER_POLICY } from '../../../app/history/order-policy.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import { operatorsOf, type Field } from '../../../app/segments/field.ts';
import { FIELD_KEYS, fieldOf, type FieldKey } from '../../../app/segments/fields.ts';
import { PARAM_LIMITS, WHAT_KINDS } from '../../../app/segments/param.ts';
import type { Condition } from '../../../app/segments/rule.ts';
import { parseRule } from '../../../app/segments/rule.ts';
import type { CutPoints } from '../../../app/value/cut-points.ts';
import { arbitraryPrediction } from '../../support/arbitrary-customer.ts';
import { arbitraryCondition, ASKED_KEYS, TIER_KEYS } from '../../support/arbitrary-rule.ts';
import { arbitrarySegments } from '../../support/arbitrary-segments.ts';
import { arbitraryStore } from '../../support/random-store.ts';
import { isIn, type OracleWorld } from '../../support/rule-oracle-facts.ts';

/** Fields that no random rule asks for, each with its reason. */
const NOT_DRAWN: Partial<Record<FieldKey, string>> = {};

const TODAY = '2026-11-22' as LocalDate;
const ZONE = 'Europe/Berlin';
const SEED = 20_261_122;
const PEOPLE = Array.from({ length: 12 }, (_, i) => String(i + 1));
const CUTS: CutPoints = {
  version: 1,
  asOf: TODAY,
  buyers: 20,
  frequency: [1, 1, 2, 3],
  monetaryMinor: [2_000, 5_000, 7_500, 20_000],
  recencyDays: [50, 100, 200, 300],
  rhythmDays: [30, 60, 180],
  gaps: 200,
  spentPercentiles: { 75: 20_000, 80: 22_000, 90: 30_000, 95: 35_000, 99: 40_000 },
} as unknown as CutPoints;

const drawn = (key: FieldKey): Condition[] =>
  fc.sample(arbitraryCondition([key]), { numRuns: 250, seed: SEED });

let world: OracleWorld;
beforeAll(() => {
  const sample = <T>(arbitrary: fc.Arbitrary<T>): T =>
    fc.sample(arbitrary, { numRuns: 1, seed: SEED })[0] as T;
  const people = sample(
    fc.array(arbitraryPrediction(TODAY), { minLength: PEOPLE.length, maxLength: PEOPLE.length }),
  );
  world = {
    store: sample(arbitraryStore(TODAY, ZONE, { customers: PEOPLE.length, orders: 48 })),
    today: TODAY,
    timeZone: ZONE,
    policy: DEFAULT_ORDER_POLICY,
    currency: 'EUR',
    salt: 'salt',
    cuts: CUTS,
    predictions: new Map(PEOPLE.map((id, i) => [id, people[i] ?? null])),
    segments: sample(arbitrarySegments(PEOPLE)),
  };
});

test('nothing is left out without a reason', () => {
  for (const [key, reason] of Object.entries(NOT_DRAWN)) {
    expect(FIELD_KEYS, 'an exception for a field that there is').toContain(key);
    expect(reason.length).toBeGreaterThan(20);
  }
});

describe.each(FIELD_KEYS.filter((key) => !(key in NOT_DRAWN)))('%s', (key) => {
  const field: Field = fieldOf(key);

  test('is drawn with every operator and every parameter, validly', () => {
    const conditions = drawn(key);
    expect(new Set(conditions.map(({ op }) => op))).toEqual(new Set(operatorsOf(field)));
    expect(new Set(conditions.flatMap((one) => Object.keys(one.with ?? {})))).toEqual(
      new Set(Object.keys(field.params ?? {})),
    );
    if (field.params && 'what' in field.params) {
      expect(new Set(conditions.flatMap((one) => Object.keys(one.with?.what ?? {})))).toEqual(
        new Set(Object.keys(WHAT_KINDS)),
      );
    }
    if (field.params && 'segment' in field.params) {
      expect(new Set(conditions.map((one) => one.with?.segment))).toEqual(
        new Set<string | undefined>(field.asksForTiers ? TIER_KEYS : ASKED_KEYS),
      );
    }
    const options = (field.options ?? []).map(({ value }) => value);
    const asked = new Set(conditions.flatMap(({ value }) => value ?? []));
    expect(options.filter((value) => !asked.has(value))).toEqual([]);
    for (const where of conditions)
      expect(parseRule({ v: 1, where })).toEqual({ ok: true, rule: { v: 1, where } });
    expect(Math.max(0, ...conditions.map((one) => one.with?.lastDays ?? 0))).toBeLessThan(PARAM_LIMITS.days);
  });

  test('is known to the oracle, which says yes of some and no of others', () => {
    const answers = drawn(key)
      .slice(0, 40)
      .flatMap((where) => world.store.customers.map((customer) => isIn(world, customer, { v: 1, where })));
    expect(new Set(answers)).toEqual(new Set([true, false]));
  });
});
