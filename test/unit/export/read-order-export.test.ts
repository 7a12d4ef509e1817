import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf } from '../../../app/money.ts';
import { ExportFileError, readOrderExport } from '../../../app/intake/export/read-order-export.server.ts';
import { csv, HEADER, read, row, withFile, type Row } from './export-file.ts';

describe('what is read', () => {
  test('every value of an order', async () => {
    const [order] = await read(
      csv([
        row({
          Email: ' Ann@Example.COM ',
          'Financial Status': 'partially_refunded',
          'Paid at': '2025-10-02 17:10:00 -0300',
          'Accepts Marketing': 'yes',
          Subtotal: '42.00',
          Shipping: '5.00',
          Taxes: '3.00',
          'Discount Code': 'HELLO10',
          'Discount Amount': '4.20',
          'Lineitem sku': 'T',
          'Lineitem discount': '1.00',
          'Billing City': 'Köln',
          'Billing Province': 'nw',
          'Billing Country': 'DE',
          'Billing Zip': "'01067",
          'Shipping Country': 'FR',
          'Refunded Amount': '10.00',
          'Outstanding Balance': '-0.50',
          Vendor: 'Acme',
          Id: '5000000000001',
          Tags: 'gift, , VIP ',
          Source: 'pos',
          Location: 'High Street',
        }),
      ]),
    );
    expect(order).toEqual({
      line: 2,
      name: '#1001',
      id: '5000000000001',
      email: 'ann@example.com',
      financialStatus: 'partially_refunded',
      createdAt: new Date('2025-10-02T20:09:34Z'),
      paidAt: new Date('2025-10-02T20:10:00Z'),
      cancelledAt: null,
      currency: 'EUR',
      totalMinor: 5000n,
      subtotalMinor: 4200n,
      shippingMinor: 500n,
      taxesMinor: 300n,
      discountMinor: 420n,
      outstandingMinor: -50n,
      refundedMinor: 1000n,
      discountCode: 'HELLO10',
      acceptsMarketing: true,
      fulfillmentStatus: '',
      source: 'pos',
      location: 'High Street',
      tags: ['gift', 'VIP'],
      countryCode: 'DE',
      provinceCode: 'NW',
      city: 'Köln',
      zip: '01067',
      lines: [
        { quantity: 1, name: 'T-shirt', sku: 'T', priceMinor: 5000n, discountMinor: 100n, vendor: 'Acme' },
      ],
    });
  });

  test('further rows of an order add lines; the row with a Total speaks, wherever it stands', async () => {
    const further = { Name: '#1001', Email: 'ann@example.com', 'Created at': '2025-10-02 17:09:34 -0300' };
    const orders = await read(
      csv([
        { ...further, 'Lineitem quantity': '2', 'Lineitem name': 'Socks', 'Lineitem price': '0' },
        row({ Total: '70.00' }),
        { ...further, 'Lineitem quantity': '1', 'Lineitem name': 'Hat', 'Lineitem price': '9.99' },
        row({ Name: '#1002' }),
      ]),
    );
    expect(
      orders.map(({ line, name, totalMinor, lines }) => [line, name, totalMinor, lines.map((l) => l.name)]),
    ).toEqual([
      [2, '#1001', 7000n, ['Socks', 'T-shirt', 'Hat']],
      [5, '#1002', 5000n, ['T-shirt']],
    ]);
  });

  test('guests have no e-mail; old exports lack columns; amounts follow the currency', async () => {
    const header = ['Created at', 'Total', 'Currency', 'Financial Status', 'Email', 'Name'];
    const rows = [
      row({ Email: '', Currency: 'JPY', Total: '1200' }),
      row({ Name: '#2', Currency: 'KWD', Total: '1.234' }),
    ];
    let missing: string[] = [];
    const orders = await withFile(csv(rows, { header }), (file) =>
      Array.fromAsync(readOrderExport(file, { onColumns: (columns) => (missing = columns.missing) })),
    );
    expect(orders.map((o) => [o.email, o.totalMinor, o.refundedMinor, o.id, o.lines])).toEqual([
      [null, 1200n, 0n, null, []],
      ['ann@example.com', 1234n, 0n, null, []],
    ]);
    expect(missing).toContain('Refunded Amount');
  });

  test.each([
    ['2025-10-02 17:09:34 -0300', '2025-10-02T20:09:34Z'],
    ['2025-10-02 17:09:34 +0530', '2025-10-02T11:39:34Z'],
    ['2024-02-29 23:59:59 +0000', '2024-02-29T23:59:59Z'],
    ['2025-10-02T17:09:34+02:00', '2025-10-02T15:09:34Z'],
    ['2025-10-02 17:09:34 UTC', '2025-10-02T17:09:34Z'],
    ['2025-10-02 17:09:34.123 Z', '2025-10-02T17:09:34Z'],
  ])('the date %s', async (text, iso) => {
    expect((await read(csv([row({ 'Created at': text })])))[0]?.createdAt).toEqual(new Date(iso));
  });

  test('a byte-order mark, CRLF, quotes, line breaks, Unicode, blank lines and a missing last newline', async () => {
    const text = csv(
      [
        row({ Notes: 'line one\r\nline "two", three\n\n四' }),
        row({ Name: '#“2” 🛍', Email: 'ü@example.com' }),
      ],
      { newline: '\r\n' },
    );
    const orders = await read(`\ufeff${text.replaceAll('\r\n#', '\r\n\r\n#')}`.trimEnd());
    expect(orders.map(({ line, name, email }) => [line, name, email])).toEqual([
      [3, '#1001', 'ann@example.com'],
      [8, '#“2” 🛍', 'ü@example.com'],
    ]);
  });

  test('gzip is told by its content', async () => {
    expect(await read(gzipSync(csv([row()])))).toHaveLength(1);
  });
});

