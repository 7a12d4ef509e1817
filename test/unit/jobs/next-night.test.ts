import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextNight } from '../../../app/jobs/next-night.ts';
import { localDateOf } from '../../../app/local-date.ts';

test('a few minutes after the shop’s own midnight, also when clocks change', () => {
  expect(nextNight(new Date('2026-11-22T12:00:00Z'), 'UTC', '12')).toEqual(new Date('2026-11-23T00:03:00Z'));
  expect(nextNight(new Date('2026-11-22T12:00:00Z'), 'America/New_York', '1')).toEqual(
    new Date('2026-11-23T05:04:00Z'),
  );
  // The day after the last Sunday of March begins an hour earlier in UTC.
  expect(nextNight(new Date('2026-03-29T12:00:00Z'), 'Europe/Berlin', '12')).toEqual(
    new Date('2026-03-29T22:03:00Z'),
  );
});

test('always later than now, at most a day and an hour away, early in a local day', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true }),
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/Sao_Paulo', 'Asia/Kathmandu', 'Pacific/Apia'),
      fc.bigInt({ min: 1n, max: 10n ** 12n }),
      (now, timeZone, shopId) => {
        const night = nextNight(now, timeZone, String(shopId));
        expect(night > now).toBe(true);
        expect(night.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
        const before = new Date(night.getTime() - 20 * 60_000);
        expect(localDateOf(before, timeZone) < localDateOf(night, timeZone)).toBe(true);
      },
    ),
  );
});
