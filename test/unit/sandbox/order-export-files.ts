/** Order exports written for a test: the arithmetic store, and rows with what a test names. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { addDays, atHour } from '../../../app/local-date.ts';
import type { LocalDate } from '../../../app/local-date.ts';

const COLUMNS = [
  'Name', 'Email', 'Financial Status', 'Paid at', 'Fulfillment Status', 'Accepts Marketing', 'Currency', 'Subtotal', 'Shipping', 'Taxes',
  'Total', 'Discount Code', 'Discount Amount', 'Created at', 'Lineitem quantity', 'Lineitem name', 'Lineitem price', 'Lineitem sku',
  'Lineitem discount', 'Billing City', 'Billing Province', 'Billing Country', 'Shipping Country', 'Cancelled at', 'Refunded Amount', 'Vendor',
  'Outstanding Balance', 'Id', 'Tags', 'Source',
] as const; // prettier-ignore

export type ExportCells = Partial<Record<(typeof COLUMNS)[number], string>>;

export function exportText(rows: readonly ExportCells[]): string {
  const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = rows.map((row) => COLUMNS.map((column) => quoted(row[column] ?? '')).join(','));
  return `${[COLUMNS.join(','), ...lines].join('\n')}\n`;
}

/** One paid order of 50.00 EUR with one line, unless told otherwise. */
export function exportRow(cells: ExportCells): ExportCells {
  const total = cells.Total ?? '50.00';
  return {
    Name: '#1001',
    Email: 'anna@example.com',
    'Financial Status': 'paid',
    'Fulfillment Status': 'fulfilled',
    'Accepts Marketing': 'yes',
    Currency: 'EUR',
    Subtotal: total,
    Shipping: '0.00',
    Taxes: '0.00',
    Total: total,
    'Created at': '2026-11-01 12:00:00 +0100',
    'Lineitem quantity': '1',
    'Lineitem name': 'T-shirt',
    'Lineitem price': total,
    'Lineitem sku': 'T',
    'Lineitem discount': '0.00',
    'Billing Country': 'DE',
    'Outstanding Balance': '0.00',
    'Refunded Amount': '0.00',
    Vendor: 'Arithmetic',
    Source: 'web',
    ...cells,
  };
}

/**
 * 200 customers c001 ... c200: customer k last ordered 2k days before 2026-11-22, at noon in Berlin; 3 orders 20
 * days apart if k is a multiple of 5, 2 if k mod 5 = 1, else 1; each 50.00, or 400.00 if k is a multiple of 20;
 * no e-mail consent if k is a multiple of 4.
 */
export function arithmeticExport(): string {
  const orders: { on: LocalDate; k: number }[] = [];
  for (let k = 1; k <= 200; k += 1) {
    const count = k % 5 === 0 ? 3 : k % 5 === 1 ? 2 : 1;
    for (let back = 0; back < count; back += 1) {
      orders.push({ on: addDays('2026-11-22' as LocalDate, -2 * k - 20 * back), k });
    }
  }
  orders.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  return exportText(
    orders.map(({ on, k }, index) => {
      const summer = atHour(on, 12, 'Europe/Berlin').getUTCHours() === 10;
      return exportRow({
        Name: `#${1001 + index}`,
        Email: `c${String(k).padStart(3, '0')}@example.com`,
        Total: k % 20 === 0 ? '400.00' : '50.00',
        'Lineitem name': k % 20 === 0 ? 'Jacket' : 'T-shirt',
        'Lineitem sku': k % 20 === 0 ? 'J' : 'T',
        'Accepts Marketing': k % 4 === 0 ? 'no' : 'yes',
        'Created at': `${on} 12:00:00 ${summer ? '+0200' : '+0100'}`,
        Id: String(7_000_000_000_000 + index),
      });
    }),
  );
}

/** Files in a folder of their own; `remove` when the test is done. */
export function exportFolder() {
  const folder = mkdtempSync(path.join(tmpdir(), 'regulars-export-'));
  let count = 0;
  return {
    write(text: string, zipped = false): string {
      count += 1;
      const file = path.join(folder, `orders-${count}.csv${zipped ? '.gz' : ''}`);
      writeFileSync(file, zipped ? gzipSync(text) : text);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
