/** The editor's rows: every rule goes through them unharmed, and every fault finds its row. */
import { expect, test } from 'vitest';
import { fieldOf, FIELD_KEYS } from '../../app/segments/fields.ts';
import { operatorsOf } from '../../app/segments/field.ts';
import { PRESETS } from '../../app/segments/presets.ts';
import type { Rule } from '../../app/segments/rule.ts';
import { draftOf } from '../../app/ui/segments/draft-of-rule.ts';
import { readDraft } from '../../app/ui/segments/read-draft.ts';
import {
  changed,
  emptyRow,
  isGroup,
  rowsOf,
  withField,
  withOperator,
} from '../../app/ui/segments/rule-draft.ts';

const ids = () => {
  let last = 0;
  return () => `n${++last}`;
};

const RULES: Rule[] = [
  ...PRESETS.map(({ rule }) => rule),
  { v: 1, where: { field: 'spent_in', with: { lastDays: 365 }, op: 'between', value: [10_050, 20_000] } },
  {
    v: 1,
    countAfterDays: 30,
    where: {
      all: [
        { field: 'bought', with: { what: { collection: ['7', '8'] }, from: '2026-01-01' }, op: 'eq', value: true },
        { any: [{ field: 'country', op: 'in', value: ['DE', 'AT'] }, { none: [{ field: 'customer_tags', op: 'has_all', value: ['a b', 'c'] }] }] },
        { field: 'member_of', with: { segment: 'new' }, op: 'eq', value: false },
        { field: 'first_order_on', op: 'in_last_days', value: 30 },
        { field: 'orders_in', with: { lastDays: 180, beforeDays: 90 }, op: 'gte', value: 1 },
        { field: 'first_order_on', op: 'is_not_set' },
      ],
    },
  },
]; // prettier-ignore

test.each(RULES.map((rule) => [JSON.stringify(rule), rule] as const))('unharmed: %s', (_json, rule) => {
  expect(readDraft(draftOf(rule, 'EUR', ids()), 'EUR').parsed).toEqual({ ok: true, rule });
  expect(readDraft(draftOf(rule, 'JPY', ids()), 'JPY').parsed).toEqual({ ok: true, rule });
});

test('an unfinished row says what is missing, at its own place', () => {
  const draft = draftOf(RULES.at(-1) ?? null, 'EUR', ids());
  const [first, , tags] = rowsOf(draft.root);
  const root = changed(draft.root, tags?.id ?? '', (node) => (isGroup(node) ? node : { ...node, texts: [] }));
  const { faults } = readDraft({ ...draft, root }, 'EUR');
  expect([...faults]).toEqual([[tags?.id, ['Name at least one.']]]);
  const gone = changed(draft.root, first?.id ?? '', () => emptyRow('new'));
  expect([...readDraft({ ...draft, root: gone }, 'EUR').faults]).toEqual([
    ['new', ['Choose what to ask for.']],
  ]);
  const wait = readDraft({ ...draft, countAfterDays: 'soon' }, 'EUR').faults;
  expect([...wait.keys()]).toEqual(['wait']);
});

test('cents that the currency does not have are a fault, in the row', () => {
  const row = { ...withField(emptyRow('a'), 'spent'), texts: ['10.555'] };
  const draft = {
    root: { id: 'g', match: 'all' as const, children: [row] },
    countAfterDays: '',
    bare: false,
  };
  expect(readDraft(draft, 'EUR').faults.get('a')).toEqual([
    'The value must not have more than 2 decimals in EUR.',
  ]);
});

test('whatever field and comparison is chosen, the row takes what the comparison takes', () => {
  for (const key of FIELD_KEYS) {
    for (const op of operatorsOf(fieldOf(key))) {
      const row = withOperator(withField(emptyRow('a'), key), op);
      if (op === 'between') expect(row.texts).toHaveLength(2);
      if (op === 'is_set' || op === 'is_not_set') expect(row.texts).toEqual([]);
    }
  }
});
