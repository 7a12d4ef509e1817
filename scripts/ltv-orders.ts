/** An order export -> the purchase days of each customer, by the policy of what counts as an order. */
import type { ExportOrder } from '../app/intake/export/export-order.ts';
import { readOrderExport } from '../app/intake/export/read-order-export.server.ts';
import { countExportOrder } from '../app/intake/normalise/order-export.ts';
import { localDateOf } from '../app/local-date.ts';
import { currencyExponent } from '../app/money.ts';
import { RENEWAL_SOURCE } from '../app/value/models/renewals.ts';
import { dayNumberOf, PurchaseLog, type DayNumber } from '../app/value/models/purchase-history.ts';
import type { LtvCustomer } from '../app/value/models/take-sample.ts';

export interface CountedOrders {
  /** By e-mail address, in alphabetical order. */
  customers: LtvCustomer[];
  /** Orders that count and have a customer. */
  orders: number;
  /** Orders that would count but have no e-mail address. */
  guestOrders: number;
  /** Days of the first and last of `orders`; undefined when there are none. */
  span: { from: DayNumber; to: DayNumber } | undefined;
  /** The currency most orders are in; amounts in others are not added. */
  currency: string | null;
  warnings: string[];
}

/** Columns without which refunds, open sums or cancellations would be overlooked. */
const TELLING = ['Refunded Amount', 'Outstanding Balance', 'Cancelled at'] as const;

/** Stands for bytes that are no UTF-8. */
const UNREADABLE = '\uFFFD';

/** @throws ExportFileError */
export async function readCountedOrders(
  file: string,
  { timeZone, countZeroOrders }: { timeZone: string; countZeroOrders: boolean },
): Promise<CountedOrders> {
  const counted: { email: string; day: DayNumber; minor: number; currency: string }[] = [];
  const currencies = new Map<string, number>();
  const missing: string[] = [];
  const dayOf = dayReader(timeZone);
  let [guestOrders, zeroOrders, renewals, garbled, all] = [0, 0, 0, 0, 0];

  const onColumns = (columns: { missing: readonly string[] }) =>
    void missing.push(...TELLING.filter((column) => columns.missing.includes(column)));
  for await (const order of readOrderExport(file, { onColumns })) {
    all += 1;
    const { counted: counts, zero, spentMinor } = countExportOrder(order);
    if (zero && !countZeroOrders) zeroOrders += 1;
    if (!counts && !(zero && countZeroOrders)) continue;
    if (order.email === null) {
      guestOrders += 1;
      continue;
    }
    if (order.source === RENEWAL_SOURCE) renewals += 1;
    if (order.email.includes(UNREADABLE)) garbled += 1;
    counted.push({
      email: order.email,
      day: dayOf(order),
      minor: Number(spentMinor),
      currency: order.currency,
    });
    currencies.set(order.currency, (currencies.get(order.currency) ?? 0) + 1);
  }

  const [main, ...others] = [...currencies].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const currency = main?.[0] ?? null;
  const unit = 10 ** currencyExponent(currency ?? 'USD');
  const logs = new Map<string, PurchaseLog>();
  let [from, to] = [Infinity, -Infinity];
  for (const order of counted) {
    const log = logs.get(order.email) ?? new PurchaseLog();
    logs.set(order.email, log);
    log.add(order.day, order.currency === currency ? order.minor : null);
    from = Math.min(from, order.day);
    to = Math.max(to, order.day);
  }

  const warnings = [
    ...missing.map((column) => `The file has no column "${column}": it is taken as empty for every order.`),
    ...others.map(
      ([other, n]) =>
        `In ${other}, not ${currency}: ${orders(n)}. They count as orders, their amounts do not (there is no rate).`,
    ),
  ];
  if (guestOrders > 0) {
    warnings.push(
      `Left out: ${orders(guestOrders)} of ${all} without an e-mail address, which belong to no customer.`,
    );
  }
  if (renewals > counted.length / 10) {
    warnings.push(
      `Among them are ${orders(renewals)} that a subscription renewed by contract: the models, which suppose that people order by choice, do not apply to those.`,
    );
  }
  if (garbled > 0) {
    warnings.push(
      `The file is not in UTF-8: ${orders(garbled)} have an e-mail address with characters that cannot be read, and different people may be taken for one.`,
    );
  }
  if (zeroOrders > 0) {
    warnings.push(`Left out: ${orders(zeroOrders)} with a total of 0 (--zero-orders count counts them).`);
  }
  return {
    customers: [...logs]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, log]) => {
        const { days, amounts } = log.close();
        return {
          name,
          purchases: { days, amounts: amounts.map((minor) => (minor === null ? null : minor / unit)) },
        };
      }),
    orders: counted.length,
    guestOrders,
    span: from <= to ? { from: from as DayNumber, to: to as DayNumber } : undefined,
    currency,
    warnings,
  };
}

/**
 * The local day of an order. Offsets of time zones are whole quarters of an hour (since 1972), so every instant of
 * a quarter is on one local day, and each quarter is looked up once.
 */
function dayReader(timeZone: string): (order: ExportOrder) => DayNumber {
  const QUARTER = 15 * 60_000;
  const known = new Map<number, DayNumber>();
  return ({ createdAt }) => {
    const at = createdAt.getTime();
    const key = at < 63_072_000_000 ? at + 0.5 : Math.floor(at / QUARTER);
    let day = known.get(key);
    if (day === undefined) {
      day = dayNumberOf(localDateOf(createdAt, timeZone));
      known.set(key, day);
    }
    return day;
  };
}

function orders(count: number): string {
  return `${count} ${count === 1 ? 'order' : 'orders'}`;
}