describe('what is refused, with the line and a sentence', () => {
  const good = row({ Name: '#0' });
  test.each<[string, string | Buffer, number, RegExp]>([
    ['an empty file', '', 1, /empty/],
    ['blank lines only', '\n\n', 1, /no rows/],
    ['some other text', 'hello world\n', 1, /None of the columns/],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2, 10, 5]), 1, /not a text file/],
    ['another CSV', 'date,amount\n1,2\n', 1, /None of the columns/],
    ['semicolons', csv([row()]).replaceAll(',', ';'), 1, /semicolons/],
    ['UTF-16', Buffer.from(`\ufeff${csv([row()])}`, 'utf16le'), 0, /UTF-16/],
    ['a zip archive', Buffer.from('PK\u0003\u0004'), 0, /zip/],
    ['a cut-off gzip', gzipSync(csv([row()])).subarray(0, 60), 0, /damaged/],
    [
      'a missing column',
      csv([row()], { header: HEADER.filter((c) => c !== 'Total') }),
      1,
      /"Total" is missing/,
    ],
    ['a column twice', csv([row()], { header: [...HEADER, 'Email'] }), 1, /"Email" is there twice/],
    ['a short row', `${csv([good])}#1,ann@example.com,paid\n`, 3, /3 fields, the header has 32/],
    ['a long row', `${csv([good])}${csv([row()]).split('\n')[1]},\n`, 3, /33 fields/],
    ['no Name', csv([good, row({ Name: ' ' })]), 3, /Name of the order is empty/],
    ['an unknown status', csv([good, row({ 'Financial Status': 'bezahlt' })]), 3, /"bezahlt" is not known/],
    ['no status', csv([good, row({ 'Financial Status': '' })]), 3, /Status is empty/],
    ['an unreadable amount', csv([good, row({ Total: '1.234,50' })]), 3, /Total is "1.234,50"/],
    ['a negative refund', csv([good, row({ 'Refunded Amount': '-5' })]), 3, /must not be negative/],
    ['a negative quantity', csv([good, row({ 'Lineitem quantity': '-1' })]), 3, /whole number/],
    ['a day-first date', csv([good, row({ 'Created at': '02/10/2025 17:09' })]), 3, /must be a date like/],
    [
      'a date without offset',
      csv([good, row({ 'Created at': '2025-10-02 17:09:34' })]),
      3,
      /must be a date like/,
    ],
    [
      'a day that is not',
      csv([good, row({ 'Created at': '2025-02-30 17:09:34 +0000' })]),
      3,
      /must be a date like/,
    ],
    [
      'a year far ahead',
      csv([good, row({ 'Created at': '9999-12-31 23:59:59 -1200' })]),
      3,
      /must be a date like/,
    ],
    ['no date', csv([good, row({ 'Created at': '' })]), 3, /Created at is empty/],
    ['no currency', csv([good, row({ Currency: '' })]), 3, /Currency is empty/],
    ['a rounded Id', csv([good, row({ Id: '5.0E+12' })]), 3, /Id is/],
    ['an order without Total', csv([good, row({ Total: '' })]), 3, /has a Total/],
    ['contradicting rows', csv([row(), row({ Total: '60.00' })]), 3, /contradict.*Total is "60.00" here/],
    [
      'two people under one Name',
      csv([row(), row({ Total: '', Email: 'bob@example.com' })]),
      3,
      /contradict.*Email/,
    ],
    ['rows that stand apart', csv([row(), row({ Name: '#2' }), row({ Total: '' })]), 4, /already further up/],
    ['an open quote', `${csv([row({ Notes: 'a\r\nb' })])}#2,"oops\n,,\n\n`, 4, /never closed/],
    ['a stray quote', `${csv([row({ Notes: 'a\nb' })])}#2,x"y,\n`, 4, /quote/],
    ['text behind a quote', `${csv([row()])}#2,"x"y,\n`, 3, /quote/],
  ])('%s', async (_, content, line, reason) => {
    const refused = await read(content).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(ExportFileError);
    expect(refused).toMatchObject({ line, reason: expect.stringMatching(reason) });
  });

  test('a file that is not there, a folder', async () => {
    await expect(Array.fromAsync(readOrderExport('/no/such/file.csv'))).rejects.toThrow(/no such file/);
    await expect(Array.fromAsync(readOrderExport('/'))).rejects.toThrow(/folder/);
  });

  test('what stands before the fault has been read', async () => {
    await withFile(csv([row(), row({ Name: '#2', Total: 'x' })]), async (file) => {
      const orders = readOrderExport(file);
      expect((await orders.next()).value?.name).toBe('#1001');
      await expect(orders.next()).rejects.toThrow(/Line 3/);
    });
  });
});

