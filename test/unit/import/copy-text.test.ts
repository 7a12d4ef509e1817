import { expect, it } from 'vitest';
import { copyText } from '../../../app/intake/import/copy-text.ts';

it('writes rows in the text format of COPY', () => {
  const row = {
    id: '12',
    money: 5n,
    good: true,
    bad: false,
    at: new Date('2026-11-22T10:00:00.123Z'),
    none: null,
    text: 'a\tb\\c\nd\re',
    tags: ['plain', 'with "quotes"', 'back\\slash', 'a,b', '', 'line\nbreak', '{x}', 'NULL'],
    empty: [],
  };
  const columns = ['id', 'money', 'good', 'bad', 'at', 'none', 'absent', 'text', 'tags', 'empty'];
  expect(copyText(row, columns)).toBe(
    [
      '12', '5', 't', 'f', '2026-11-22T10:00:00.123Z', '\\N', '\\N', 'a\\tb\\\\c\\nd\\re',
      '{"plain","with \\\\"quotes\\\\"","back\\\\\\\\slash","a,b","","line\\nbreak","{x}","NULL"}', '{}',
    ].join('\t') + '\n',
  ); // prettier-ignore
});
