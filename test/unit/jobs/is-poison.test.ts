import { expect, test } from 'vitest';
import { AppError } from '../../../app/app-error.ts';
import { isPoison, isTooMuch, poisonReason } from '../../../app/jobs/is-poison.ts';

const database = (code: string, message = 'value "ada@example.com" is bad') =>
  Object.assign(new Error(message), { code });

test('only what lies in the data is put aside; in doubt the message waits', () => {
  for (const code of ['22003', '22P02', '23505', '21000']) expect(isPoison(database(code))).toBe(true);
  for (const code of [
    '40001',
    '40P01',
    '42703',
    '42P01',
    '53100',
    '55P03',
    '57014',
    '57P01',
    '08006',
    '25P04',
  ]) {
    expect(isPoison(database(code)), code).toBe(false);
  }
  expect(isPoison(database('ECONNREFUSED'))).toBe(false);
  expect(isPoison(new Error('Connection terminated unexpectedly'))).toBe(false);
  expect(isPoison(new AppError('bad_payload', 'x'))).toBe(true);
  expect(isPoison(new AppError('shopify_unavailable', 'x', { retryable: true }))).toBe(false);
  expect(isPoison(new AppError('config', 'x'))).toBe(false);
  expect(isPoison(new TypeError('x'))).toBe(true);
});

test('a statement that took too long is halved', () => {
  expect(isTooMuch(database('57014'))).toBe(true);
  expect(isTooMuch(new Error('x'))).toBe(false);
});

test('the reason holds nothing of the message', () => {
  expect(poisonReason(database('22003'))).toBe('the database refused it (22003)');
  expect(poisonReason(new TypeError('ada@example.com'))).toBe('TypeError');
});
