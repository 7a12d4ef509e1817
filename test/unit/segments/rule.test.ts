import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FIELD_KEYS, fieldOf } from '../../../app/segments/fields.ts';
import { compileRule, compileEvidence } from '../../../app/segments/compile-rule.ts';
import { operatorsOf } from '../../../app/segments/field.ts';
import { PRESETS } from '../../../app/segments/presets.ts';
import { printRule } from '../../../app/segments/print-rule.ts';
import { parseRule, RULE_LIMITS, type Rule, type RuleNode } from '../../../app/segments/rule.ts';
import { noCutPoints } from '../../../app/value/cut-points.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import { arbitraryRule } from '../../support/arbitrary-rule.ts';

const faults = (where: unknown, v: unknown = 1) => {
  const parsed = parseRule({ v, where });
  return parsed.ok ? [] : parsed.faults.map(({ path, message }) => `${path}: ${message}`);
};

describe('a rule is validated, with the path to the fault', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'where: must be a condition or one of all, any, none'],
    ['a list', [], 'where: must be a condition or one of all, any, none'],
    ['an empty group', { all: [] }, 'where.all: must be a list with at least one condition'],
    ['two groups in one', { all: [], any: [] }, 'where.all: is not part of a condition'],
    ['an unknown field', { field: 'shoe_size', op: 'eq', value: 1 }, 'where.field: is not a field'],
    ['a field of every object', { field: 'constructor', op: 'eq', value: 1 }, 'where.field: is not a field'],
    ['an operator of another type', { any: [{ field: 'orders', op: 'before', value: 1 }] },
      'where.any.0.op: must be one of eq, neq, lt, lte, gt, gte, between'],
    ['a number as text', { field: 'orders', op: 'eq', value: '1' }, 'where.value: must be a whole number'],
    ['a fraction', { field: 'spent', op: 'gte', value: 1.5 }, 'where.value: must be a whole number'],
    ['a negative number', { field: 'orders', op: 'gte', value: -1 }, 'where.value: must not be negative'],
    ['too large for the database', { field: 'spent', op: 'gte', value: 2 ** 53 - 1 }, 'where.value: is too large'],
    ['a range backwards', { field: 'orders', op: 'between', value: [3, 2] }, 'where.value: must not end before it begins'],
    ['a range of one', { field: 'orders', op: 'between', value: [3] }, 'where.value: must be two values, from and to'],
    ['a day that does not exist', { field: 'last_order_on', op: 'after', value: '2026-02-30' },
      'where.value: must be a date like 2026-11-22'],
    ['an unknown choice', { field: 'rhythm', op: 'in', value: ['active', 'dead'] },
      'where.value.1: must be one of active, slowing, away, gone'],
    ['an unknown code', { field: 'country', op: 'eq', value: 'Germany' }, 'where.value: must be a known code'],
    ['a percentile that is not published', { field: 'spends_more_than_percent_of_customers', op: 'gte', value: 85 },
      'where.value: must be one of 0, 75, 80, 90, 95, 99'],
    ['a chance above one', { field: 'still_a_customer_chance', op: 'gte', value: 101 }, 'where.value: is too large'],
    ['more decimals than are kept', { field: 'predicted_orders_12_months', op: 'gte', value: 0.125 },
      'where.value: must not have more than two decimals'],
    ['what would hold for people without a prediction', { field: 'risk_of_losing', op: 'neq', value: 'high' },
      'where.op: must be one of eq, in, is_set'],
    ['a value too many', { field: 'average_order', op: 'is_set', value: 1 }, 'where.value: takes no value'],
    ['a parameter that the field does not have', { field: 'orders', op: 'eq', value: 1, with: { lastDays: 3 } },
      'where.with.lastDays: takes no parameters'],
    ['an unknown parameter', { all: [{ field: 'spent_in', op: 'gte', value: 1, with: { lastDayz: 3 } }] },
      'where.all.0.with.lastDayz: must be one of lastDays, beforeDays, from, to'],
    ['parameters that are none', { field: 'spent_in', op: 'gte', value: 1, with: [] }, 'where.with: must be an object of parameters'],
    ['a window of half days', { field: 'spent_in', op: 'gte', value: 1, with: { lastDays: 1.5 } },
      'where.with.lastDays: must be a whole number of days'],
    ['a window of a century', { field: 'spent_in', op: 'gte', value: 1, with: { lastDays: 36501 } }, 'where.with.lastDays: is too large'],
    ['an empty window', { field: 'spent_in', op: 'gte', value: 1, with: { lastDays: 30, beforeDays: 30 } },
      'where.with.beforeDays: must be less than lastDays'],
    ['dates backwards', { field: 'spent_in', op: 'gte', value: 1, with: { from: '2026-02-01', to: '2026-01-01' } },
      'where.with.to: must not be before from'],
    ['nothing bought', { field: 'bought', op: 'eq', value: true }, 'where.with.what: is needed'],
    ['two kinds at once', { field: 'bought', op: 'eq', value: true, with: { what: { vendor: ['A'], type: ['B'] } } },
      'where.with.what.type: is one too many: only one kind can be asked for'],
    ['an unknown kind', { field: 'bought', op: 'eq', value: true, with: { what: { colour: ['red'] } } },
      'where.with.what.colour: must be one of product, variant, title, sku, vendor, type, tag, collection'],
    ['a product by its name', { field: 'bought', op: 'eq', value: true, with: { what: { product: ['1', 'shirt'] } } },
      'where.with.what.product.1: must be the number of a Shopify id, as text'],
    ['an id that no database holds', { field: 'bought', op: 'eq', value: true, with: { what: { product: ['9223372036854775808'] } } },
      'where.with.what.product.0: must be the number of a Shopify id, as text'],
    ['a segment with blanks', { field: 'member_of', op: 'eq', value: true, with: { segment: 'My VIPs' } },
      'where.with.segment: must be the key of a segment'],
    ['a metafield without a namespace', { field: 'metafield_text', op: 'is_set', with: { metafield: 'size' } },
      'where.with.metafield: must be like "namespace.key"'],
    ['text of 10,000 characters', { field: 'city', op: 'eq', value: 'x'.repeat(10_000) },
      'where.value: must not have more than 255 characters'],
    ['text of 10,000 characters in a list', { field: 'customer_tags', op: 'has_any', value: ['a', 'x'.repeat(10_000)] },
      'where.value.1: must not have more than 255 characters'],
    ['what is bought in 10,000 characters', { field: 'bought', op: 'eq', value: true, with: { what: { vendor: ['x'.repeat(10_000)] } } },
      'where.with.what.vendor.0: is too long'],
    ['text of blanks', { field: 'city', op: 'contains', value: '  ' }, 'where.value: must not be empty'],
    ['text that PostgreSQL does not hold', { field: 'city', op: 'eq', value: 'a\0b' }, 'where.value: must not hold a null character'],
    ['one text for a list', { field: 'customer_tags', op: 'has_any', value: 'vip' }, 'where.value: must be a list'],
    ['days that are a date', { field: 'last_order_on', op: 'in_last_days', value: '2026-01-01' }, 'where.value: must be a whole number'],
    ['a key too many', { field: 'orders', op: 'eq', value: 1, sql: '1=1' }, 'where.sql: is not part of a condition'],
  ])('%s', (_name, where, fault) => {
    expect(faults(where)).toContain(fault);
  }); // prettier-ignore

  test('another version, a further key at the top', () => {
    expect(faults({ field: 'orders', op: 'eq', value: 1 }, 2)[0]).toMatch(/^v: /);
    expect(parseRule({ v: 1, where: { field: 'orders', op: 'eq', value: 1 }, x: 1 }).ok).toBe(false);
    expect(parseRule(null).ok).toBe(false);
  });

  test('the wait', () => {
    const rule = { v: 1, where: { field: 'orders', op: 'eq', value: 1 } };
    expect(parseRule({ ...rule, countAfterDays: 30 })).toMatchObject({
      ok: true,
      rule: { countAfterDays: 30 },
    });
    for (const countAfterDays of [-1, 1.5, '30', null, 3_651]) {
      expect(parseRule({ ...rule, countAfterDays })).toMatchObject({
        ok: false,
        faults: [{ path: 'countAfterDays' }],
      });
    }
  });

  test('depth and size are limited', () => {
    const leaf: RuleNode = { field: 'orders', op: 'eq', value: 1 };
    const nested = (depth: number): RuleNode => (depth === 1 ? leaf : { all: [nested(depth - 1)] });
    expect(faults(nested(RULE_LIMITS.depth))).toEqual([]);
    expect(faults(nested(RULE_LIMITS.depth + 1))).toEqual([
      'where.all.0.all.0.all.0.all.0.all.0: is nested more than 5 deep',
    ]);
    expect(faults(nested(1_000))).toHaveLength(1);
    expect(faults({ any: Array(RULE_LIMITS.conditions).fill(leaf) })).toEqual([]);
    expect(faults({ any: Array(100_000).fill(leaf) })).toEqual(['where: has more than 100 conditions']);
  });

  test('a prototype from JSON is a strange key', () => {
    expect(
      faults(JSON.parse('{"__proto__": {"all": []}, "field": "orders", "op": "eq", "value": 1}')),
    ).toEqual(['where.__proto__: is not part of a condition']);
  });

  test('whatever comes, it answers', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(typeof parseRule(json).ok).toBe('boolean');
      }),
    );
  });

  test('what it accepts survives JSON', () => {
    fc.assert(
      fc.property(arbitraryRule(), (rule) => {
        expect(parseRule(JSON.parse(JSON.stringify(rule)))).toEqual({ ok: true, rule });
      }),
    );
  });
});

