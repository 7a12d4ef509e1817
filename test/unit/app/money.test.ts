import fc from 'fast-check';
import { expect, test } from 'vitest';
import { currencyExponent, decimalOf, formatMoney, parseMinor } from '../../../app/money.ts';

const currencies = fc.constantFrom('EUR', 'USD', 'JPY', 'KWD', 'CLP', 'TND');

test('text and minor units are the same amount, there and back', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), currencies, (minor, currency) => {
      expect(parseMinor(decimalOf(minor, currency), currency)).toBe(minor);
    }),
  );
});

test.each([
  ['12.5', 'EUR', 1250n],
  ['0.005', 'EUR', 1n],
  ['-0.005', 'EUR', -1n],
  ['12.5', 'JPY', 13n],
  ['1.2345', 'KWD', 1235n],
  ['1000', 'JPY', 1000n],
  ['9007199254740993.01', 'EUR', 900719925474099301n],
])('%s %s is %s minor units', (text, currency, minor) => expect(parseMinor(text, currency)).toBe(minor));

test.each(['', 'abc', '1,000', '1e3', '--1', '1.2.3', 'NaN', ' '])('%j is not an amount', (text) => {
  expect(parseMinor(text, 'EUR')).toBeUndefined();
});

test('exponents follow ISO 4217', () => {
  expect(['EUR', 'jpy', 'KWD'].map(currencyExponent)).toEqual([2, 0, 3]);
  expect(formatMoney(125000n, 'EUR')).toBe('€1,250.00');
});
