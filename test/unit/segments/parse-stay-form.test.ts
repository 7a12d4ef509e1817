import { describe, expect, test } from 'vitest';
import { parseStayForm, stayFormOf, type StayForm } from '../../../app/segments/parse-stay-form.ts';
import type { Rule } from '../../../app/segments/rule.ts';

const FORM: StayForm = { hold: 'none', months: '', minimumStayDays: '', rejoinAfterDays: '', lastDay: '' };
const atLeast = (value: number, lastDays = 365): Rule => ({
  v: 1,
  where: { field: 'spent_in', with: { lastDays }, op: 'gte', value },
  countAfterDays: 30,
});
const of = (rule: Rule | null) => ({ rule, currency: 'EUR' });

describe('a softer edge to go out than to come in', () => {
  test('is the same question with a smaller number; empty, there is none', () => {
    const saved = parseStayForm({ ...FORM, keepAtLeast: '800,50' }, {}, of(atLeast(100_000)));
    expect(saved).toEqual({ ok: true, settings: { keep: atLeast(80_050) } });
    expect(stayFormOf({ keep: atLeast(80_050) }, of(atLeast(100_000)))).toMatchObject({
      keepAtLeast: '800.50',
    });
    expect(stayFormOf({}, of(atLeast(100_000)))).toMatchObject({ keepAtLeast: '' });
    expect(parseStayForm({ ...FORM, keepAtLeast: '' }, { keep: atLeast(5) }, of(atLeast(100_000)))).toEqual({
      ok: true,
      settings: {},
    });
  });

  test('is no amount, or no smaller one: said beside its field', () => {
    for (const [typed, words] of [
      ['much', 'Enter an amount in EUR.'],
      ['1000', 'To stay takes less than to get in.'],
    ] as const) {
      expect(parseStayForm({ ...FORM, keepAtLeast: typed }, {}, of(atLeast(100_000)))).toEqual({
        ok: false,
        errors: { keepAtLeast: words },
      });
    }
    const orders: Rule = { v: 1, where: { field: 'orders', op: 'gte', value: 3 } };
    expect(parseStayForm({ ...FORM, keepAtLeast: '2.5' }, {}, of(orders))).toMatchObject({ ok: false });
    expect(parseStayForm({ ...FORM, keepAtLeast: '2' }, {}, of(orders))).toMatchObject({
      settings: { keep: { where: { value: 2 } } },
    });
  });

  test('is not offered where the rule is another, or its softer rule asks for something else: that one stays', () => {
    const other: Rule = { v: 1, where: { all: [{ field: 'orders', op: 'gte', value: 1 }] } };
    expect(stayFormOf({}, of(other))).not.toHaveProperty('keepAtLeast');
    const keep = atLeast(50_000, 90);
    expect(stayFormOf({ keep }, of(atLeast(100_000)))).not.toHaveProperty('keepAtLeast');
    expect(parseStayForm({ ...FORM, keepAtLeast: '1' }, { keep }, of(atLeast(100_000)))).toEqual({
      ok: true,
      settings: { keep },
    });
  });
});
