/** Whatever reaches console.error or console.warn in a test fails it: nothing is said in vain. */
import { afterEach, beforeEach, expect } from 'vitest';

let said: unknown[][] = [];
const original = { error: console.error, warn: console.warn };

beforeEach(() => {
  said = [];
  console.error = (...words: unknown[]) => void said.push(words);
  console.warn = (...words: unknown[]) => void said.push(words);
});

afterEach(() => {
  Object.assign(console, original);
  expect(said, 'console.error and console.warn stay silent').toEqual([]);
});
