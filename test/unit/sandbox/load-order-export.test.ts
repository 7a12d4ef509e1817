import { afterAll, describe, expect, it } from 'vitest';
import { ExportFileError } from '../../../app/intake/export/export-file-error.ts';
import { BusinessClock, parseClockTime } from '../../../sandbox/clock.ts';
import { loadOrderExport } from '../../../sandbox/seed/load-order-export.ts';
import type { ExportSeed } from '../../../sandbox/seed/load-order-export.ts';
import type { Store } from '../../../sandbox/store/store.ts';
import { makeStore } from './make-store.ts';
import { arithmeticExport, exportFolder, exportRow, exportText } from './order-export-files.ts';
import type { ExportCells } from './order-export-files.ts';

const files = exportFolder();
afterAll(() => files.remove());

const BERLIN = 'Europe/Berlin';
function load(
  text: string,
  options: Omit<ExportSeed, 'orders'> & { now?: string; timeZone?: string; zipped?: boolean } = {},
): Promise<Store> {
  const { now, timeZone = BERLIN, zipped, ...seed } = options;
  const at = parseClockTime(seed.asOf ?? now ?? '2026-11-22', timeZone);
  const clock = new BusinessClock({ now: at, frozen: true });
  return loadOrderExport(makeStore(timeZone, 'USD').shop, clock, {
    orders: files.write(text, zipped),
    ...seed,
  });
}
const loadRows = (rows: ExportCells[], options: Parameters<typeof load>[1] = { asRecorded: true }) =>
  load(exportText(rows.map(exportRow)), options);
const first = (store: Store) => [...store.orders()][0];
const net = (order: { receivedMinor: number; refundedMinor: number } | undefined) =>
  (order?.receivedMinor ?? Number.NaN) - (order?.refundedMinor ?? 0);

describe('the arithmetic store', () => {
  it('is 200 customers, 320 orders and 26,500.00 EUR', async () => {
    const store = await load(arithmeticExport(), { asRecorded: true, asOf: '2026-11-22', zipped: true });
    expect([store.customerCount(), store.orderCount(), store.productCount(), store.laterOrders]).toEqual([
      200, 320, 2, 0,
    ]);
    const orders = [...store.orders()];
    expect(orders.reduce((sum, order) => sum + net(order), 0)).toBe(2_650_000);
    expect(store.shop).toMatchObject({ currency: 'EUR', countryCode: 'DE' });
    const counts = [...store.customers()].map((customer) => store.ordersOf(customer.id).length);
    expect([1, 2, 3].map((count) => counts.filter((one) => one === count).length)).toEqual([120, 40, 40]);
    expect(
      [...store.customers()].filter((one) => one.emailMarketing?.state === 'NOT_SUBSCRIBED'),
    ).toHaveLength(50);
    const c005 = store.customerByEmail('C005@example.com');
    expect(store.ordersOf(c005?.id ?? '').map((order) => order.processedAt)).toEqual([
      '2026-10-03T10:00:00.000Z',
      '2026-10-23T10:00:00.000Z',
      '2026-11-12T11:00:00.000Z',
    ]);
  });

  it('as of an earlier day leaves later orders out, and customers who have only such', async () => {
    const store = await load(arithmeticExport(), { asRecorded: true, asOf: '2026-10-31' });
    // Orders within 21 days of 22 November: one each of c001 ... c010, no second one.
    expect(store.laterOrders).toBe(10);
    expect(store.orderCount()).toBe(310);
    expect(store.customerCount()).toBe(200 - 6); // c001, c005, c006 and c010 have earlier orders
    expect(store.customerByEmail('c002@example.com')).toBeUndefined();
    expect(store.customerByEmail('c010@example.com')).toBeDefined();
  });
});

describe('the shift in time', () => {
  const rows = [
    { Name: '#1', 'Created at': '2020-03-28 23:30:00 +0100' },
    { Name: '#2', 'Created at': '2020-03-29 09:15:00 +0200', 'Cancelled at': '2020-03-29 10:00:00 +0200' },
  ];

  it('puts the newest order on yesterday, by whole local days, the time of day kept', async () => {
    const store = await loadRows(rows, { now: '2026-11-22T23:30:00+01:00' });
    const [one, two] = [...store.orders()];
    expect(one?.processedAt).toBe('2026-11-20T22:30:00.000Z'); // 23:30 in Berlin
    expect(two?.processedAt).toBe('2026-11-21T08:15:00.000Z'); // 09:15
    expect(two?.cancelledAt).toBe('2026-11-21T09:00:00.000Z');
  });

  it("means the shop's yesterday, not that of the machine", async () => {
    const store = await loadRows(rows, { now: '2026-11-22T23:30:00Z', timeZone: BERLIN });
    expect([...store.orders()][1]?.processedAt).toBe('2026-11-22T08:15:00.000Z');
  });

  it('does not happen as recorded', async () => {
    const store = await loadRows(rows);
    expect(first(store)?.processedAt).toBe('2020-03-28T22:30:00.000Z');
  });
});

