import { expect, test } from 'vitest';
import { prefixFault } from '../../../app/activation/tags/tag-prefix.ts';
import { checkNames } from '../../../app/segments/segment-names.ts';

const NOTHING = { keys: [], tags: [] };

test.each(['café', 'köln', 'straße', 'vip\u0301', 'ｖｉｐ', '\u212aauf', 'ⅷ', 'вип'])(
  'the tag “%s” is refused, as a tag and as a prefix: SQL compares tags in ASCII',
  (word) => {
    const faults = checkNames({ key: 'a', name: 'a', tag: word }, { prefix: 'regulars-', taken: NOTHING });
    expect(faults.map(({ path }) => path)).toEqual(['tag']);
    expect(prefixFault(`${word}-`)).not.toBeNull();
  },
);

test.each(['VIP\u0000', 'Ab\u0007c'])('the name “%s” is refused: nobody can see all of it', (name) => {
  const faults = checkNames({ key: 'a', name, tag: 'a' }, { prefix: 'regulars-', taken: NOTHING });
  expect(faults.map(({ path }) => path)).toEqual(['name']);
});
