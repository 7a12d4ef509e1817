import { expect, test } from 'vitest';
import { backOffMs } from '../../../app/back-off.ts';

test('twice as long after each time, never longer than the longest, however often', () => {
  const backOff = { firstMs: 500, longestMs: 60_000 };
  expect([0, 1, 2, 6, 7, 10_000].map((earlier) => backOffMs(backOff, earlier))).toEqual([
    500, 1_000, 2_000, 32_000, 60_000, 60_000,
  ]);
});