const WORDS_OF_PREDICATES = new Set(
  (
    'AND OR NOT IS NULL DISTINCT FROM BETWEEN IN ANY ALL SELECT ARRAY COLLATE coalesce false true today bigint int ' +
    'numeric date text boolean lower normalize array_agg unnest one given position starts_with CASE WHEN THEN ELSE END ' +
    'octet_length length string_to_array chr'
  ).split(' '),
);

test('values become parameters, never text', () => {
  fc.assert(
    fc.property(arbitraryRule(), (rule) => {
      const { text, values } = compileRule(rule);
      const words =
        text.replace(/"[a-z0-9_]+"|"und-x-icu"|"C"|''/g, '').match(/[^\s(),=<>$:\d&@[\].-]+/g) ?? [];
      expect(words.filter((word) => !WORDS_OF_PREDICATES.has(word))).toEqual([]);
      expect(values.length).toBe((text.match(/\$\d+/g) ?? []).length);
    }),
  );
});

test('every field can be asked for, printed and kept as evidence', () => {
  for (const key of FIELD_KEYS) {
    const field = fieldOf(key);
    expect(operatorsOf(field).length).toBeGreaterThan(0);
    expect(field.label + field.help + field.example).not.toMatch(/undefined|TODO/);
    expect(compileEvidence([key]).values).toEqual([key]);
  }
});

