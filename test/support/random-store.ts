/** Small random stores over every status and date, for tests that compare two ways to the same end. */
import fc from 'fast-check';
import { addDays, atHour, type LocalDate } from '../../app/local-date.ts';
import {
  UTM_COLUMNS,
  type CustomerRow,
  type LineRow,
  type MetafieldRow,
  type OrderRow,
  type ProductRow,
} from './insert-facts.ts';

export interface RandomStore {
  customers: CustomerRow[];
  orders: OrderRow[];
  products?: ProductRow[];
  locations?: { id: string; name: string }[];
}

export function arbitraryCustomerRow(
  id: string,
  today: LocalDate,
  timeZone: string,
): fc.Arbitrary<CustomerRow> {
  return fc.record({
    id: fc.constant(id),
    createdAt: fc.nat(600).map((days) => atHour(addDays(today, -days), 1, timeZone)),
    tags: fc.constantFrom<string[]>(
      [],
      [],
      [],
      ['staff'],
      ['friend'],
      ['Friend', 'Größe'],
      ['gift', 'FRIEND'],
    ),
    emailConsent: fc.constantFrom(null, 'SUBSCRIBED', 'NOT_SUBSCRIBED', 'UNSUBSCRIBED'),
    smsConsent: fc.constantFrom(null, 'SUBSCRIBED', 'NOT_SUBSCRIBED'),
    countryCode: fc.constantFrom(null, 'DE', 'AT', 'FR'),
    provinceCode: fc.constantFrom(null, 'BE', 'CA'),
    city: fc.constantFrom(null, '', ' Berlin ', 'BERLIN', 'München', 'MÜNCHEN', 'Neu-Ulm'),
    zip: fc.constantFrom(null, '10115', '1011', '80331'),
    locale: fc.constantFrom(null, 'de', 'de-AT', 'fr'),
    state: fc.constantFrom(null, 'ENABLED', 'DISABLED', 'INVITED'),
    rfmGroup: fc.constantFrom(null, 'CHAMPIONS', 'NEW'),
    spendTier: fc.constantFrom(null, 'HIGH', 'LOW'),
    subscriberStatus: fc.constantFrom(null, 'ACTIVE', 'NEVER_SUBSCRIBED'),
    metafields: arbitraryMetafields(today),
    offersAt: fc.array(
      fc.tuple(fc.nat(400), fc.nat(23)).map(([days, hour]) => atHour(addDays(today, -days), hour, timeZone)),
      { maxLength: 3 },
    ),
  });
}

/** One of text, one of numbers, one of dates: about today, about birthdays, on leap days. */
function arbitraryMetafields(today: LocalDate): fc.Arbitrary<MetafieldRow[]> {
  const date = fc.oneof(
    fc.integer({ min: -800, max: 400 }).map((days) => addDays(today, days)),
    fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('1960-01-01' as LocalDate, days)),
    fc.constantFrom('2024-02-29' as LocalDate, '2000-02-29' as LocalDate, '1999-02-28' as LocalDate, today),
  );
  return fc
    .record({
      size: fc.option(fc.constantFrom('M', 'm', 'Größe XL', ''), { nil: null }),
      points: fc.option(
        fc.integer({ min: -200, max: 400 }).map((n) => n / 100),
        { nil: null },
      ),
      date: fc.option(date, { nil: null }),
    })
    .map(({ size, points, date }) => [
      ...(size === null ? [] : [{ key: 'facts.size', value: size }]),
      ...(points === null ? [] : [{ key: 'facts.points', value: String(points), number: points }]),
      ...(date === null ? [] : [{ key: 'facts.birthday', value: date, date }]),
    ]);
}

const PRODUCTS = ['1', '2', '3', '4'];

function arbitraryLines(): fc.Arbitrary<LineRow[]> {
  const line = fc.record({
    productId: fc.constantFrom(null, ...PRODUCTS),
    variantId: fc.constantFrom(null, '11', '12'),
    title: fc.constantFrom('Blue shirt', 'BLUE SHIRT', 'Hose'),
    sku: fc.constantFrom(null, 'A-1', 'a-1', 'B-2'),
    vendor: fc.constantFrom(null, 'Acme', 'ACME', 'Größer'),
    quantity: fc.nat(3),
    currentQuantity: fc.nat(3),
    discountedMinor: fc.constantFrom(0, 999, 1_000, 3_333),
  });
  return fc.array(line, { maxLength: 3 }).map((lines) =>
    lines.map((one, i) => ({
      ...one,
      id: String(i + 1),
      currentQuantity: Math.min(one.currentQuantity, one.quantity),
    })),
  );
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
    currency: fc.constantFrom('EUR', 'EUR', 'EUR', 'EUR', 'USD'),
    discountMinor: fc.constantFrom(0, 0, 100),
    discountCodes: fc.constantFrom<string[]>([], [], ['WELCOME'], ['welcome', 'SALE'], ['größe']),
    tags: fc.constantFrom<string[]>([], [], ['gift'], ['GIFT', 'Größe']),
    sourceName: fc.constantFrom(null, 'web', 'pos', ''),
    channel: fc.constantFrom(null, 'Online Store', 'Point of Sale'),
    staffCreated: fc.boolean(),
    locationId: fc.constantFrom(null, null, '7', '8', '9'),
    returnOpen: fc.constantFrom(null, false, true),
    disputeLost: fc.constantFrom(null, false, false, true),
    subscription: fc.constantFrom(null, null, 'first' as const, 'renewal' as const),
    firstSource: fc.constantFrom(null, 'google', 'Google', ' '),
    firstCampaign: fc.constantFrom(null, 'Summer Sale', 'winter'),
    lastSource: fc.constantFrom(null, 'google', 'email'),
    lastMedium: fc.constantFrom(null, 'cpc', 'CPC'),
    utm: arbitraryUtm,
    lines: arbitraryLines(),
  });
}

const arbitraryUtm: fc.Arbitrary<NonNullable<OrderRow['utm']>> = fc.oneof(
  fc.constant({}),
  fc
    .record(
      Object.fromEntries(
        UTM_COLUMNS.map((column) => [column, fc.constantFrom(null, ' ', 'google', 'CPC', 'Summer')]),
      ),
    )
    .map((drawn) => drawn as NonNullable<OrderRow['utm']>),
);

export function arbitraryStore(
  today: LocalDate,
  timeZone: string,
  size: { customers: number; orders: number },
): fc.Arbitrary<RandomStore> {
  const ids = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));
  return fc.record({
    customers: fc.tuple(...ids(size.customers).map((id) => arbitraryCustomerRow(id, today, timeZone))),
    orders: fc.tuple(...ids(size.orders).map((id) => arbitraryOrderRow(id, size.customers, today, timeZone))),
    products: fc.tuple(
      ...PRODUCTS.slice(1).map((id) =>
        fc.record({
          id: fc.constant(id),
          productType: fc.constantFrom('', 'Shoes', 'SHOES'),
          tags: fc.constantFrom<string[]>([], ['new'], ['NEW', 'Größe']),
          collections: fc.constantFrom<string[]>([], ['21'], ['21', '22']),
        }),
      ),
    ),
    locations: fc.constant([
      { id: '7', name: 'Berlin Mitte' },
      { id: '8', name: '' },
    ]),
  });
}
