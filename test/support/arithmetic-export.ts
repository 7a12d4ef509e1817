/**
 * The arithmetic store (arithmetic-store.ts) as the order export that a merchant would download: what the local
 * Shopify loads. Only the columns that the reader asks for.
 */
import { writeFileSync } from 'node:fs';
import { decimalOf } from '../../app/money.ts';
import { arithmeticStore } from './arithmetic-store.ts';

const COLUMNS = [
  'Name', 'Email', 'Financial Status', 'Accepts Marketing', 'Currency', 'Subtotal', 'Shipping', 'Taxes', 'Total',
  'Created at', 'Lineitem quantity', 'Lineitem name', 'Lineitem price', 'Lineitem sku', 'Cancelled at',
  'Refunded Amount', 'Vendor', 'Outstanding Balance', 'Id', 'Source',
] as const; // prettier-ignore

/** "c007@example.com" is customer 7. */
export function arithmeticEmail(customer: number): string {
  return `c${String(customer).padStart(3, '0')}@example.com`;
}

export function writeArithmeticExport(file: string): void {
  const { orders } = arithmeticStore();
  const rows = [...orders]
    .sort((one, other) => one.processedAt.getTime() - other.processedAt.getTime())
    .map((order, at) => {
      const customer = Number(order.customerId);
      const total = decimalOf(BigInt(order.totalMinor ?? 0), 'EUR');
      const createdAt = `${order.processedAt.toISOString().slice(0, 19).replace('T', ' ')} +0000`;
      const product = total === '400.00' ? 'Jacket' : 'T-shirt';
      return [
        `#${1001 + at}`, arithmeticEmail(customer), 'paid', customer % 4 === 0 ? 'no' : 'yes', 'EUR', total, '0.00',
        '0.00', total, createdAt, '1', product, total, product.slice(0, 1), '', '0.00', 'Arithmetic', '',
        String(7_000_000_000_000 + at), 'web',
      ]; // prettier-ignore
    });
  writeFileSync(file, [COLUMNS, ...rows].map((row) => row.join(',')).join('\n') + '\n');
}
