/** Random valid rules, over every field, every operator and every parameter. */
import fc from 'fast-check';
import { DAY_OPERATORS, operatorsOf, type Field } from '../../app/segments/field.ts';
import { FIELD_KEYS, fieldOf, type FieldKey } from '../../app/segments/fields.ts';
import type { ParamValues, What } from '../../app/segments/param.ts';
import type { Condition, Rule, RuleNode, Scalar } from '../../app/segments/rule.ts';

/** Segments that random rules ask for; the store of the test must have them (arbitrary-segments.ts). */
export const ASKED_KEYS = ['plain', 'waiting', 'gold', 'silver', 'bronze', 'frozen'] as const;

/** Fields that ask for other segments. */
export const REFERRING_FIELDS = FIELD_KEYS.filter((key) => fieldOf(key).source === 'segment');

/** Fields that need nothing but the store. */
export const STORE_FIELDS = FIELD_KEYS.filter((key) => !REFERRING_FIELDS.includes(key));

/** Of ASKED_KEYS, the steps of tiers. */
export const TIER_KEYS = ['gold', 'silver', 'bronze'] as const;

const date = fc
  .integer({ min: 0, max: 900 })
  .map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));

/** Texts that the random stores hold, in other spellings too. */
const WORDS = [
  'berlin', 'BERLIN', 'mün', 'München', 'de', 'DE-at', '101', 'm', 'GRÖSSE', 'größe xl', 'google', 'summer', 'CPC',
  'gift', 'friend', 'welcome', 'sale', 'web', 'pos', 'online store', 'Berlin Mitte', '9', 'x\' OR 1=1 --', '%', '_',
]; // prettier-ignore

function scalar(key: FieldKey, field: Field): fc.Arbitrary<Scalar> {
  switch (field.type) {
    case 'count':
      return key === 'test_group' ? fc.integer({ min: 1, max: 100 }) : fc.nat(6);
    case 'decimal':
      return fc.nat(400).map((n) => n / 100);
    case 'percent':
      return fc.nat(10).map((n) => n * 10);
    case 'days':
      return fc.nat(420);
    case 'money':
      return fc.nat(30).map((n) => n * 1_000);
    case 'date':
      return date;
    case 'yes_no':
      return fc.boolean();
    case 'text':
    case 'list':
      return fc.constantFrom(...WORDS);
    case 'step':
    case 'choice':
      return fc.constantFrom<Scalar>(
        ...(field.options?.map((option) => option.value) ??
          (key === 'province' ? ['BE', 'CA', 'X'] : ['DE', 'AT', 'FR', 'US'])),
      );
  }
}

const what: fc.Arbitrary<What> = fc.oneof(
  ...Object.entries({
    product: ['1', '2', '99'],
    variant: ['11', '12'],
    title: ['blue SHIRT', 'Hose'],
    sku: ['A-1', 'b-2'],
    vendor: ['acme', 'GRÖSSER', 'größer'],
    type: ['shoes'],
    tag: ['new', 'größe'],
    collection: ['21', '22', '23'],
  }).map(([kind, names]) =>
    fc
      .array(fc.constantFrom(...names), { minLength: 1, maxLength: 2 })
      .map((list) => ({ [kind]: list }) as What),
  ),
);

const lastDays: fc.Arbitrary<ParamValues> = fc.oneof(
  fc.constant({}),
  fc.nat(420).map((lastDays) => ({ lastDays })),
);

const window: fc.Arbitrary<ParamValues> = fc.oneof(
  lastDays,
  fc.nat(420).map((beforeDays) => ({ beforeDays })),
  fc
    .tuple(fc.nat(200), fc.integer({ min: 1, max: 200 }))
    .map(([beforeDays, more]) => ({ beforeDays, lastDays: beforeDays + more })),
  date.map((from) => ({ from })),
  fc.tuple(date, date).map(([a, b]) => (a <= b ? { from: a, to: b } : { from: b, to: a })),
  fc.tuple(date, fc.nat(400)).map(([to, lastDays]) => ({ to, lastDays })),
);

function params(
  key: FieldKey,
  { params: declared = {}, type, asksForTiers }: Field,
  segments: readonly string[],
): fc.Arbitrary<ParamValues> {
  const metafield =
    key === 'metafield_text' ? 'facts.size' : type === 'decimal' ? 'facts.points' : 'facts.birthday';
  return fc
    .record({
      window: 'beforeDays' in declared ? window : 'lastDays' in declared ? lastDays : fc.constant({}),
      segment:
        'segment' in declared
          ? fc.constantFrom(...(asksForTiers ? TIER_KEYS : segments)).map((segment) => ({ segment }))
          : fc.constant({}),
      what: 'what' in declared ? what.map((one) => ({ what: one })) : fc.constant({}),
    })
    .map((drawn) => ({
      ...drawn.what,
      ...('metafield' in declared ? { metafield } : {}),
      ...drawn.segment,
      ...drawn.window,
    }));
}

/** @param segments that a condition on membership may name */
export function arbitraryCondition(
  fields: readonly FieldKey[] = STORE_FIELDS,
  segments: readonly string[] = ASKED_KEYS,
): fc.Arbitrary<Condition> {
  return fc.constantFrom(...fields).chain((key) => {
    const field = fieldOf(key);
    return fc
      .tuple(fc.constantFrom(...operatorsOf(field)), params(key, field, segments))
      .chain(([op, drawn]): fc.Arbitrary<Condition> => {
        const one = DAY_OPERATORS.includes(op) ? fc.nat(420) : scalar(key, field);
        const base = { field: key, ...(Object.keys(drawn).length > 0 ? { with: drawn } : {}) };
        switch (op) {
          case 'is_set':
          case 'is_not_set':
            return fc.constant({ ...base, op });
          case 'between':
            return fc.tuple(one, one).map(([a, b]) => ({ ...base, op, value: a <= b ? [a, b] : [b, a] }));
          case 'in':
          case 'not_in':
          case 'has_any':
          case 'has_all':
          case 'has_none':
            return fc.array(one, { minLength: 1, maxLength: 3 }).map((value) => ({ ...base, op, value }));
          default:
            return one.map((value) => ({ ...base, op, value }));
        }
      });
  });
}

const wait = fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: fc.nat(60) });

/** A rule around what was drawn, with or without a wait. */
export function arbitraryRuleOf(where: fc.Arbitrary<RuleNode>): fc.Arbitrary<Rule> {
  return fc
    .tuple(where, wait)
    .map(([node, days]) => ({ v: 1, where: node, ...(days === undefined ? {} : { countAfterDays: days }) }));
}

export function arbitraryRule(
  fields: readonly FieldKey[] = STORE_FIELDS,
  segments: readonly string[] = ASKED_KEYS,
): fc.Arbitrary<Rule> {
  const { node } = fc.letrec<{ node: RuleNode; group: RuleNode }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
      arbitraryCondition(fields, segments),
      tie('group'),
    ),
    group: fc
      .tuple(fc.constantFrom('all', 'any', 'none'), fc.array(tie('node'), { minLength: 1, maxLength: 4 }))
      .map(([kind, children]) => ({ [kind]: children }) as unknown as RuleNode),
  }));
  return arbitraryRuleOf(node);
}
