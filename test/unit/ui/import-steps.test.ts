import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { importPercent, importSteps, type ImportView } from '../../../app/ui/import-steps.ts';

const part = (kind: 'customers' | 'orders' | 'products', state: string, rows = 0, rowsDone = 0) => ({
  kind,
  state,
  rows,
  rowsDone,
});

describe('an import as the merchant sees it', () => {
  test('while it reads: done, under way and waiting are told apart, with counts', () => {
    const run: ImportView = {
      state: 'running',
      step: 'reading',
      stepDone: 0,
      stepTotal: 0,
      parts: [
        part('customers', 'done', 5_000, 5_000),
        part('orders', 'loading', 42_000, 17_500),
        part('products', 'running', 120),
      ],
    };
    expect(importSteps(run).map(({ state, detail }) => [state, detail])).toEqual([
      ['done', '5,000 rows'],
      ['running', '17,500 of 42,000'],
      ['running', 'Shopify is collecting them, 120 rows so far'],
      ['waiting', ''],
      ['waiting', ''],
      ['waiting', ''],
    ]);
    expect(importPercent(run)).toBe(33);
  });

  test('once it computes, reading is done whatever its parts say', () => {
    const run: ImportView = { state: 'running', step: 'profiles', stepDone: 1, stepTotal: 2, parts: [] };
    expect(importSteps(run).map(({ state }) => state)).toEqual([
      'done', 'done', 'done', 'done', 'running', 'waiting',
    ]); // prettier-ignore
    expect(importSteps(run)[4]?.detail).toBe('1 of 2');
  });

  test('before the first part is known nothing has begun', () => {
    const run: ImportView = { state: 'running', step: 'reading', stepDone: 0, stepTotal: 0, parts: [] };
    expect(importSteps(run).every(({ state }) => state === 'waiting')).toBe(true);
    expect(importPercent(run)).toBe(0);
  });

  test('the bar never goes back as the run goes on, and is full only at its end', () => {
    const share = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(fc.array(share, { minLength: 2, maxLength: 6 }), (dones) => {
        const sorted = [...dones].sort((a, b) => a - b);
        const reading = sorted.map((done) =>
          importPercent({
            state: 'running',
            step: 'reading',
            stepDone: 0,
            stepTotal: 0,
            parts: (['customers', 'orders', 'products'] as const).map((kind) =>
              part(kind, 'loading', 1_000, done),
            ),
          }),
        );
        const later = ['joining', 'profiles', 'scores'].flatMap((step) =>
          sorted.map((done) =>
            importPercent({ state: 'running', step, stepDone: done, stepTotal: 1_000, parts: [] }),
          ),
        );
        const all = [...reading, ...later];
        expect(all).toEqual([...all].sort((a, b) => a - b));
        expect(Math.max(...all)).toBeLessThan(100);
      }),
    );
    expect(importPercent({ state: 'done', step: 'done', stepDone: 0, stepTotal: 0, parts: [] })).toBe(100);
  });
});
