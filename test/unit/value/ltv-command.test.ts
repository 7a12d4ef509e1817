/** `npm run ltv` on small stores that can be checked by hand, and on files about which nothing can be said. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { runLtv } from '../../../scripts/ltv-command.ts';
import { csv, row, withFile, type Row } from '../export/export-file.ts';

interface Answer {
  input: Record<string, number | string | null>;
  models: Record<
    string,
    { params: Record<string, number> | null; logLikelihood: number; converged: boolean; n?: number }
  >;
  predictedBy: string;
  holdout: {
    days: number;
    byFrequency: { x: number | string; customers: number; actual: number | null }[];
  } | null;
  totals: { expectedOrders: number; expectedValue: number };
  warnings: string[];
}

async function ltv(rows: readonly Row[] | string | Buffer, ...options: string[]) {
  const content = Array.isArray(rows) ? csv(rows as Row[]) : (rows as string | Buffer);
  return withFile(content, async (file) => {
    const said = { out: '', err: '' };
    const code = await runLtv(['--orders', file, '--customers', 'out.csv', ...options], {
      from: path.dirname(file),
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
    });
    const table = await readFile(path.join(path.dirname(file), 'out.csv'), 'utf8').catch(() => '');
    const [header, ...lines] = table.trimEnd().split('\n');
    const customers = new Map(
      lines.map((line) => [line.split(',')[0] ?? '', line.split(',').slice(1).map(Number)]),
    );
    return { code, ...said, header, customers, answer: (code === 0 ? JSON.parse(said.out) : null) as Answer };
  });
}

let next = 0;
/** An order at noon UTC, `day` days after 2025-01-01. */
function order(email: string, day: number, total = '50.00', more: Row = {}): Row {
  const at = new Date(Date.UTC(2025, 0, 1 + day, 12)).toISOString();
  next += 1;
  return row({
    Name: `#${next}`,
    Email: email,
    Total: total,
    'Created at': `${at.slice(0, 10)} ${at.slice(11, 19)} +0000`,
    ...more,
  });
}

/** 60 people over 200 days, of whom every third comes back, some of them often. */
function store(): Row[] {
  return Array.from({ length: 60 }, (_, i) => {
    const first = (i * 3) % 150;
    const orders = [order(`p${i}@x.com`, first, `${20 + (i % 7) * 10}.00`)];
    for (let n = 1; n <= (i % 3 === 0 ? 1 + (i % 5) : 0); n++) {
      orders.push(order(`p${i}@x.com`, first + n * (5 + (i % 11)), `${25 + ((i * n) % 9) * 7}.00`));
    }
    return orders;
  }).flat();
}

const table = (result: Awaited<ReturnType<typeof ltv>>, email: string) => {
  const [x, tx, T, zbar] = result.customers.get(email) ?? [];
  return { x, tx, T, zbar };
};

