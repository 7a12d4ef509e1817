import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseJson } from '../../../app/intake/normalise/parse-json.ts';

test('whole numbers beyond 2^53 survive as text', () => {
  expect(
    parseJson('{"id":9007199254740993,"n":-9007199254740993,"ok":9007199254740991,"f":1.5,"e":1e300}'),
  ).toEqual({
    value: { id: '9007199254740993', n: '-9007199254740993', ok: 9007199254740991, f: 1.5, e: 1e300 },
  });
});

test('__proto__ and duplicate keys do no harm', () => {
  const parsed = parseJson('{"__proto__":{"polluted":true},"id":1,"id":2}')?.value as Record<string, unknown>;
  expect(parsed['id']).toBe(2);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
});

test('what is not JSON, or too deep, is undefined and not an error', () => {
  for (const text of [
    '',
    '{',
    'undefined',
    '{"a":}',
    '\uFEFF',
    `${'['.repeat(200_000)}${']'.repeat(200_000)}`,
  ]) {
    expect(parseJson(text)).toBeUndefined();
  }
});

test('any text is read or refused', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseJson(text)));
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text)).toBeDefined();
    }),
  );
});
