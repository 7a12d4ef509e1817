/**
 * The arithmetic store: every figure can be checked by hand. 200 customers (id k for k = 1 ... 200), EUR,
 * Europe/Berlin, as of 22 November 2026 at noon. Customer k last ordered 2k days before, at noon; 3 orders 20
 * days apart if k is a multiple of 5, 2 if k mod 5 = 1, else 1; each 50.00, or 400.00 if k is a multiple of 20;
 * no e-mail consent if k is a multiple of 4. All paid, nothing refunded.
 */
import type { ShopTx } from '../../app/db/tenancy.server.ts';
import { addDays, atHour, type LocalDate } from '../../app/local-date.ts';
import { putCustomers, putOrders, STATISTICS, type CustomerRow, type OrderRow } from './insert-facts.ts';

export const ARITHMETIC_TIME_ZONE = 'Europe/Berlin';
export const ARITHMETIC_DAY = '2026-11-22' as LocalDate;
export const ARITHMETIC_NOON = atHour(ARITHMETIC_DAY, 12, ARITHMETIC_TIME_ZONE);

export function arithmeticStore(): { customers: CustomerRow[]; orders: OrderRow[] } {
  const customers: CustomerRow[] = [];
  const orders: OrderRow[] = [];
  for (let k = 1; k <= 200; k++) {
    const count = k % 5 === 0 ? 3 : k % 5 === 1 ? 2 : 1;
    customers.push({ id: String(k), emailConsent: k % 4 === 0 ? 'NOT_SUBSCRIBED' : 'SUBSCRIBED' });
    for (let i = 0; i < count; i++) {
      const on = addDays(ARITHMETIC_DAY, -2 * k - 20 * i);
      orders.push({
        id: String(k * 10 + i),
        customerId: String(k),
        processedAt: atHour(on, 12, ARITHMETIC_TIME_ZONE),
        totalMinor: k % 20 === 0 ? 40_000 : 5_000,
      });
    }
  }
  return { customers, orders };
}

export async function insertArithmeticStore(tx: ShopTx): Promise<void> {
  const { customers, orders } = arithmeticStore();
  await putCustomers(tx, customers);
  await putOrders(tx, orders);
  await tx.query(STATISTICS);
}