describe('an order of an export', () => {
  it('takes what was received, refunded and outstanding from its row', async () => {
    const store = await loadRows([
      {
        Name: '#1',
        Total: '100.00',
        'Outstanding Balance': '30.00',
        'Refunded Amount': '20.00',
        'Financial Status': 'partially_refunded',
      },
      { Name: '#2', Total: '100.00', 'Refunded Amount': '100.00', 'Financial Status': 'refunded' },
      { Name: '#3', Total: '100.00', 'Refunded Amount': '120.00', 'Financial Status': 'refunded' },
      { Name: '#4', Total: '100.00', 'Outstanding Balance': '', 'Refunded Amount': '' },
      { Name: '#5', Total: '100.00', 'Outstanding Balance': '0.00', 'Financial Status': 'authorized' },
      { Name: '#6', Total: '100.00', 'Outstanding Balance': '100.00', 'Financial Status': 'pending' },
    ]);
    const orders = [...store.orders()];
    expect(orders.map(net)).toEqual([5000, 0, -2000, 10_000, 0, 0]);
    expect(orders.map((order) => order.currentTotalMinor)).toEqual([8000, 0, -2000, 10_000, 10_000, 10_000]);
    for (const order of orders) {
      expect(order.currentTotalMinor - order.outstandingMinor).toBe(net(order));
    }
    expect(orders[1]?.refunds).toHaveLength(1);
    expect(orders[1]?.lines[0]?.currentQuantity).toBe(0);
    expect(orders[0]?.refunds[0]).toMatchObject({ totalMinor: 2000, lines: [] });
    expect(orders[0]?.lines[0]?.currentQuantity).toBe(1);
    expect(orders.map((order) => order.financialStatus)).toEqual([
      'PARTIALLY_REFUNDED', 'REFUNDED', 'REFUNDED', 'PAID', 'AUTHORIZED', 'PENDING',
    ]); // prettier-ignore
  });

  it('belongs to the customer of its e-mail address, or to nobody', async () => {
    const store = await loadRows([
      {
        Name: '#1',
        Email: ' Anna@Example.com',
        'Accepts Marketing': 'yes',
        'Created at': '2026-01-01 12:00:00 +0000',
      },
      { Name: '#2', Email: '' },
      {
        Name: '#3',
        Email: 'anna@example.COM ',
        'Accepts Marketing': 'no',
        'Created at': '2026-02-01 12:00:00 +0000',
      },
    ]);
    expect(store.customerCount()).toBe(1);
    const anna = store.customerByEmail('anna@example.com');
    expect(anna).toMatchObject({
      createdAt: '2026-01-01T12:00:00.000Z',
      emailMarketing: { state: 'NOT_SUBSCRIBED' },
      address: { countryCode: 'DE' },
      tags: [],
    });
    const guests = [...store.orders()].filter((order) => order.customerId === null);
    expect(guests.map((order) => order.name)).toEqual(['#2']);
    expect(store.ordersOf(anna?.id ?? '')).toHaveLength(2);
  });

  it('keeps its id and number where they can be kept', async () => {
    const store = await loadRows([
      { Name: '#7', Id: '8123456789012' },
      { Name: '#8', Id: '' },
      { Name: 'EXCHANGE', Id: '8123456789012' },
    ]);
    const [seven, eight, exchange] = [...store.orders()];
    expect(seven).toMatchObject({ id: '8123456789012', number: 7 });
    expect(eight?.number).toBe(8);
    expect(exchange?.number).toBeGreaterThan(8);
    expect(new Set([...store.orders()].map(({ id }) => id)).size).toBe(3);
    expect(store.newOrderNumber()).toBeGreaterThan(exchange?.number ?? Infinity);
  });

  it('has products by SKU, else by name, else none', async () => {
    const line = (cells: ExportCells): ExportCells => ({ Name: '#1', Email: 'anna@example.com', 'Lineitem quantity': '2', 'Lineitem price': '1.00', ...cells }); // prettier-ignore
    const text = exportText([
      exportRow({ Name: '#1', 'Lineitem sku': 'A', 'Lineitem name': 'First name' }),
      line({ 'Lineitem sku': 'A', 'Lineitem name': 'Second name' }),
      line({ 'Lineitem name': 'No sku' }),
      line({ 'Lineitem name': 'No sku' }),
      line({ 'Lineitem name': '' }),
    ]);
    const store = await load(text, { asRecorded: true });
    expect([...store.products()].map(({ title }) => title)).toEqual(['First name', 'No sku']);
    const lines = first(store)?.lines ?? [];
    expect(lines.map(({ title }) => title)).toEqual(['First name', 'Second name', 'No sku', 'No sku', '']);
    expect(lines[0]?.variantId).toBe(lines[1]?.variantId);
    expect(lines[4]).toMatchObject({ productId: null, variantId: null, quantity: 2 });
  });
});

describe('a bad file', () => {
  const failure = (text: string) => load(text, { asRecorded: true }).then(
    () => undefined,
    (error: unknown) => error,
  ); // prettier-ignore

  it('of two currencies names the first order in the rarer one', async () => {
    const row = (name: string, Currency: string) => exportRow({ Name: name, Currency });
    const text = exportText([row('#1', 'USD'), row('#2', 'EUR'), row('#3', 'USD'), row('#4', 'GBP')]);
    const error = await failure(text);
    expect(error).toBeInstanceOf(ExportFileError);
    expect(error).toMatchObject({ line: 3, reason: expect.stringContaining('EUR') });
  });

  it('is refused with its line, and no store exists', async () => {
    const text = exportText([exportRow({ Name: '#1' }), exportRow({ Name: '#2', Total: 'lots' })]);
    expect(await failure(text)).toMatchObject({ line: 3 });
    expect(await failure('a,b\n1,2\n')).toBeInstanceOf(ExportFileError);
    expect(await failure('')).toBeInstanceOf(ExportFileError);
  });
});
