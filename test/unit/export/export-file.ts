/** Order exports for tests: the text of a file from what matters in a row, and its orders as read. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExportOrder } from '../../../app/intake/export/export-order.ts';
import { readOrderExport } from '../../../app/intake/export/read-order-export.server.ts';

export const HEADER = [
  'Name', 'Email', 'Financial Status', 'Paid at', 'Accepts Marketing', 'Currency', 'Subtotal', 'Shipping', 'Taxes', 'Total',
  'Discount Code', 'Discount Amount', 'Created at', 'Lineitem quantity', 'Lineitem name', 'Lineitem price', 'Lineitem sku',
  'Billing City', 'Billing Province', 'Billing Country', 'Billing Zip', 'Shipping Country', 'Notes', 'Cancelled at', 'Refunded Amount',
  'Vendor', 'Outstanding Balance', 'Id', 'Tags', 'Source', 'Location', 'Lineitem discount',
]; // prettier-ignore

export type Row = Record<string, string>;

/** A paid order of one line; anything may be replaced. */
export function row(values: Row = {}): Row {
  return {
    Name: '#1001',
    Email: 'ann@example.com',
    'Financial Status': 'paid',
    Currency: 'EUR',
    Total: '50.00',
    'Created at': '2025-10-02 17:09:34 -0300',
    'Lineitem quantity': '1',
    'Lineitem name': 'T-shirt',
    'Lineitem price': '50.00',
    ...values,
  };
}

export function csv(
  rows: readonly Row[],
  { header = HEADER, newline = '\n' }: { header?: readonly string[]; newline?: string } = {},
): string {
  const lines = [header, ...rows.map((values) => header.map((column) => values[column] ?? ''))];
  return lines.map((fields) => fields.map(field).join(',') + newline).join('');
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export async function withFile<T>(content: string | Buffer, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'export-'));
  try {
    const file = path.join(folder, 'orders.csv');
    await writeFile(file, content);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export function read(content: string | Buffer): Promise<ExportOrder[]> {
  return withFile(content, (file) => Array.fromAsync(readOrderExport(file)));
}
