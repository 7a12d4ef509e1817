import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromPortable, toPortable } from '../../../app/segments/portable-rule.ts';
import { arbitraryRule } from '../../support/arbitrary-rule.ts';

const where = (value: unknown, field = 'spent', op = 'gte') => ({ v: 1, where: { field, op, value } });
const faults = (json: unknown, currency = 'EUR') => {
  const parsed = fromPortable(json, currency);
  return parsed.ok ? [] : parsed.faults.map(({ path, message }) => `${path}: ${message}`);
};

test('there and back again, in currencies with no, two and three decimals', () => {
  fc.assert(
    fc.property(arbitraryRule(), fc.constantFrom('EUR', 'JPY', 'KWD'), (rule, currency) => {
      const portable = JSON.parse(JSON.stringify(toPortable(rule, currency))) as unknown;
      expect(fromPortable(portable, currency)).toEqual({ ok: true, rule });
    }),
  );
});

test('the largest and the smallest amounts keep every digit', () => {
  for (const minor of [0, 1, 99, 100_000_000_000_001, 1_000_000_000_000_000]) {
    for (const currency of ['EUR', 'JPY', 'KWD']) {
      const rule = { v: 1 as const, where: { field: 'spent' as const, op: 'gte' as const, value: minor } };
      expect(fromPortable(toPortable(rule, currency), currency)).toEqual({ ok: true, rule });
    }
  }
});

test('numbers and texts', () => {
  expect(fromPortable(where(1000), 'EUR')).toMatchObject({ rule: { where: { value: 100_000 } } });
  expect(fromPortable(where('1000.50'), 'EUR')).toMatchObject({ rule: { where: { value: 100_050 } } });
  expect(fromPortable(where(1000), 'JPY')).toMatchObject({ rule: { where: { value: 1_000 } } });
  expect(fromPortable(where([1, 2.5], 'spent', 'between'), 'EUR')).toMatchObject({
    rule: { where: { value: [100, 250] } },
  });
  expect(fromPortable(where(3, 'orders'), 'EUR')).toMatchObject({ rule: { where: { value: 3 } } });
});

test('faults, with the path', () => {
  expect(faults(where(1.001))).toEqual(['where.value: must not have more than 2 decimals in EUR']);
  expect(faults(where(1.5), 'JPY')).toEqual(['where.value: must not have more than 0 decimals in JPY']);
  expect(faults(where('much'))).toEqual(['where.value: must be an amount in EUR, such as 100']);
  expect(faults({ v: 1, where: { any: [where([1, 'x'], 'spent', 'between').where] } })).toEqual([
    'where.any.0.value.1: must be an amount in EUR, such as 100',
    'where.any.0.value: must not end before it begins',
  ]);
  expect(faults(where(-1))).toEqual(['where.value: must not be negative']);
  expect(faults(where(1e15))).toEqual(['where.value: is too large']);
  expect(faults(null).length).toBeGreaterThan(0);
  expect(faults([]).length).toBeGreaterThan(0);
  expect(faults({ v: 2, where: where(1).where })[0]).toMatch(/^v: /);
});

test('whatever comes, it answers', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (json) => {
      expect(typeof fromPortable(json, 'EUR').ok).toBe('boolean');
      expect(typeof fromPortable({ v: 1, where: json }, 'EUR').ok).toBe('boolean');
    }),
  );
});
