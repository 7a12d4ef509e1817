import { describe, expect, test } from 'vitest';
import { LIFECYCLE_KEYS, rhythmRanges } from '../../../app/ui/lifecycle-grid.ts';
import { PRESETS } from '../../../app/segments/presets.ts';

test('the map shows each group of the life-cycle family once', () => {
  const family = PRESETS.filter((preset) => preset.family === 'life-cycle').map((preset) => preset.key);
  expect([...LIFECYCLE_KEYS].sort()).toEqual([...family].sort());
  expect(new Set(LIFECYCLE_KEYS).size).toBe(14);
});

describe('the days over the columns', () => {
  test('follow from the upper bounds in force', () => {
    expect(rhythmRanges([30, 60, 180])).toEqual(['0–30 days', '31–60 days', '61–180 days', 'over 180 days']);
  });

  test('are whole days: a bound of 91.5 still holds day 91', () => {
    expect(rhythmRanges([91.5, 196.2, 392.4])[1]).toBe('92–196 days');
  });

  test('say so when a column can hold nobody', () => {
    expect(rhythmRanges([90, 90, 180])[1]).toBe('no days');
  });

  test('are left out before there are any numbers', () => {
    expect(rhythmRanges([])).toEqual(['', '', '', '']);
  });
});
