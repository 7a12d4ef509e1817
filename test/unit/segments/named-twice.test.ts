import fc from 'fast-check';
import { expect, test } from 'vitest';
import { namedTwice } from '../../../app/segments/named-twice.ts';
import { parseTransfer } from '../../../app/segments/transfer/transfer-file.ts';

test.each([
  ['{"v":1,"v":1}', 'v'],
  ['{"v":1,"where":{"all":[{"field":"orders"},{"field":"a","op":"gte","field":"b"}]}}', 'where.all.1.field'],
  ['[{"a":[1,{"b":1}]},{"a":{"b":1},"c":{"b":2,"b":3}}]', '1.c.b'],
  [String.raw`{"f":1,"\u0066":2}`, 'f'],
  [String.raw`{"a\"b":1,"a\"b":2}`, 'a"b'],
])('%s', (text, path) => {
  expect(namedTwice(text)).toBe(path);
});

test('whatever JSON writes names nothing twice, values that look like keys included', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => namedTwice(JSON.stringify(value)) === null));
  expect(namedTwice('{"a":"a","b":["a","a"],"c":{"a":"\\"a\\":"}}')).toBeNull();
});

test('a file of another store with a key twice is refused with the path', () => {
  expect(parseTransfer('{"v":1,"sets":[{"name":"A","name":"B"}]}')).toEqual({
    ok: false,
    faults: [{ path: 'sets.0.name', message: 'is there twice' }],
  });
});
