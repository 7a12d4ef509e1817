import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocalDate } from '../../../app/local-date.ts';
import { PRESETS, PRESET_KEYS } from '../../../app/segments/presets.ts';
import { parseRule } from '../../../app/segments/rule.ts';
import { holds, valueOf } from '../../support/rule-oracle.ts';
import { arbitraryCutPoints, arbitraryOracleCustomer } from '../../support/arbitrary-customer.ts';

const TODAY = '2026-11-22' as LocalDate;

test('the keys', () => {
  expect(PRESET_KEYS).toEqual(
    (
      'best-customers best-slowing best-away best-lost steady-customers steady-slowing steady-away steady-lost ' +
      'new second-order-due one-order-away one-order-gone never-bought returned-everything one-time-buyers ' +
      'repeat-buyers top-1-percent top-5-percent top-10-percent top-25-percent win-back-30-59 win-back-60-89 ' +
      'win-back-90-179 win-back-180-364 win-back-365'
    ).split(' '),
  );
});

test('every preset is a rule of the language', () => {
  for (const preset of PRESETS) expect(parseRule(preset.rule)).toEqual({ ok: true, rule: preset.rule });
});

test('every customer is in exactly one group of the map, and in at most one win-back band', () => {
  fc.assert(
    fc.property(arbitraryOracleCustomer(TODAY), arbitraryCutPoints(TODAY), (customer, cuts) => {
      const groups = PRESETS.filter(({ rule }) =>
        holds(rule.where, (field) => valueOf(field, customer, TODAY, cuts)),
      );
      expect(groups.filter((preset) => preset.family === 'life-cycle')).toHaveLength(1);
      const bands = groups.filter((preset) => preset.family === 'win-back').length;
      const quiet = valueOf('days_since_last_activity', customer, TODAY, cuts);
      expect(bands).toBe(typeof quiet === 'number' && quiet >= 30 ? 1 : 0);
    }),
    { numRuns: 500 },
  );
});

test('the top groups contain each other', () => {
  fc.assert(
    fc.property(arbitraryOracleCustomer(TODAY), arbitraryCutPoints(TODAY), (customer, cuts) => {
      const isIn = ['top-1-percent', 'top-5-percent', 'top-10-percent', 'top-25-percent'].map((key) =>
        PRESETS.filter((preset) => preset.key === key).some(({ rule }) =>
          holds(rule.where, (field) => valueOf(field, customer, TODAY, cuts)),
        ),
      );
      expect(isIn).toEqual([...isIn].sort());
    }),
  );
});
