import { expect, test } from 'vitest';
import { availableFields, shopFaults, type ShopFacts } from '../../../app/segments/available-fields.ts';
import { FIELD_KEYS, fieldOf } from '../../../app/segments/fields.ts';
import type { Rule, RuleNode } from '../../../app/segments/rule.ts';

const EVERYTHING: ShopFacts = {
  scopes: ['read_customers', 'read_orders', 'read_all_orders'],
  predictions: true,
  postalCodes: true,
  tiers: ['gold', 'silver'],
  metafields: [
    { key: 'facts.birthday', type: 'date' },
    { key: 'facts.points', type: 'number_integer' },
  ],
  tagPrefix: 'regulars-',
  ownTags: ['regulars-vip', 'old-vip'],
};
const faults = (where: RuleNode, shop: Partial<ShopFacts> = {}, rule: Partial<Rule> = {}) =>
  shopFaults({ v: 1, where, ...rule }, { ...EVERYTHING, ...shop }).map(
    ({ path, message }) => `${path}: ${message}`,
  );

test('with everything granted everything is available', () => {
  expect([...availableFields(EVERYTHING).values()].every(({ available }) => available)).toBe(true);
  expect([...availableFields(EVERYTHING).keys()]).toEqual(FIELD_KEYS);
});

test('scopes that are not known yet are taken for all', () => {
  expect(availableFields({ ...EVERYTHING, scopes: [] }).get('first_order_on')).toEqual({ available: true });
});

test('predictions wait for a fit', () => {
  const without = availableFields({ ...EVERYTHING, predictions: false });
  for (const key of FIELD_KEYS) {
    expect(without.get(key)?.available).toBe(fieldOf(key).source !== 'prediction');
  }
  expect(
    faults({ all: [{ field: 'risk_of_losing', op: 'eq', value: 'high' }] }, { predictions: false }),
  ).toEqual(['where.all.0.field: Not available: there are no predictions that can be relied on yet.']);
});

test('without read_all_orders: the first order, long windows, products, scores and predictions are not available', () => {
  const shop = { scopes: ['read_orders'] };
  const short = { lastDays: 60 };
  const what = { vendor: ['Acme'] };
  const denied: RuleNode[] = [
    { field: 'first_order_on', op: 'before', value: '2026-01-01' },
    { field: 'days_since_first_order', op: 'gte', value: 1 },
    { field: 'first_order_anniversary_in', op: 'lte', value: 7 },
    { field: 'r', op: 'gte', value: 4 },
    { field: 'rfm_group', op: 'eq', value: 'champions' },
    { field: 'risk_of_losing', op: 'eq', value: 'high' },
    { field: 'spent_in', op: 'gte', value: 1, with: { lastDays: 61 } },
    { field: 'spent_in', op: 'gte', value: 1 },
    { field: 'orders_in', op: 'gte', value: 1, with: { from: '2026-01-01' } },
    { field: 'bought', op: 'eq', value: true, with: { what } },
    { field: 'first_order_had', op: 'eq', value: true, with: { what } },
    { field: 'first_visit_source', op: 'is_set' },
  ];
  const allowed: RuleNode[] = [
    { field: 'orders', op: 'gte', value: 2 },
    { field: 'spent', op: 'gte', value: 2 },
    { field: 'days_since_last_order', op: 'lte', value: 30 },
    { field: 'spent_in', op: 'gte', value: 1, with: short },
    { field: 'bought', op: 'eq', value: true, with: { what, ...short } },
    { field: 'country', op: 'eq', value: 'DE' },
  ];
  for (const where of denied)
    expect([where, faults(where, shop)]).toEqual([where, [expect.stringMatching(/60 days/)]]);
  for (const where of allowed) expect([where, faults(where, shop)]).toEqual([where, []]);
  expect(faults({ field: 'orders', op: 'gte', value: 2 }, shop, { countAfterDays: 30 })).toHaveLength(1);
});

test('tags that the app writes cannot be asked for, by prefix or by name, in any spelling', () => {
  const tags = (...value: string[]): RuleNode => ({
    none: [{ field: 'customer_tags', op: 'has_any', value }],
  });
  expect(faults(tags('wholesale', 'regular'))).toEqual([]);
  expect(faults(tags('wholesale', ' REGULARS-vip'))).toEqual([
    'where.none.0.value.1: is a tag that this app writes ( REGULARS-vip): ask for members of the segment instead',
  ]);
  expect(faults(tags('Old-VIP'))).toHaveLength(1);
  expect(faults(tags('regulars-x'), { tagPrefix: '' })).toEqual([]);
});

test('metafields that are picked, by their kind; postal codes that are kept', () => {
  const of = (field: 'metafield_date' | 'metafield_number' | 'metafield_text', metafield: string): RuleNode => ({
    field, with: { metafield }, op: 'is_set',
  }); // prettier-ignore
  expect(faults(of('metafield_date', 'facts.birthday'))).toEqual([]);
  expect(faults(of('metafield_text', 'facts.birthday'))).toEqual([]);
  expect(faults(of('metafield_number', 'facts.birthday'))).toEqual([
    'where.with.metafield: is of the type date, which this does not read',
  ]);
  expect(faults(of('metafield_date', 'facts.other'))).toEqual([
    'where.with.metafield: is not picked in the settings',
  ]);
  expect(faults(of('metafield_date', 'facts.birthday'), { metafields: [] })[0]).toMatch(
    /^where\.field: Not available/,
  );
  expect(faults({ field: 'postal_code', op: 'is_set' }, { postalCodes: false })[0]).toMatch(/not kept/);
});
