/** Small random stores over every status and date, for tests that compare two ways to the same end. */
import fc from 'fast-check';
import { addDays, atHour, type LocalDate } from '../../app/local-date.ts';
import type { CustomerRow, OrderRow } from './insert-facts.ts';

export interface RandomStore {
  customers: CustomerRow[];
  orders: OrderRow[];
}

export function arbitraryCustomerRow(
  id: string,
  today: LocalDate,
  timeZone: string,
): fc.Arbitrary<CustomerRow> {
  return fc.record({
    id: fc.constant(id),
    createdAt: fc.nat(600).map((days) => atHour(addDays(today, -days), 1, timeZone)),
    tags: fc.constantFrom<string[]>([], [], [], ['staff'], ['friend']),
    emailConsent: fc.constantFrom(null, 'SUBSCRIBED', 'NOT_SUBSCRIBED', 'UNSUBSCRIBED'),
    smsConsent: fc.constantFrom(null, 'SUBSCRIBED', 'NOT_SUBSCRIBED'),
    countryCode: fc.constantFrom(null, 'DE', 'AT', 'FR'),
  });
}

export function arbitraryOrderRow(
  id: string,
  customers: number,
  today: LocalDate,
  timeZone: string,
): fc.Arbitrary<OrderRow> {
  return fc.record({
    id: fc.constant(id),
    customerId: fc.integer({ min: 1, max: customers }).map(String),
    processedAt: fc
      .tuple(fc.nat(400), fc.nat(23))
      .map(([days, hour]) => atHour(addDays(today, -days), hour, timeZone)),
    financialStatus: fc.constantFrom('PAID', 'PAID', 'PAID', 'PENDING', 'REFUNDED', 'AUTHORIZED', 'VOIDED'),
    totalMinor: fc.constantFrom(0, 1_000, 2_500, 5_000, 5_000, 20_000),
    refundedMinor: fc.constantFrom(0, 0, 0, 500),
    cancelledAt: fc.constantFrom(null, null, null, new Date('2026-01-01T00:00:00Z')),
  });
}

export function arbitraryStore(
  today: LocalDate,
  timeZone: string,
  size: { customers: number; orders: number },
): fc.Arbitrary<RandomStore> {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));
  return fc.record({
    customers: fc.tuple(...ids(size.customers).map((id) => arbitraryCustomerRow(id, today, timeZone))),
    orders: fc.tuple(...ids(size.orders).map((id) => arbitraryOrderRow(id, size.customers, today, timeZone))),
  });
}
