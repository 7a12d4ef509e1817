/**
 * What counts as an order, once more and by other means: plain TypeScript, one order at a time, written from the
 * policy's words. Only tests use it, to hold the SQL to.
 */
import type { OrderPolicy } from '../../app/history/order-policy.ts';
import { daysBetween, localDateOf, type LocalDate } from '../../app/local-date.ts';
import type { CustomerRow, OrderRow } from './insert-facts.ts';

export interface Judged {
  leftOut: boolean;
  activity: boolean;
  counted: boolean;
  fullyRefunded: boolean;
  spent: number;
}

const has = (tags: readonly string[] | undefined, wanted: readonly string[]) =>
  (tags ?? []).some((tag) => wanted.some((other) => other.toLowerCase() === tag.toLowerCase()));

export function judge(order: OrderRow, policy: OrderPolicy, shopCurrency: string): Judged {
  const status = order.financialStatus === undefined ? 'PAID' : order.financialStatus;
  const total = order.totalMinor ?? 5_000;
  const currentTotal = order.currentTotalMinor ?? total;
  const refunded = order.refundedMinor ?? 0;
  const unpaid = status === 'PENDING' || status === 'AUTHORIZED';
  const net = order.netPaymentMinor ?? (unpaid ? 0 : total - refunded);
  const received = net + refunded;

  const leftOut =
    (policy.companyOrders === 'leave_out' && order.companyOrder === true) ||
    has(order.tags, policy.leaveOutOrderTags) ||
    policy.leaveOutChannels.some((name) => name.toLowerCase() === order.sourceName?.toLowerCase()) ||
    holdsLeftOutProduct(order, policy);
  const dead =
    Boolean(order.deletedAt) ||
    Boolean(order.cancelledAt) ||
    order.test === true ||
    status === 'VOIDED' ||
    status === 'EXPIRED';
  const activity = !dead && !leftOut;
  const allBack = status === 'REFUNDED' || (refunded >= received && received > 0);
  const counts = ['PAID', 'PARTIALLY_PAID', 'PARTIALLY_REFUNDED', 'AUTHORIZED'].includes(status ?? '');
  const counted = activity && counts && (total > 0 || currentTotal > 0) && !allBack;
  const paid = status === 'AUTHORIZED' ? currentTotal : received - refunded;
  const worth =
    (policy.amounts === 'products' ? productPart(paid, currentTotal, order) : paid) -
    (order.giftCardMinor ?? 0);
  const spent = (order.currency ?? 'EUR') === shopCurrency ? Math.max(0, worth) : 0;
  return { leftOut, activity, counted, fullyRefunded: activity && allBack, spent };
}

function holdsLeftOutProduct({ lines = [] }: OrderRow, policy: OrderPolicy): boolean {
  const held = lines.map(({ productId }) => policy.leaveOutProducts.includes(productId ?? ''));
  return held.includes(true) && (policy.productOrders === 'any' || !held.includes(false));
}

/** What was paid for products, without tax and shipping; half a unit is rounded away from zero. */
function productPart(paid: number, currentTotal: number, order: OrderRow): number {
  const { subtotalMinor: subtotal = 0, taxMinor: tax = 0, shippingMinor: shipping = 0 } = order;
  const taxOnTop = subtotal + shipping + tax <= currentTotal;
  const products = taxOnTop ? subtotal : subtotal - (tax * subtotal) / Math.max(1, subtotal + shipping);
  const part = (paid * products) / Math.max(1, currentTotal);
  return Math.sign(part) * Math.round(Math.abs(part));
}

export interface OracleProfile {
  orders: number;
  spent: number;
  biggest: number;
  firstOn: LocalDate | null;
  lastOn: LocalDate | null;
  activityOrders: number;
  lastActivityOn: LocalDate | null;
  fullyRefunded: number;
  leftOut: boolean;
  /** Days between consecutive local days with a counted order. */
  gaps: number[];
}

export function profileOf(
  customer: CustomerRow,
  orders: readonly OrderRow[],
  policy: OrderPolicy,
  timeZone: string,
  shopCurrency = 'EUR',
): OracleProfile {
  const own = orders
    .filter((order) => order.customerId === customer.id)
    .map((order) => ({ on: localDateOf(order.processedAt, timeZone), ...judge(order, policy, shopCurrency) }))
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  const counted = own.filter((order) => order.counted);
  const active = own.filter((order) => order.activity);
  const days = [...new Set(counted.map((order) => order.on))];
  return {
    orders: counted.length,
    spent: counted.reduce((sum, order) => sum + order.spent, 0),
    biggest: Math.max(0, ...counted.map((order) => order.spent)),
    firstOn: counted[0]?.on ?? null,
    lastOn: counted.at(-1)?.on ?? null,
    activityOrders: active.length,
    lastActivityOn: active.at(-1)?.on ?? null,
    fullyRefunded: own.filter((order) => order.fullyRefunded).length,
    leftOut: has(customer.tags, policy.leaveOutCustomerTags),
    gaps: days.slice(1).map((day, i) => daysBetween(days[i] as LocalDate, day)),
  };
}

/** R's type 7 quantile, written from its definition. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const h = (sorted.length - 1) * p;
  const below = Math.floor(h);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? NaN;
  return low + (h - below) * (high - low);
}
