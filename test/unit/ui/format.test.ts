import { expect, test } from 'vitest';
import {
  averageMinor,
  countOf,
  daysAgo,
  formatDay,
  formatInstant,
  formatMinor,
  formatShare,
} from '../../../app/ui/format.ts';

test('numbers and shares as the pages write them', () => {
  expect(countOf(1, 'customer')).toBe('1 customer');
  expect(countOf(26_500, 'customer')).toBe('26,500 customers');
  expect(formatShare(80, 200)).toBe('40.0 %');
  expect(formatShare(0, 0)).toBe('–');
});

test('money beyond what a JS number can hold keeps its last digit', () => {
  expect(formatMinor('2650000', 'EUR')).toBe('€26,500.00');
  expect(formatMinor('900719925474099301', 'EUR')).toBe('€9,007,199,254,740,993.01');
  expect(formatMinor('1250', 'JPY')).toBe('¥1,250');
});

test('an average is rounded half up to the minor unit', () => {
  expect(averageMinor('2650000', 320)).toBe(8_281n);
  expect(averageMinor('5', 2)).toBe(3n);
  expect(averageMinor('0', 0)).toBeUndefined();
});

test('days and instants are written in the time zone of the shop', () => {
  expect(formatDay('2026-09-03')).toBe('3 Sep 2026');
  expect(formatInstant('2026-11-21T23:05:00Z', 'Europe/Berlin')).toBe('22 Nov 2026, 00:05');
  expect(formatInstant('2026-11-21T23:05:00Z', 'America/New_York')).toBe('21 Nov 2026, 18:05');
  expect([daysAgo(0), daysAgo(1), daysAgo(1_200)]).toEqual(['today', 'yesterday', '1,200 days ago']);
});
