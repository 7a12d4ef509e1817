/** What `npm run ltv` makes of orders: the data rules, on stores that can be checked by hand. */
import { expect, test } from 'vitest';
import { csv, type Row } from '../export/export-file.ts';
import { ltv, order, store, table } from './ltv-runs.ts';

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
