import { expect, test } from 'vitest';
import { withinBound } from '../../../app/segments/review-bound.ts';
import { reviewFingerprint, stillReviewed } from '../../../app/segments/review-fingerprint.server.ts';

const one = (gains: number, loses = 0) => ({ gains, loses });

test.each([
  ['the same', one(0), one(0), true],
  ['ten more in a small segment', one(3), one(13), true],
  ['eleven more', one(3), one(14), false],
  ['ten fewer', one(10), one(0), true],
  ['two per cent of a large one', one(10_000), one(10_200), true],
  ['more than two per cent', one(10_000), one(10_201), false],
  ['two per cent fewer', one(10_000), one(9_800), true],
  ['more than two per cent fewer', one(10_000), one(9_799), false],
  ['removals count of their own', one(10_000, 5), one(10_000, 16), false],
])('%s', (_name, reviewed, now, near) => {
  expect(withinBound(reviewed, now)).toBe(near);
});

test('a fingerprint carries what was reviewed, segment by segment', () => {
  const approved = reviewFingerprint(['a', 'b'], [one(500), one(7, 2)]);
  const now = (decided: unknown, segments: { gains: number; loses: number }[]) => ({
    fingerprint: reviewFingerprint(decided, segments),
    segments,
  });
  expect(stillReviewed(approved, now(['a', 'b'], [one(505), one(7, 3)]))).toEqual([one(500), one(7, 2)]);
  expect(stillReviewed(approved, now(['a', 'c'], [one(500), one(7, 2)]))).toBeUndefined();
  expect(stillReviewed(approved, now(['a', 'b'], [one(7, 2), one(500)]))).toBeUndefined();
  expect(stillReviewed(approved, now(['a', 'b'], [one(500)]))).toBeUndefined();
});

test.each(['', ':', 'of-yesterday', 'DIGEST', 'DIGEST:', 'DIGEST:x-y', 'DIGEST:500', 'DIGEST:-'])(
  'what is no fingerprint approves nothing: %s',
  (text) => {
    const fingerprint = reviewFingerprint(['a'], [one(500)]);
    const digest = fingerprint.split(':')[0] as string;
    expect(
      stillReviewed(text.replace('DIGEST', digest), { fingerprint, segments: [one(500)] }),
    ).toBeUndefined();
  },
);