describe('the data rules, by hand', () => {
  test('orders of one day are one purchase; the first day is left out; T runs to the last order of all', async () => {
    const result = await ltv([
      ...store(),
      order('ann@x.com', 10, '100.00'),
      order('ann@x.com', 10, '11.00'),
      order('ann@x.com', 30, '40.00'),
      order('Ann@X.com ', 30, '20.00'),
      order('ann@x.com', 70, '30.00'),
      order('last@x.com', 210),
    ]);
    expect(result.header).toBe('customer,x,t_x,T,zbar,pAlive,expectedOrders,expectedValue');
    expect(table(result, 'ann@x.com')).toEqual({ x: 2, tx: 60, T: 200, zbar: 45 });
    expect(table(result, 'last@x.com')).toEqual({ x: 0, tx: 0, T: 0, zbar: 0 });
    expect(result.answer.input).toMatchObject({
      customers: 62,
      from: '2025-01-01',
      to: '2025-07-30',
      calibrationEnd: null,
      timeUnit: 'day',
      currency: 'EUR',
      guestOrders: 0,
    });
  });

  test('the calibration end is inclusive, and weeks are days / 7', async () => {
    const rows = [
      ...store(),
      order('ann@x.com', 0),
      order('ann@x.com', 100, '60.00'),
      order('ann@x.com', 101, '90.00'),
      order('late@x.com', 101),
      order('last@x.com', 199),
    ];
    const result = await ltv(rows, '--calibration-end', '2025-04-11', '--time-unit', 'week');
    expect(table(result, 'ann@x.com')).toEqual({ x: 1, tx: 100 / 7, T: 100 / 7, zbar: 60 });
    expect(result.customers.has('late@x.com')).toBe(false);
    expect(result.answer.input).toMatchObject({
      calibrationEnd: '2025-04-11',
      timeUnit: 'week',
      customers: result.customers.size,
    });
    expect(result.answer.holdout?.days).toBe(99);
  });

  test('the hold-out counts purchase days after the calibration end, by frequency before it', async () => {
    const rows = [...store(), order('seven@x.com', 0)];
    for (let day = 1; day <= 9; day++) rows.push(order('seven@x.com', day * 10));
    for (const day of [120, 120, 130]) rows.push(order('seven@x.com', day));
    const { holdout } = (await ltv(rows, '--calibration-end', '2025-04-11')).answer;
    const row_ = holdout?.byFrequency.at(-1);
    expect(row_).toMatchObject({ x: '7+', customers: 1, actual: 2 });
    expect(holdout?.byFrequency.map((one) => one.x)).toEqual([0, 1, 2, 3, 4, 5, 6, '7+']);
  });

  test('without a calibration end the back-test begins after two thirds of the span', async () => {
    const result = await ltv([...store(), order('last@x.com', 210)]);
    expect(result.answer.holdout?.days).toBe(70);
  });

  test('days are those of the time zone', async () => {
    const rows = [
      ...store(),
      order('ann@x.com', 20, '10.00', { 'Created at': '2025-01-20 23:30:00 +0000' }),
      order('ann@x.com', 21, '20.00', { 'Created at': '2025-01-21 00:30:00 +0000' }),
      order('last@x.com', 199),
    ];
    expect(table(await ltv(rows), 'ann@x.com')).toMatchObject({ x: 1, zbar: 20 });
    expect(table(await ltv(rows, '--time-zone', 'Europe/Berlin'), 'ann@x.com')).toMatchObject({
      x: 0,
      T: 179,
    });
    expect(table(await ltv(rows, '--time-zone', 'America/New_York'), 'ann@x.com')).toMatchObject({
      x: 0,
      T: 180,
    });
  });

  test('what counts: refunds on their order’s date, open sums off, authorised in full; the rest not', async () => {
    const more = (values: Row) => order('ann@x.com', 50, '80.00', values);
    const rows = [
      ...store(),
      order('ann@x.com', 0),
      more({
        'Financial Status': 'partially_refunded',
        'Refunded Amount': '30.00',
        'Created at': '2025-02-01 12:00:00 +0000',
      }),
      more({
        'Financial Status': 'partially_paid',
        'Outstanding Balance': '60.00',
        'Created at': '2025-02-02 12:00:00 +0000',
      }),
      more({
        'Financial Status': 'authorized',
        'Outstanding Balance': '80.00',
        'Created at': '2025-02-03 12:00:00 +0000',
      }),
      more({ 'Financial Status': 'pending' }),
      more({ 'Financial Status': 'voided' }),
      more({ 'Financial Status': 'expired' }),
      more({ 'Financial Status': 'refunded', 'Refunded Amount': '80.00' }),
      more({ 'Cancelled at': '2025-02-21 12:00:00 +0000' }),
      more({ Total: '0.00' }),
      order('gone@x.com', 3, '80.00', { 'Financial Status': 'refunded', 'Refunded Amount': '80.00' }),
      order('last@x.com', 199),
    ];
    const result = await ltv(rows);
    expect(table(result, 'ann@x.com')).toEqual({ x: 3, tx: 33, T: 199, zbar: 50 });
    expect(result.customers.has('gone@x.com')).toBe(false);
    expect(result.answer.warnings.join()).toContain('Left out: 1 order with a total of 0');
    const counted = await ltv(rows, '--zero-orders', 'count');
    expect(table(counted, 'ann@x.com')).toEqual({ x: 4, tx: 50, T: 199, zbar: 37.5 });
  });

  test('lines of one order are one order, and the same order twice is not two', async () => {
    const [first] = store();
    const once = await ltv([...store(), order('last@x.com', 199)]);
    const line = { ...first, Total: '', 'Financial Status': '', 'Lineitem name': 'Second line' } as Row;
    const rows = store();
    const withLines = await ltv([
      rows[0] as Row,
      { ...line, Name: rows[0]?.['Name'] ?? '' },
      ...rows.slice(1),
      order('last@x.com', 199),
    ]);
    expect(withLines.code).toBe(0);
    expect(withLines.answer.input['orders']).toBe(once.answer.input['orders']);
  });

  test('addresses that are not UTF-8 are warned of', async () => {
    const file = Buffer.from(csv([...store(), order('j\u00f6rg@x.com', 199)]), 'latin1');
    const result = await ltv(file);
    expect(result.code).toBe(0);
    expect(result.answer.warnings.join(' ')).toMatch(/not in UTF-8: 1 order/);
  });

  test('guests are left out and counted', async () => {
    const result = await ltv([
      ...store(),
      order('', 5),
      order(' ', 6),
      order('', 300, '5.00', { 'Financial Status': 'voided' }),
      order('last@x.com', 199),
    ]);
    expect(result.answer.input).toMatchObject({ guestOrders: 2, to: '2025-07-19' });
    expect(result.answer.warnings.join()).toMatch(/Left out: 2 orders of \d+ without an e-mail/);
  });

  test('amounts of other currencies are not added, their orders count', async () => {
    const usd = (day: number) => order('ann@x.com', day, '999.00', { Currency: 'USD' });
    const result = await ltv([
      ...store(),
      order('ann@x.com', 0),
      usd(10),
      order('ann@x.com', 20, '30.00'),
      usd(20),
      order('last@x.com', 199),
    ]);
    expect(result.answer.input['currency']).toBe('EUR');
    expect(table(result, 'ann@x.com')).toEqual({ x: 2, tx: 20, T: 199, zbar: 30 });
    expect(result.answer.warnings.join()).toContain('In USD, not EUR: 2 orders.');
  });

  test('yen have no decimals, dinars three', async () => {
    const rows = (currency: string) =>
      [...store(), order('ann@x.com', 0), order('ann@x.com', 9, '1234'), order('last@x.com', 199)].map(
        (one) => ({ ...one, Currency: currency }),
      );
    expect(table(await ltv(rows('JPY')), 'ann@x.com').zbar).toBe(1234);
    expect(table(await ltv(rows('KWD')), 'ann@x.com').zbar).toBe(1234);
  });
});

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
