import { expect, test } from 'vitest';
import { LIVE_CAUSES, MASS_CAUSES } from '../../../app/intake/cause.ts';
import { causeWords } from '../../../app/ui/cause-words.ts';

test('every cause has words of its own; the clock is called "date"', () => {
  const words = [...LIVE_CAUSES, ...MASS_CAUSES, 'manual'].map(causeWords);
  expect(new Set(words).size).toBe(words.length);
  expect(words).not.toContain('clock');
  expect(causeWords('clock')).toBe('date');
});