describe('a rule in one sentence', () => {
  const cutPoints = {
    ...noCutPoints('2026-11-22' as LocalDate),
    version: 1,
    rhythmDays: [91.5, 196, 392] as [number, number, number],
    spentPercentiles: { 75: 9_000, 80: 11_000, 90: 15_000, 95: 40_000, 99: 120_000 },
  };
  const say = (rule: Rule, numbers = true) =>
    printRule(rule, { currency: 'EUR', ...(numbers ? { cutPoints } : {}) });
  const preset = (key: string) => PRESETS.find((one) => one.key === key)?.rule as Rule;

  test('with the numbers of the store', () => {
    expect(say(preset('steady-slowing'))).toBe(
      'Customers with at least 2 orders, who spent at most €110.00 and whose last order was placed 92 to 196 days ago.',
    );
    expect(say(preset('best-lost'))).toBe(
      'Customers who spent more than €110.00 and whose last order was placed more than 392 days ago.',
    );
    expect(say(preset('top-10-percent'))).toBe(
      'Customers who spent more than 90 % of buyers (more than €150.00).',
    );
    expect(say(preset('returned-everything'))).toBe(
      'Customers without an order that counts and with a fully refunded order.',
    );
  });

  test('without them', () => {
    expect(say(preset('steady-slowing'), false)).toBe(
      'Customers whose value is steady and whose rhythm is slowing.',
    );
    expect(say(preset('never-bought'), false)).toBe(
      'Customers without an order that counts and without a fully refunded order.',
    );
    expect(say(preset('one-time-buyers'), false)).toBe('Customers with exactly 1 order.');
    expect(say(preset('repeat-buyers'), false)).toBe('Customers with at least 2 orders.');
    expect(say(preset('win-back-365'), false)).toBe(
      'Customers whose last activity was at least 365 days ago.',
    );
    expect(say(preset('win-back-30-59'), false)).toBe('Customers whose last activity was 30 to 59 days ago.');
  });

  test('nested', () => {
    const rule: Rule = {
      v: 1,
      where: {
        all: [
          { field: 'spent', op: 'gte', value: 100_000 },
          {
            any: [
              { field: 'country', op: 'in', value: ['DE', 'AT'] },
              { field: 'country', op: 'is_not_set' },
            ],
          },
          { none: [{ field: 'email_consent', op: 'eq', value: 'UNSUBSCRIBED' }] },
        ],
      },
    };
    expect(say(rule)).toBe(
      'Customers who spent at least €1,000.00 and (whose country is DE or AT or whose country is not known) and ' +
        'not (whose e-mail consent is unsubscribed).',
    );
  });

  test('predictions, and that there are none', () => {
    const rule: Rule = {
      v: 1,
      where: {
        all: [
          { field: 'still_a_customer_chance', op: 'between', value: [20, 50] },
          { field: 'predicted_orders_12_months', op: 'gte', value: 0.5 },
          { field: 'orders', op: 'gte', value: 2 },
        ],
      },
    };
    const chance = 'still a customer (chance) is 20 % to 50 %';
    const expected = 'orders expected (next 12 months) is at least 0.5';
    expect(say(rule)).toBe(`Customers with at least 2 orders, whose ${chance} and whose ${expected}.`);
    const missing = ' (predictions are not available yet)';
    expect(printRule(rule, { currency: 'EUR', predictions: false })).toBe(
      `Customers with at least 2 orders, whose ${chance}${missing} and whose ${expected}${missing}.`,
    );
  });

  test.each<[RuleNode, string]>([
    [{ none: [{ field: 'orders', op: 'lt', value: 3 }] }, 'except those with fewer than 3 orders'],
    [
      {
        any: [
          { field: 'value_class', op: 'eq', value: 'one_order' },
          { field: 'r', op: 'gte', value: 4 },
        ],
      },
      '(with exactly 1 order, who spent at most €110.00) or whose recency score is at least 4',
    ],
    [{ field: 'customer_since', op: 'after', value: '2026-01-01' }, 'who became customers after 2026-01-01'],
    [
      { field: 'last_order_on', op: 'between', value: ['2026-01-01', '2026-02-01'] },
      'whose last order was from 2026-01-01 to 2026-02-01',
    ],
    [{ field: 'average_order', op: 'gt', value: 8_000 }, 'whose average order is more than €80.00'],
    [{ field: 'orders', op: 'eq', value: 0 }, 'without an order that counts'],
    [
      { field: 'spent_in', with: { lastDays: 365 }, op: 'gte', value: 100_000 },
      'who spent at least €1,000.00 in the last 365 days',
    ],
    [
      { field: 'orders_in', with: { lastDays: 90, beforeDays: 30 }, op: 'gte', value: 2 },
      'with at least 2 orders 31 to 90 days ago',
    ],
    [
      {
        all: [
          {
            field: 'bought',
            with: { what: { vendor: ['Acme', 'Nord'] }, lastDays: 90 },
            op: 'eq',
            value: true,
          },
          { field: 'bought', with: { what: { product: ['7'] } }, op: 'eq', value: false },
        ],
      },
      'who bought anything of the vendor Acme or Nord in the last 90 days and who did not buy product 7',
    ],
    [
      { field: 'bought_quantity', with: { what: { collection: ['21'] } }, op: 'gte', value: 3 },
      'who bought at least 3 pieces of the collection 21',
    ],
    [
      { field: 'first_order_had', with: { what: { type: ['shoes'] } }, op: 'eq', value: true },
      'whose first order had the type shoes',
    ],
    [{ field: 'member_of', with: { segment: 'vip' }, op: 'eq', value: false }, 'who are not members of vip'],
    [{ field: 'customer_tags', op: 'has_all', value: ['a', 'b'] }, 'whose customer tags have a and b'],
    [{ field: 'city', op: 'starts_with', value: 'Neu' }, 'whose city starts with Neu'],
    [
      { field: 'metafield_date', with: { metafield: 'facts.renewal' }, op: 'in_next_days', value: 30 },
      'whose metafield (date) facts.renewal is in the next 30 days',
    ],
    [
      { field: 'metafield_anniversary_in', with: { metafield: 'facts.birthday' }, op: 'lte', value: 14 },
      'whose days to the anniversary of metafield facts.birthday is at most 14',
    ],
  ])('%j', (where, words) => {
    expect(say({ v: 1, where })).toBe(`Customers ${words}.`);
  });

  test('with names and with a wait', () => {
    const rule: Rule = {
      v: 1,
      countAfterDays: 30,
      where: { field: 'bought', with: { what: { product: ['7', '8'] } }, op: 'eq', value: true },
    };
    const names = (kind: string, id: string) =>
      id === '7' ? `${kind === 'product' ? '' : '?'}“Blue shirt”` : undefined;
    expect(printRule(rule, { currency: 'EUR', names })).toBe(
      'Customers who bought product “Blue shirt” or 8, each order counted after 30 days.',
    );
  });

  test('every rule can be printed', () => {
    fc.assert(
      fc.property(arbitraryRule(), fc.boolean(), (rule, numbers) => {
        expect(say(rule, numbers)).toMatch(/^Customers (with|without|who|whose|except those|not|\() ?.+\.$/);
        expect(say(rule, numbers)).not.toMatch(/\. |\(\)| {2}/);
        expect(say(rule, numbers)).not.toMatch(/undefined|null|NaN/);
      }),
    );
  });
});
