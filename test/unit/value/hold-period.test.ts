/** The sale season's hold as a merchant writes it. */
import { expect, test } from 'vitest';
import type { LocalDate } from '../../../app/local-date.ts';
import { isOnHold } from '../../../app/value/hold-period.ts';
import { parseHoldPeriod } from '../../../app/value/parse-hold-period.ts';

const TODAY = '2026-11-22' as LocalDate;

test.each<[string, string, { from?: RegExp; to?: RegExp }]>([
  ['2026-11-20', '2026-11-30', {}],
  ['2026-11-22', '2026-11-22', {}],
  [' 2026-12-24 ', '2027-01-06', {}],
  ['', '', { from: /first day/, to: /last day/ }],
  ['20.11.2026', '2026-11-30', { from: /2026-11-20/ }],
  ['2026-02-30', '2026-11-30', { from: /Write the day/ }],
  ['2026-11-30', '2026-11-20', { to: /before the first/ }],
  ['2026-11-01', '2026-11-21', { to: /over already/ }],
  ['2026-11-22', '2027-03-22', { to: /at most 120 days/ }],
  ['2026-11-22', '2027-03-21', {}],
])('%s to %s', (from, to, wanted) => {
  const parsed = parseHoldPeriod({ from, to }, TODAY);
  const errors: { from?: string; to?: string } = parsed.ok ? {} : parsed.errors;
  expect(Object.keys(errors)).toEqual(Object.keys(wanted));
  if (wanted.from) expect(errors.from).toMatch(wanted.from);
  if (wanted.to) expect(errors.to).toMatch(wanted.to);
});

test('both days are included', () => {
  const period = { from: '2026-11-20' as LocalDate, to: '2026-11-30' as LocalDate };
  const on = (day: string) => isOnHold(period, day as LocalDate);
  expect(['2026-11-19', '2026-11-20', '2026-11-30', '2026-12-01'].map(on)).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(isOnHold(null, TODAY)).toBe(false);
});