describe('for any file', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ' ', '"', ',', '\n', '\r', '\r\n', 'é', '🛍', "'", ';', '='),
  });
  const anyOrder = fc.record({
    email: fc.option(fc.constantFrom('a@x.com', 'B@X.com', 'c@x.com'), { nil: '' }),
    total: fc.bigInt({ min: -1000n, max: 10n ** 12n }),
    refunded: fc.bigInt({ min: 0n, max: 1000n }),
    currency: fc.constantFrom('EUR', 'JPY', 'KWD'),
    at: fc.date({ min: new Date('1990-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
    offset: fc.integer({ min: -12 * 60, max: 14 * 60 }),
    notes: text,
    lines: fc.array(text, { minLength: 1, maxLength: 4 }),
  });

  test('what is written is what is read, with the line it begins on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyOrder, { maxLength: 8 }),
        fc.constantFrom('\n', '\r\n'),
        async (orders, newline) => {
          const rows: Row[] = [];
          const lines: number[] = [];
          let line = 2;
          orders.forEach((order, i) => {
            lines.push(line);
            order.lines.forEach((name, j) => {
              const head = {
                Name: `#${i}`,
                Email: order.email,
                'Created at': stamp(order.at, order.offset),
                'Lineitem quantity': String(j),
                'Lineitem name': name,
              };
              const level = {
                'Financial Status': 'paid',
                Currency: order.currency,
                Total: decimalOf(order.total, order.currency),
                'Refunded Amount': decimalOf(order.refunded, order.currency),
                Notes: order.notes,
              };
              rows.push(j === 0 ? { ...head, ...level } : head);
              const broken = j === 0 ? name + '|' + order.notes : name;
              line += 1 + (broken.match(/\r\n|\n|\r/g)?.length ?? 0);
            });
          });
          const read_ = await read(csv(rows, { newline }));
          expect(
            read_.map((o) => [o.line, o.name, o.email, o.totalMinor, o.refundedMinor, o.createdAt.getTime()]),
          ).toEqual(
            orders.map((o, i) => [
              lines[i],
              `#${i}`,
              o.email.toLowerCase() || null,
              o.total,
              o.refunded,
              Math.floor(o.at.getTime() / 1000) * 1000,
            ]),
          );
          expect(read_.map((o) => o.lines.map((l) => l.name))).toEqual(
            orders.map((o) => o.lines.map((name) => name.trim())),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('damage is either harmless or refused with a line of the file', async () => {
    const whole = Buffer.from(
      csv([row({ Notes: 'a "b"\nc' }), row({ Name: '#2' }), row({ Name: '#3' })], { newline: '\r\n' }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 }),
        fc.nat(whole.length),
        async (hits, length) => {
          const damaged = Buffer.from(whole);
          for (const [at, byte] of hits) damaged[at] = byte;
          try {
            await read(damaged.subarray(0, length));
          } catch (error) {
            expect(error).toBeInstanceOf(ExportFileError);
            expect((error as ExportFileError).line).toBeLessThanOrEqual(9);
            expect((error as ExportFileError).reason).toMatch(/\.$/);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

function stamp(at: Date, offsetMinutes: number): string {
  const wall = new Date(at.getTime() + offsetMinutes * 60_000).toISOString();
  const size = Math.abs(offsetMinutes);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${wall.slice(0, 10)} ${wall.slice(11, 19)} ${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${two(size % 60)}`;
}
