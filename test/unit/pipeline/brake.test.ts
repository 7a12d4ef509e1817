import { expect, test } from 'vitest';
import { needsPerson } from '../../../app/pipeline/brake.ts';

test.each([
  [99, 1_000, false],
  [100, 1_000, true],
  [100, 5_000, false],
  [101, 5_000, true],
  [0, 0, false],
])('%i of %i buyers: a person is asked %s', (affected, buyers, asked) => {
  expect(needsPerson(affected, buyers)).toBe(asked);
});
