import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addDays,
  atHour,
  daysBetween,
  isTimeZone,
  localDateOf,
  parseLocalDate,
  startOfDay,
  type LocalDate,
} from '../../../app/local-date.ts';

const zones = fc.constantFrom(
  'UTC',
  'Europe/Berlin',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
);
const instants = fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

test('an instant lies in its local day: from that midnight on and before the next', () => {
  fc.assert(
    fc.property(instants, zones, (instant, zone) => {
      const day = localDateOf(instant, zone);
      expect(startOfDay(day, zone).getTime()).toBeLessThanOrEqual(instant.getTime());
      expect(startOfDay(addDays(day, 1), zone).getTime()).toBeGreaterThan(instant.getTime());
    }),
  );
});

test('adding days and counting them are each other’s opposite', () => {
  fc.assert(
    fc.property(instants, fc.integer({ min: -4000, max: 4000 }), (instant, days) => {
      const day = localDateOf(instant, 'UTC');
      expect(daysBetween(day, addDays(day, days))).toBe(days);
    }),
  );
});

test('daylight-saving days are 23 and 25 hours long, and noon is noon', () => {
  const hours = (day: string) => (startOfDay(addDays(day as LocalDate, 1), 'Europe/Berlin').getTime() - startOfDay(day as LocalDate, 'Europe/Berlin').getTime()) / 3_600_000; // prettier-ignore
  expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-07-01')]).toEqual([23, 25, 24]);
  expect(atHour('2026-03-29' as LocalDate, 12, 'Europe/Berlin').toISOString()).toBe(
    '2026-03-29T10:00:00.000Z',
  );
});

test.each(['2026-02-30', '2025-02-29', '2026-13-01', '26-01-01', '2026-1-1', 'today', ''])(
  '%j is not a date',
  (text) => {
    expect(parseLocalDate(text)).toBeUndefined();
  },
);

test('time zones are IANA names', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Base', '+02:00', ''].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
