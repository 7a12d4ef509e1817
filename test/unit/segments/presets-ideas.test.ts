import { describe, expect, test } from 'vitest';
import type { LocalDate } from '../../../app/local-date.ts';
import { presetIdeas, type PresetNumbers } from '../../../app/segments/presets-ideas.ts';
import { FAMILY_NAMES, PRESETS, PRESET_KEYS } from '../../../app/segments/presets.ts';
import { parseRule, type Rule } from '../../../app/segments/rule.ts';
import { checkNames } from '../../../app/segments/segment-names.ts';
import { printRule } from '../../../app/segments/print-rule.ts';

const NOTHING: PresetNumbers = {
  today: '2026-11-22' as LocalDate,
  buyers: 0,
  bigOrderMinor: null,
  discountShare: null,
  returnedShare: null,
  secondOrderDays: null,
  gapDays: null,
  activeDays: 30,
  predictedMinor: null,
  products: [],
  newest: null,
  collections: [],
  countries: [],
  hasSubscriptions: false,
  loneTags: [],
};
const FULL: PresetNumbers = {
  ...NOTHING,
  buyers: 500,
  bigOrderMinor: 12_345,
  discountShare: 67,
  returnedShare: 12,
  secondOrderDays: { from: 21, to: 54 },
  gapDays: { median: 33, most: 61 },
  activeDays: 61.5,
  predictedMinor: 20_000,
  products: [
    { id: '11', title: 'Blue shirt', buyers: 90 },
    { id: '12', title: '靴', buyers: 80 },
  ],
  newest: { id: '13', title: 'Mütze', since: '2026-09-30' as LocalDate },
  collections: [{ id: '7', title: 'Winter', pieces: 4 }],
  countries: ['DE', 'AT', 'CH'],
  hasSubscriptions: true,
  loneTags: ['old note'],
};

const ruleOf = (store: PresetNumbers, key: string): Rule => {
  const idea = presetIdeas(store).find((one) => one.key === key);
  if (!idea?.rule) throw new Error(`no rule for ${key}: ${idea?.missing}`);
  return idea.rule;
};
const sentence = (key: string) => printRule(ruleOf(FULL, key), { currency: 'EUR' });

describe.each([
  ['a store with everything', FULL],
  ['a store with nothing', NOTHING],
])('%s', (_name, store) => {
  const ideas = presetIdeas(store);

  test('at least 30 presets in all; every key, name and tag can be used, and none twice', () => {
    const keys = [...PRESET_KEYS, ...ideas.map(({ key }) => key)];
    expect(keys.length).toBeGreaterThanOrEqual(60);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { key, name } of [...PRESETS, ...ideas]) {
      const faults = checkNames(
        { key, name, tag: key },
        { prefix: 'regulars-', taken: { keys: [], tags: [] } },
      );
      expect([key, faults]).toEqual([key, []]);
    }
  });

  test('each is a rule of the language or says why it cannot be made, and what to do with it', () => {
    for (const { key, rule, missing, advice, family } of ideas) {
      expect([key, rule === null]).toEqual([key, missing !== null]);
      if (rule) expect(parseRule(rule)).toEqual({ ok: true, rule });
      else expect(missing).toMatch(/\.$/);
      expect(advice).toMatch(/\.$/);
      expect(FAMILY_NAMES).toHaveProperty(family);
    }
  });
});

test('every family of the catalogue has presets', () => {
  const families = new Set([...PRESETS, ...presetIdeas(FULL)].map(({ family }) => family));
  expect([...families].sort()).toEqual(Object.keys(FAMILY_NAMES).sort());
});

test('what a store without orders cannot have is named, and nothing is made of a figure of ours', () => {
  const missing = presetIdeas(NOTHING).flatMap(({ key, missing: why }) => (why ? [key] : []));
  expect(missing).toEqual(
    (
      'high-predicted-value one-big-order second-order-window cadence-due discount-hunters frequent-returners subscribers ' +
      'former-subscribers bought-this-not-that again-the-best-seller-again fans-a-collection early-the-newest-product ' +
      'country-1 abroad lone-tags'
    ).split(' '),
  );
});

test('a store that hardly gives discounts has no discount hunters', () => {
  const idea = presetIdeas({ ...FULL, discountShare: 0 }).find(({ key }) => key === 'discount-hunters');
  expect(idea).toMatchObject({ rule: null, missing: expect.stringContaining('one in five') as string });
});

test.each([
  ['high-predicted-value', 'Customers whose spend expected (next 12 months) is more than €200.00.'],
  ['one-big-order', 'Customers with exactly 1 order, whose biggest order is more than €123.45.'],
  [
    'discount-hunters',
    'Customers with at least 2 orders, whose share bought at a discount is at least 67 %.',
  ],
  ['country-germany', 'Customers whose country is DE.'],
])('%s has the numbers of the store in its sentence', (key, expected) => {
  expect(sentence(key)).toBe(expected);
});

test('products, collections and dates are those of the store', () => {
  expect(ruleOf(FULL, 'early-mutze').where).toEqual({
    all: [
      {
        field: 'bought',
        with: { what: { product: ['13'] }, from: '2026-09-30', to: '2026-11-30' },
        op: 'eq',
        value: true,
      },
    ],
  });
  expect(ruleOf(FULL, 'fans-winter').where).toMatchObject({
    all: [{ with: { what: { collection: ['7'] } }, value: 4 }],
  });
  expect(presetIdeas(FULL).map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Bought Blue shirt, not 靴', 'Customers in Austria', 'Outside Germany']),
  );
});
