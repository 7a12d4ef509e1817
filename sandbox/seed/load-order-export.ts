/**
 * A store from Shopify's "Export orders" CSV. The row's Total, Outstanding Balance and Refunded Amount are the
 * truth: received = Total - Outstanding, so that received - refunded is what the customer spent; an authorised
 * order has received nothing yet and counts its Total as it stands. An export has no mark for gift cards, tests
 * or company buyers, so no line is one. Everything is read before the store exists: never half a store.
 */
import { ExportFileError, readOrderExport } from '../../app/intake/export/read-order-export.server.ts';
import type { ExportOrder, ExportOrderLine } from '../../app/intake/export/export-order.ts';
import { daysBetween, parseLocalDate } from '../../app/local-date.ts';
import type { LocalDate } from '../../app/local-date.ts';
import { sortTags, splitTags } from '../acts/change-tags.ts';
import type { BusinessClock } from '../clock.ts';
import type { SandboxCustomer, SandboxOrder, SandboxOrderLine, SandboxShop } from '../store/model.ts';
import { Store } from '../store/store.ts';
import { ProductShelf } from './export-products.ts';
import { LocalTime } from './local-time.ts';

export interface ExportSeed {
  orders: string;
  asRecorded?: boolean;
  asOf?: string;
}

/** @throws ExportFileError with the line and the reason */
export async function loadOrderExport(
  shop: SandboxShop,
  clock: BusinessClock,
  seed: ExportSeed,
): Promise<Store> {
  const read: ExportOrder[] = [];
  for await (const order of readOrderExport(seed.orders)) read.push(order);
  const currency = oneCurrency(read) ?? shop.currency;

  const local = new LocalTime(shop.ianaTimezone);
  const today = local.dayOf(clock.now().getTime());
  const days = seed.asRecorded ? 0 : shiftOf(read, local, today);
  const moved = days === 0 ? read : read.map((order) => moveOrder(order, local, days));
  const lastDay = seed.asOf === undefined ? Infinity : dayNumber(seed.asOf);
  const kept = moved.filter((order) => local.dayOf(order.createdAt.getTime()) <= lastDay);

  const store = new Store(
    { ...shop, currency, countryCode: mostFrequent(kept, countryOf) ?? shop.countryCode },
    clock,
  );
  store.laterOrders = moved.length - kept.length;
  fill(store, kept);
  return store;
}

function fill(store: Store, orders: readonly ExportOrder[]): void {
  const loadedAt = store.clock.machineNow().toISOString();
  const shelf = new ProductShelf(store, loadedAt);
  const inTime = orders.toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || a.line - b.line);
  const customers = putCustomers(store, inTime, loadedAt);
  const locations = new Map<string, string>();
  const locationOf = (name: string | null) => {
    if (name === null) return null;
    const id = locations.get(name) ?? store.newId('other');
    locations.set(name, id);
    return { id, name };
  };
  const idOf = orderIds(store, inTime);
  const numbers = orderNumbers(inTime);
  for (const order of inTime) {
    store.putOrder({
      ...toOrder(store, order, shelf, loadedAt),
      location: locationOf(order.location),
      id: idOf(order),
      number: numbers.get(order) ?? 0,
      customerId: order.email === null ? null : (customers.get(order.email) ?? null),
    });
  }
}

/** One customer per e-mail address; the newest order says what is known of them. */
function putCustomers(store: Store, inTime: readonly ExportOrder[], loadedAt: string): Map<string, string> {
  const first = new Map<string, ExportOrder>();
  const last = new Map<string, ExportOrder>();
  for (const order of inTime) {
    if (order.email === null) continue;
    if (!first.has(order.email)) first.set(order.email, order);
    last.set(order.email, order);
  }
  const ids = new Map<string, string>();
  for (const [email, firstOrder] of first) {
    const newest = last.get(email) ?? firstOrder;
    const id = store.newId('customer');
    ids.set(email, id);
    const subscribed = newest.acceptsMarketing;
    store.putCustomer({
      id,
      firstName: null,
      lastName: null,
      email,
      phone: null,
      note: null,
      state: 'DISABLED',
      verifiedEmail: true,
      taxExempt: false,
      locale: 'en',
      createdAt: firstOrder.createdAt.toISOString(),
      updatedAt: loadedAt,
      address:
        newest.countryCode === null
          ? null
          : {
              address1: null,
              city: newest.city,
              provinceCode: newest.provinceCode,
              countryCode: newest.countryCode,
              zip: newest.zip,
            },
      emailMarketing: {
        state: subscribed ? 'SUBSCRIBED' : 'NOT_SUBSCRIBED',
        optInLevel: subscribed ? 'SINGLE_OPT_IN' : null,
        updatedAt: loadedAt,
      },
      smsMarketing: null,
      tags: [],
      mergedInto: null,
    } satisfies SandboxCustomer);
  }
  return ids;
}

