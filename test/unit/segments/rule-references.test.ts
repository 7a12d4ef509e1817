import { expect, test } from 'vitest';
import {
  REFERENCE_LIMITS,
  referenceFaults,
  referencesOf,
  type RuleBook,
} from '../../../app/segments/rule-references.ts';
import type { Rule, RuleNode } from '../../../app/segments/rule.ts';

const member = (segment: string): RuleNode => ({
  field: 'member_of',
  with: { segment },
  op: 'eq',
  value: true,
});
const leaf: RuleNode = { field: 'orders', op: 'gte', value: 2 };
const rule = (...nodes: RuleNode[]): Rule => ({ v: 1, where: { all: [leaf, ...nodes] } });
const book = (rules: Record<string, Rule>): RuleBook =>
  new Map(Object.entries(rules).map(([key, one]) => [key, [one]]));

const CHAIN = book({
  a: rule(member('b')),
  b: rule(member('c'), member('d')),
  c: rule(member('d')),
  d: rule(),
});

test('what a segment asks for', () => {
  expect(referencesOf(CHAIN.get('b') ?? [])).toEqual(['c', 'd']);
});

test('faults, with the path to the condition', () => {
  expect(referenceFaults(null, rule(member('a')), CHAIN)).toEqual([]);
  expect(referenceFaults(null, rule({ none: [member('x')] }), CHAIN)).toEqual([
    { path: 'where.all.1.none.0.with.segment', message: 'there is no segment x' },
  ]);
  expect(referenceFaults('d', rule(member('a')), CHAIN)).toEqual([
    { path: 'where.all.1.with.segment', message: 'goes round in a circle: d -> a -> b -> c -> d' },
  ]);
  expect(referenceFaults('d', rule(member('d')), CHAIN)).toEqual([
    { path: 'where.all.1.with.segment', message: 'goes round in a circle: d -> d' },
  ]);
  // A circle elsewhere is named, not followed for ever.
  const round = book({ a: rule(member('b')), b: rule(member('a')) });
  expect(referenceFaults('new', rule(member('a')), round)[0]?.message).toBe(
    'goes round in a circle: a -> b -> a',
  );
});

test('five deep and no deeper', () => {
  const keys = Array.from({ length: 7 }, (_, i) => `s${i}`);
  const deep = book(
    Object.fromEntries(keys.map((key, i) => [key, i === 0 ? rule() : rule(member(`s${i - 1}`))])),
  );
  expect(referenceFaults('new', rule(member('s4')), deep)).toEqual([]);
  expect(referenceFaults(null, rule(member('s4')), deep)).toEqual([]);
  for (const key of ['new', null]) {
    expect(referenceFaults(key, rule(member('s5')), deep)[0]?.message).toMatch(
      /^asks for segments more than 5 deep: .*s5 -> s4 -> s3 -> s2 -> s1 -> s0$/,
    );
  }
});

test('what is written out is limited', () => {
  const wide = (key: string): Rule => ({
    v: 1,
    where: { any: Array.from({ length: 40 }, () => member(key)) },
  });
  const blown = book({ a: wide('b'), b: wide('c'), c: rule() });
  expect(referenceFaults('new', rule(member('b')), blown)).toEqual([]);
  expect(referenceFaults('new', rule(member('a')), blown)).toEqual([
    {
      path: 'where',
      message: `has more than ${REFERENCE_LIMITS.conditions} conditions with the segments that it asks for`,
    },
  ]);
});
