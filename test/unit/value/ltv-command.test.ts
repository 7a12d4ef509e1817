/** `npm run ltv` on small stores that can be checked by hand, and on files about which nothing can be said. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { csv, row, withFile, type Row } from '../export/export-file.ts';
import { ltv, order, store } from './ltv-runs.ts';

describe('the answer', () => {
  test('is one line of JSON with all models, and totals are the sums of the rows', async () => {
    const result = await ltv([...store(), order('last@x.com', 199)]);
    expect(result.out.trimEnd().split('\n')).toHaveLength(1);
    expect(result.err).toBe('');
    expect(Object.keys(result.answer)).toEqual([
      'input',
      'models',
      'predictedBy',
      'holdout',
      'totals',
      'warnings',
    ]);
    expect(Object.keys(result.answer.models)).toEqual(['bgnbd', 'mbgnbd', 'pareto', 'gammaGamma']);
    expect(result.answer.predictedBy).toBe('mbgnbd');
    const rows = [...result.customers.values()];
    expect(rows.reduce((sum, one) => sum + (one[5] ?? 0), 0)).toBeCloseTo(
      result.answer.totals.expectedOrders,
      8,
    );
    expect(rows.reduce((sum, one) => sum + (one[6] ?? 0), 0)).toBeCloseTo(
      result.answer.totals.expectedValue,
      6,
    );
    expect(rows.every((one) => (one[4] ?? -1) >= 0 && (one[4] ?? 2) <= 1)).toBe(true);
  });

  test('a later horizon is more, a discount is less value but not fewer orders', async () => {
    const rows = [...store(), order('last@x.com', 199)];
    const [year, month, discounted] = await Promise.all([
      ltv(rows),
      ltv(rows, '--horizon-days', '30'),
      ltv(rows, '--discount-rate-annual', '0.2'),
    ]);
    expect(month?.answer.totals.expectedOrders).toBeLessThan(year?.answer.totals.expectedOrders ?? 0);
    expect(discounted?.answer.totals.expectedOrders).toBe(year?.answer.totals.expectedOrders);
    const less = (discounted?.answer.totals.expectedValue ?? 0) / (year?.answer.totals.expectedValue ?? 1);
    expect(less).toBeGreaterThan(1 / 1.2);
    expect(less).toBeLessThan(1);
  });

  test.each(['bgnbd', 'pareto'])('--model %s predicts', async (name) => {
    const result = await ltv([...store(), order('last@x.com', 199)], '--model', name);
    expect(result.answer.predictedBy).toBe(name);
  });

  test('days or weeks, the predictions are the same', async () => {
    const rows = [...store(), order('last@x.com', 199)];
    const [day, week] = await Promise.all([ltv(rows), ltv(rows, '--time-unit', 'week')]);
    expect((week?.answer.totals.expectedOrders ?? 0) / (day?.answer.totals.expectedOrders ?? 1)).toBeCloseTo(
      1,
      4,
    );
  });

  test('one giant customer is named in words and bends nothing out of range', async () => {
    const giant = Array.from({ length: 190 }, (_, day) => order('bulk@x.com', day, '90000.00'));
    const result = await ltv([...store(), ...giant, order('last@x.com', 199)]);
    expect(result.code).toBe(0);
    expect(result.answer.warnings.join()).toMatch(/One customer makes \d+ % of all repeat/);
    expect([...result.customers.values()].flat().every(Number.isFinite)).toBe(true);
  });

  test('orders of nothing only: their number is foreseen, their value is 0', async () => {
    const result = await ltv(
      store().map((one) => ({ ...one, Total: '0.00' })),
      '--zero-orders',
      'count',
    );
    expect(result.code).toBe(0);
    expect(result.answer.models['gammaGamma']).toMatchObject({ params: null, n: 0, converged: false });
    expect(result.answer.totals.expectedValue).toBe(0);
    expect(result.answer.warnings.join()).toContain(
      'Fewer than 10 customers have a repeat order with an amount',
    );
  });

  test('subscription renewals are warned of', async () => {
    const result = await ltv(
      store().map((one, i) => ({ ...one, Source: i % 4 === 0 ? 'subscription_contract' : 'web' })),
    );
    expect(result.answer.warnings.join()).toMatch(/Among them are \d+ orders that a subscription renewed/);
  });

  test('few customers are warned of', async () => {
    const result = await ltv(store());
    expect(result.answer.warnings[0]).toContain('Only 60 customers, 20 of them');
  });

  test('columns that an old export lacks are said', async () => {
    const header = ['Name', 'Email', 'Financial Status', 'Created at', 'Currency', 'Total'];
    const result = await ltv(csv(store(), { header }));
    expect(result.answer.warnings.join()).toContain('no column "Refunded Amount"');
  });
});

describe('where nothing can be said: exit 2, a sentence, no JSON', () => {
  const twice = (people: number) =>
    Array.from({ length: people }, (_, i) => [order(`p${i}@x.com`, i), order(`p${i}@x.com`, i + 30)]).flat();
  test.each<[string, Row[] | string | Buffer, string[], RegExp]>([
    ['an empty file', '', [], /empty/],
    ['no orders', csv([]), [], /No order counts/],
    [
      'an order that is there twice',
      csv([
        ...twice(40),
        ...twice(40)
          .slice(0, 1)
          .map((one) => ({ ...one, Name: '#0' })),
        order('x@x.com', 1),
        ...twice(40)
          .slice(0, 1)
          .map((one) => ({ ...one, Name: '#0' })),
      ]),
      [],
      /Line \d+: The order "#0" is already further up/,
    ],
    ['a header without its newline', csv([]).trimEnd(), [], /No order counts/],
    ['only a byte order mark', '\uFEFF', [], /no rows/],
    ['bytes that are not text', Buffer.from([0xff, 0xfe, 0x00, 0x41, 0x80, 0xc3, 0x28, 0x0a]), [], /./],
    ['a table of something else', 'a,b,c\n1,2,3\n', [], /column/],
    ['a broken file', csv([row()]).slice(0, -20), [], /Line 2/],
    ['a cut-off gzip', gzipSync(csv(twice(40))).subarray(0, 300), [], /gzip file is damaged/],
    ['one customer', twice(1), [], /1 customer ordered, 1 of them/],
    ['29 customers', twice(29), [], /at least 30 customers/],
    [
      'nobody came back',
      Array.from({ length: 50 }, (_, i) => order(`p${i}@x.com`, i)),
      [],
      /0 of them on two days or more/,
    ],
    ['all on one day', Array.from({ length: 50 }, (_, i) => order(`p${i % 40}@x.com`, 5)), [], /one day/],
    [
      'nothing but cancelled orders',
      twice(40).map((one) => ({ ...one, 'Cancelled at': '2025-03-01 12:00:00 +0000' })),
      [],
      /No order counts/,
    ],
    [
      'nothing but guests',
      twice(40).map((one) => ({ ...one, Email: '' })),
      [],
      /No order counts.*\n.*without an e-mail/,
    ],
    [
      'a calibration end before the first order',
      twice(40),
      ['--calibration-end', '2024-12-31'],
      /first order that counts is on 2025-01-01/,
    ],
    [
      'a calibration end with too little before it',
      twice(40),
      ['--calibration-end', '2025-01-10'],
      /10 customers ordered/,
    ],
  ])('%s', async (_, rows, options, sentence) => {
    const result = await ltv(rows, ...options);
    expect(result.code).toBe(2);
    expect(result.out).toBe('');
    expect(result.err).toMatch(sentence);
    expect(result.err).not.toMatch(/undefined|NaN|\.ts:/);
  });

  test.each([
    [['--model', 'best'], /--model: best is not one of mbgnbd, bgnbd, pareto/],
    [['--time-unit', 'month'], /--time-unit/],
    [['--zero-orders', 'maybe'], /--zero-orders/],
    [['--calibration-end', '30.09.1997'], /--calibration-end: 30.09.1997 is not a date/],
    [['--calibration-end', '1997-02-30'], /is not a date/],
    [['--horizon-days', '0'], /--horizon-days/],
    [['--horizon-days', '1.5'], /--horizon-days/],
    [['--discount-rate-annual', '-0.1'], /--discount-rate-annual|ambiguous/],
    [['--discount-rate-annual', '12%'], /ten per cent is written 0.1/],
    [['--time-zone', 'Mars/Olympus'], /--time-zone/],
    [['--time-zone', '+02:00'], /--time-zone/],
    [['--customers', '/no/such/folder/out.csv'], /cannot be written/],
    [['--frobnicate'], /frobnicate/],
    [['stray'], /stray/],
  ])('%j', async (options, sentence) => {
    const result = await ltv([...store(), order('last@x.com', 199)], ...options);
    expect(result.code).toBe(2);
    expect(result.out).toBe('');
    expect(result.err).toMatch(sentence);
  });
});

test('as a process: JSON on stdout, exit code', async () => {
  const script = path.resolve(import.meta.dirname, '../../../scripts/ltv.ts');
  await withFile(csv(store()), async (file) => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--disable-warning=ExperimentalWarning',
      script,
      '--orders',
      file,
    ]);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toHaveProperty('totals');
    expect(stderr).toBe('');
  });
  await expect(
    promisify(execFile)(process.execPath, [script, '--orders', '/no/such/file']),
  ).rejects.toMatchObject({ code: 2, stdout: '' });
}, 30_000);
