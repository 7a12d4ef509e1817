/** Random valid rules, over every field and every operator. */
import fc from 'fast-check';
import { operatorsOf, type Field } from '../../app/segments/field.ts';
import { FIELD_KEYS, fieldOf, type FieldKey } from '../../app/segments/fields.ts';
import type { Condition, Rule, RuleNode, Scalar } from '../../app/segments/rule.ts';

function scalar(field: Field): fc.Arbitrary<Scalar> {
  switch (field.type) {
    case 'count':
      return fc.nat(6);
    case 'decimal':
      return fc.nat(400).map((n) => n / 100);
    case 'percent':
      return fc.nat(10).map((n) => n * 10);
    case 'days':
      return fc.nat(420);
    case 'money':
      return fc.nat(30).map((n) => n * 1_000);
    case 'date':
      return fc
        .integer({ min: 0, max: 900 })
        .map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));
    case 'yes_no':
      return fc.boolean();
    case 'step':
    case 'choice':
      return fc.constantFrom<Scalar>(
        ...(field.options?.map((option) => option.value) ?? ['DE', 'AT', 'FR', 'US']),
      );
  }
}

export function arbitraryCondition(fields: readonly FieldKey[] = FIELD_KEYS): fc.Arbitrary<Condition> {
  return fc.constantFrom(...fields).chain((key) => {
    const field = fieldOf(key);
    return fc.constantFrom(...operatorsOf(field)).chain((op): fc.Arbitrary<Condition> => {
      const one = scalar(field);
      if (op === 'is_set' || op === 'is_not_set') return fc.constant({ field: key, op });
      if (op === 'between') {
        return fc.tuple(one, one).map(([a, b]) => ({ field: key, op, value: a <= b ? [a, b] : [b, a] }));
      }
      if (op === 'in') {
        return fc.array(one, { minLength: 1, maxLength: 3 }).map((value) => ({ field: key, op, value }));
      }
      return one.map((value) => ({ field: key, op, value }));
    });
  });
}

export function arbitraryRule(fields: readonly FieldKey[] = FIELD_KEYS): fc.Arbitrary<Rule> {
  const { node } = fc.letrec<{ node: RuleNode; group: RuleNode }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', maxDepth: 3, withCrossShrink: true },
      arbitraryCondition(fields),
      tie('group'),
    ),
    group: fc
      .tuple(fc.constantFrom('all', 'any', 'none'), fc.array(tie('node'), { minLength: 1, maxLength: 4 }))
      .map(([kind, children]) => ({ [kind]: children }) as unknown as RuleNode),
  }));
  return node.map((where) => ({ v: 1, where }));
}