function toOrder(
  store: Store,
  order: ExportOrder,
  shelf: ProductShelf,
  loadedAt: string,
): Omit<SandboxOrder, 'id' | 'number' | 'customerId'> {
  const total = Number(order.totalMinor);
  const refunded = Number(order.refundedMinor);
  const authorised = order.financialStatus === 'authorized';
  const outstanding = authorised ? total - refunded : Number(order.outstandingMinor);
  const received = authorised ? refunded : total - outstanding;
  const returned = order.financialStatus === 'refunded' || (refunded > 0 && refunded >= total);
  const createdAt = order.createdAt.toISOString();
  const lines = order.lines.map((line) => toLine(store, line, shelf, order, returned));
  return {
    name: order.name,
    email: order.email,
    createdAt,
    processedAt: createdAt,
    updatedAt: loadedAt,
    cancelledAt: order.cancelledAt?.toISOString() ?? null,
    cancelReason: order.cancelledAt ? 'OTHER' : null,
    test: false,
    confirmed: true,
    financialStatus: order.financialStatus.toUpperCase() as SandboxOrder['financialStatus'],
    fulfillmentStatus: fulfilment(order.fulfillmentStatus),
    currency: store.shop.currency,
    presentmentCurrency: store.shop.currency,
    presentmentRate: 1,
    subtotalMinor: Number(order.subtotalMinor),
    shippingMinor: Number(order.shippingMinor),
    taxMinor: Number(order.taxesMinor),
    discountMinor: Number(order.discountMinor),
    tipMinor: 0,
    totalMinor: total,
    currentTotalMinor: received - refunded + outstanding,
    receivedMinor: received,
    refundedMinor: refunded,
    outstandingMinor: outstanding,
    sourceName: order.source ?? 'web',
    tags: sortTags(splitTags(order.tags)),
    discountCodes: order.discountCode ? [order.discountCode] : [],
    note: null,
    company: false,
    journey: null,
    lines,
    refunds: refunded > 0 ? [refundOf(store, createdAt, refunded, returned ? lines : [])] : [],
  };
}

function toLine(
  store: Store,
  line: ExportOrderLine,
  shelf: ProductShelf,
  order: ExportOrder,
  returned: boolean,
): SandboxOrderLine {
  const { productId, variantId } = shelf.find(line, order.createdAt);
  return {
    id: store.newId('other'),
    productId,
    variantId,
    title: line.name,
    sku: line.sku || null,
    vendor: line.vendor || null,
    quantity: line.quantity,
    currentQuantity: returned ? 0 : line.quantity,
    priceMinor: Number(line.priceMinor),
    discountMinor: Number(line.discountMinor),
    giftCard: false,
  };
}

/** An export does not say when: the refund has the order's own time, where it counts. */
function refundOf(store: Store, at: string, totalMinor: number, lines: SandboxOrderLine[]) {
  return {
    id: store.newId('other'),
    createdAt: at,
    processedAt: at,
    totalMinor,
    note: null,
    lines: lines.map((line) => ({
      id: store.newId('other'),
      lineItemId: line.id,
      quantity: line.quantity,
      subtotalMinor: line.priceMinor * line.quantity - line.discountMinor,
    })),
  };
}

function fulfilment(text: string): SandboxOrder['fulfillmentStatus'] {
  if (text === 'fulfilled') return 'FULFILLED';
  return text === 'partial' || text === 'partially_fulfilled' ? 'PARTIALLY_FULFILLED' : 'UNFULFILLED';
}

/** The export's own ids where they are there and not repeated; ids made here never meet them. */
function orderIds(store: Store, orders: readonly ExportOrder[]): (order: ExportOrder) => string {
  const owners = new Map<string, ExportOrder>();
  for (const order of orders) if (order.id !== null && !owners.has(order.id)) owners.set(order.id, order);
  store.reserveIds('order', owners.keys());
  return (order) => (order.id !== null && owners.get(order.id) === order ? order.id : store.newId('order'));
}

/** The number in the name ("#1001"); a name without one, or a repeated one, gets the next free number. */
function orderNumbers(orders: readonly ExportOrder[]): Map<ExportOrder, number> {
  const numbers = new Map<ExportOrder, number>();
  const taken = new Set<number>();
  let highest = 1000;
  for (const order of orders) {
    const number = Number(/(\d{1,9})(?!.*\d)/.exec(order.name)?.[1] ?? Number.NaN);
    if (Number.isNaN(number) || taken.has(number)) continue;
    taken.add(number);
    numbers.set(order, number);
    highest = Math.max(highest, number);
  }
  for (const order of orders) if (!numbers.has(order)) numbers.set(order, ++highest);
  return numbers;
}

/** A shop has one currency: the export's most frequent. @throws ExportFileError at the first row of another */
function oneCurrency(orders: readonly ExportOrder[]): string | undefined {
  const currency = mostFrequent(orders, (order) => order.currency);
  const stranger = orders.find((order) => order.currency !== currency);
  if (stranger && currency !== undefined) {
    throw new ExportFileError(
      stranger.line,
      `the order is in ${stranger.currency}, but this store's orders are in ${currency}`,
    );
  }
  return currency;
}

function mostFrequent(
  orders: readonly ExportOrder[],
  value: (order: ExportOrder) => string | null,
): string | undefined {
  const counts = new Map<string, number>();
  for (const order of orders) {
    const found = value(order);
    if (found !== null) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  let best: [string, number] | undefined;
  for (const entry of counts) if (!best || entry[1] > best[1]) best = entry;
  return best?.[0];
}

function countryOf(order: ExportOrder): string | null {
  return order.countryCode;
}

/** Whole local days that put the newest order on yesterday. */
function shiftOf(orders: readonly ExportOrder[], local: LocalTime, today: number): number {
  let newest = -Infinity;
  for (const order of orders) newest = Math.max(newest, order.createdAt.getTime());
  return newest === -Infinity ? 0 : today - 1 - local.dayOf(newest);
}

function moveOrder(order: ExportOrder, local: LocalTime, days: number): ExportOrder {
  const move = (at: Date) => new Date(local.shift(at.getTime(), days));
  return {
    ...order,
    createdAt: move(order.createdAt),
    paidAt: order.paidAt && move(order.paidAt),
    cancelledAt: order.cancelledAt && move(order.cancelledAt),
  };
}

function dayNumber(date: string): number {
  const parsed = parseLocalDate(date);
  if (!parsed) throw new Error(`${date} is not a date`);
  return daysBetween('1970-01-01' as LocalDate, parsed);
}
