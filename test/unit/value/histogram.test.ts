import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { histogramBounds, roundStep } from '../../../app/value/histogram.ts';

describe('bins of amounts', () => {
  test('amounts over more than a factor of ten: 1, 2, 5, 10 ...', () => {
    expect(histogramBounds(1_500, 130_000)).toEqual([1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000]);
  });

  test('amounts close together: equal steps', () => {
    expect(histogramBounds(4_000, 8_000)).toEqual([
      4_000, 4_500, 5_000, 5_500, 6_000, 6_500, 7_000, 7_500, 8_000,
    ]);
  });

  test('nothing spent has no bins', () => {
    expect(histogramBounds(0, 0)).toEqual([]);
  });

  test('any two amounts: few, rising, positive whole bounds, none above the high end', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.nat(2 ** 40), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const bounds = histogramBounds(low, high);
        expect(bounds.length).toBeLessThanOrEqual(11);
        bounds.forEach((bound, i) => {
          expect(Number.isSafeInteger(bound)).toBe(true);
          expect(bound).toBeGreaterThan(bounds[i - 1] ?? 0);
          expect(bound).toBeLessThanOrEqual(high || 1);
        });
        if (high > 0) expect(bounds.length).toBeGreaterThan(0);
      }),
    );
  });

  test('steps are 1, 2 or 5 times a power of ten, not below what is wanted', () => {
    expect([0, 1, 1.5, 3, 7, 10, 11, 49, 50, 51].map(roundStep)).toEqual([
      1, 1, 2, 5, 10, 10, 20, 50, 50, 100,
    ]);
  });
});
