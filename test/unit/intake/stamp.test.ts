import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, hash64, stampOf, stampsConflict, stampTime } from '../../../app/intake/stamp.ts';

const T = '2026-11-22T10:00:00Z';

test('times are fixed width, in UTC, with microseconds', () => {
  expect(stampTime('2026-11-22T10:00:00Z')).toBe('2026-11-22T10:00:00.000000Z');
  expect(stampTime('2026-11-22T11:00:00+01:00')).toBe('2026-11-22T10:00:00.000000Z');
  expect(stampTime('2026-11-22T05:00:00.5-0500')).toBe('2026-11-22T10:00:00.500000Z');
  expect(stampTime('2026-11-22T10:00:00.123456789Z')).toBe('2026-11-22T10:00:00.123456Z');
  expect(stampTime(new Date('2026-11-22T10:00:00.123Z'))).toBe('2026-11-22T10:00:00.123000Z');
  expect(stampTime('1969-12-31T23:59:59.25Z')).toBe('1969-12-31T23:59:59.250000Z');
});

test.each(['', 'yesterday', '2026-11-22', '2026-13-01T00:00:00Z', '2026-11-22T10:00:00', 'NaN'])(
  'what is not a time is refused: %j',
  (text) => {
    expect(() => stampTime(text)).toThrow(/time/);
    expect(() => stampOf(T, text, {})).toThrow(/time/);
  },
);
test('an invalid Date is refused', () => expect(() => stampTime(new Date(NaN))).toThrow(/time/));

test('stamps compare as (remote time, triggered-at, content): text order is time order', () => {
  const instant = fc.date({ min: new Date('1970-01-01'), max: new Date('2999-01-01'), noInvalidDate: true });
  fc.assert(
    fc.property(instant, instant, instant, instant, (a, b, c, d) => {
      const left = stampOf(a, b, 1);
      const right = stampOf(c, d, 1);
      const expected = Math.sign(a.getTime() - c.getTime()) || Math.sign(b.getTime() - d.getTime());
      expect(left < right ? -1 : Number(left > right)).toBe(expected);
      expect(left).toHaveLength(27 + 1 + 27 + 1 + 16);
      expect(left.slice(27 + 1, 27 + 1 + 27)).toBe(stampTime(b));
    }),
  );
});

test('the hash sees content, not the order of keys, and takes bigint and dates', () => {
  const a = { b: 1n, a: [new Date(0), null], c: undefined };
  expect(canonicalJson(a)).toBe('{"a":["1970-01-01T00:00:00.000Z",null],"b":"1"}');
  expect(stampOf(T, T, a)).toBe(stampOf(T, T, { a: [new Date(0), null], b: 1n }));
  expect(stampsConflict(stampOf(T, T, a), stampOf(T, T, { b: 2n }))).toBe(true);
  expect(stampsConflict(stampOf(T, T, a), stampOf(T, T, a))).toBe(false);
  expect(stampsConflict(stampOf(T, T, a), stampOf(T, '2026-11-22T10:00:01Z', {}))).toBe(false);
});

test('small differences hash differently', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 20_000; i += 1) seen.add(hash64(`{"total":"${i}"}`));
  expect(seen.size).toBe(20_000);
  expect(hash64('ab')).not.toBe(hash64('ba'));
  expect(hash64('a')).not.toBe(hash64('a\0'));
});
