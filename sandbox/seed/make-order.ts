/** One order of a generated store: what was bought, what it cost, how it was paid, what came back. */
import { currencyExponent } from '../../app/money.ts';
import type { Id, SandboxOrder, SandboxOrderLine, SandboxRefund, SandboxVisit } from '../store/model.ts';
import type { Catalogue } from './catalogue.ts';
import type { CustomerKind } from './people.ts';
import type { Random } from './random.ts';
import type { StoreShares } from './shares.ts';

const CODES = ['WELCOME10', 'SUMMER15', 'BLACKFRIDAY', 'THANKYOU'];
const OTHER_CURRENCIES: readonly (readonly [string, number])[] = [['EUR', 0.92], ['GBP', 0.79], ['JPY', 149.5], ['CAD', 1.36], ['USD', 1.09]]; // prettier-ignore

/** How many ids of lines and refunds one order can need: five lines, a refund, its five lines. */
export const IDS_PER_ORDER = 16;

export interface OrderPlan {
  id: Id;
  number: number;
  /** Instant, ISO. */
  at: string;
  customerId: Id | null;
  kind: CustomerKind | 'point_of_sale';
  renewal: boolean;
  test: boolean;
  /** The checkout at which a subscriber subscribed. */
  starts?: boolean;
  email: string | null;
  /** The first of its IDS_PER_ORDER ids. */
  firstId: number;
}

export interface OrderShop {
  currency: string;
  catalogue: Catalogue;
  shares: StoreShares;
  loadedAt: string;
  /** Latest business instant: refunds are never later. */
  until: number;
}

interface OrderMaker extends OrderShop {
  random: Random;
  newId(): Id;
}

/** Draws from `random`, which stands at the order's own stream. */
export function makeOrder(shop: OrderShop, random: Random, plan: OrderPlan): SandboxOrder {
  let nextId = plan.firstId;
  const maker: OrderMaker = { ...shop, random, newId: () => String(nextId++) };
  const { currency } = shop;
  const unit = 10 ** currencyExponent(currency);
  const free = plan.kind === 'staff';
  const code = free ? 'STAFF100' : random.chance(0.14) && !plan.renewal ? random.pick(CODES) : null;
  const lines = pickLines(maker, plan, unit);
  const gross = sum(lines.map((line) => line.priceMinor * line.quantity));
  const off = free ? 1 : code ? (code === 'BLACKFRIDAY' ? 0.25 : 0.1) : 0;
  for (const line of lines) line.discountMinor = Math.round(line.priceMinor * line.quantity * off);
  const discountMinor = sum(lines.map((line) => line.discountMinor));
  const subtotalMinor = gross - discountMinor;
  const noShipping = plan.kind === 'point_of_sale' || free || plan.renewal;
  const shippingMinor = noShipping || subtotalMinor > 100 * unit ? 0 : Math.round(5.9 * unit);
  const taxMinor = plan.kind === 'wholesale' || free ? 0 : Math.round(subtotalMinor * 0.08);
  const totalMinor = subtotalMinor + shippingMinor + taxMinor;
  const other = random.chance(maker.shares.otherCurrency)
    ? random.pick(OTHER_CURRENCIES.filter(([one]) => one !== currency))
    : undefined;
  const order: SandboxOrder = {
    id: plan.id,
    name: `#${plan.number}`,
    number: plan.number,
    customerId: plan.customerId,
    email: plan.email,
    createdAt: plan.at,
    processedAt: plan.at,
    updatedAt: maker.loadedAt,
    cancelledAt: null,
    cancelReason: null,
    test: plan.test,
    confirmed: true,
    financialStatus: 'PAID',
    fulfillmentStatus: 'FULFILLED',
    currency,
    presentmentCurrency: other?.[0] ?? currency,
    presentmentRate: other?.[1] ?? 1,
    subtotalMinor,
    shippingMinor,
    taxMinor,
    discountMinor,
    tipMinor: 0,
    totalMinor,
    currentTotalMinor: totalMinor,
    receivedMinor: totalMinor,
    refundedMinor: 0,
    outstandingMinor: 0,
    sourceName: sourceOf(plan),
    tags: plan.kind === 'wholesale' ? ['b2b'] : [],
    discountCodes: code ? [code] : [],
    note: null,
    company: plan.kind === 'wholesale',
    journey: plan.kind === 'point_of_sale' || plan.renewal ? null : journey(random),
    lines,
    refunds: [],
  };
  if (totalMinor > 0 && plan.kind !== 'point_of_sale') settle(maker, order);
  addWhatRulesAsk(order, plan, random);
  return order;
}

const LOCATIONS = [
  { id: '71000000001', name: 'High Street' },
  { id: '71000000002', name: 'Station Road' },
] as const;
const SELLING_PLAN = 'Delivery every month';

/** Wholesale orders are written by the staff. */
function sourceOf(plan: OrderPlan): string {
  if (plan.kind === 'point_of_sale') return 'pos';
  if (plan.renewal) return 'subscription_contract';
  return plan.kind === 'wholesale' ? 'shopify_draft_order' : 'web';
}

/** Drawn last, so that everything else of the order is as it would be without. */
function addWhatRulesAsk(order: SandboxOrder, plan: OrderPlan, random: Random): void {
  if (plan.kind === 'point_of_sale') order.location = random.pick(LOCATIONS);
  const subscribed = plan.renewal || plan.starts ? order.lines[0] : undefined;
  if (subscribed) subscribed.sellingPlan = SELLING_PLAN;
  if (order.journey && random.chance(0.3)) order.journey.first = journey(random) as SandboxVisit;
  if (order.financialStatus === 'PAID' && order.cancelledAt === null && plan.kind === 'buyer') {
    if (random.chance(0.01)) order.returnStatus = random.pick(['RETURN_REQUESTED', 'IN_PROGRESS'] as const);
    if (random.chance(0.004)) {
      const status = random.pick(['LOST', 'WON', 'UNDER_REVIEW'] as const);
      order.disputes = [{ id: order.id, initiatedAs: 'CHARGEBACK', status }];
    }
  }
}

/** At most one of: cancelled, unpaid, returned fully, returned in part. */
function settle(maker: OrderMaker, order: SandboxOrder): void {
  const { random, shares } = maker;
  let roll = random.next();
  const falls = (share: number) => {
    roll -= share;
    return roll < 0;
  };
  if (falls(shares.cancelled)) {
    order.cancelledAt = laterInstant(maker, order, 2);
    order.cancelReason = random.pick(['CUSTOMER', 'INVENTORY', 'FRAUD'] as const);
    order.fulfillmentStatus = 'UNFULFILLED';
    refund(maker, order, order.lines.map((line) => [line, line.quantity]), order.totalMinor); // prettier-ignore
  } else if (falls(shares.unpaid)) {
    order.financialStatus = random.chance(0.5) ? 'AUTHORIZED' : 'PENDING';
    order.fulfillmentStatus = 'UNFULFILLED';
    order.outstandingMinor = order.totalMinor;
    order.receivedMinor = 0;
  } else if (falls(shares.returnedFully)) {
    refund(maker, order, order.lines.map((line) => [line, line.quantity]), order.totalMinor); // prettier-ignore
  } else if (falls(shares.returnedInPart)) {
    const line = random.pick(order.lines);
    const whole = order.lines.length === 1 && line.quantity === 1;
    // A single piece cannot be given back in part: part of its price is, without the piece.
    if (whole) refund(maker, order, [], Math.max(1, Math.round(order.totalMinor * 0.3)));
    else refund(maker, order, [[line, 1]], undefined);
  }
}

function refund(
  maker: OrderMaker,
  order: SandboxOrder,
  given: (readonly [SandboxOrderLine, number])[],
  totalMinor: number | undefined,
): void {
  const lines = given.map(([line, quantity]) => {
    line.currentQuantity -= quantity;
    const paid = line.priceMinor * line.quantity - line.discountMinor;
    const subtotalMinor = Math.round((paid * quantity) / line.quantity);
    return { id: maker.newId(), lineItemId: line.id, quantity, subtotalMinor };
  });
  const goods = sum(lines.map((line) => line.subtotalMinor));
  const tax = order.subtotalMinor > 0 ? Math.round((order.taxMinor * goods) / order.subtotalMinor) : 0;
  const at = laterInstant(maker, order, 20);
  const total = totalMinor ?? goods + tax;
  const made: SandboxRefund = {
    id: maker.newId(),
    createdAt: at,
    processedAt: at,
    totalMinor: total,
    note: null,
    lines,
  };
  order.refunds.push(made);
  order.refundedMinor += total;
  order.currentTotalMinor -= total;
  order.financialStatus = order.refundedMinor >= order.receivedMinor ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
}

function pickLines(maker: OrderMaker, plan: OrderPlan, unit: number): SandboxOrderLine[] {
  const { random, catalogue } = maker;
  const line = (product: Catalogue['giftCard'], quantity: number, giftCard = false): SandboxOrderLine => {
    const variant = random.pick(product.variants);
    return {
      id: maker.newId(),
      productId: product.id,
      variantId: variant.id,
      title: product.title,
      sku: variant.sku,
      vendor: product.vendor,
      quantity,
      currentQuantity: quantity,
      priceMinor: giftCard ? Number(variant.title) * unit : variant.priceMinor,
      discountMinor: 0,
      giftCard,
    };
  };
  if (plan.renewal) return [line(catalogue.refill, 1)];
  if (plan.kind === 'wholesale') {
    return Array.from({ length: random.integer(2, 5) }, () =>
      line(catalogue.pickGoods(random), random.integer(6, 40)),
    );
  }
  const count = random.pickWeighted([[1, 55], [2, 27], [3, 12], [4, 6]] as const); // prettier-ignore
  const lines = Array.from({ length: count }, () =>
    line(catalogue.pickGoods(random), random.chance(0.12) ? 2 : 1),
  );
  if (random.chance(0.01)) lines.push(line(catalogue.giftCard, 1, true));
  return lines;
}

function journey(random: Random): SandboxOrder['journey'] {
  const kind = random.pickWeighted([['direct', 40], ['google', 30], ['newsletter', 20], ['instagram', 10]] as const); // prettier-ignore
  if (kind === 'direct') {
    return { source: 'direct', sourceType: null, utmSource: null, utmMedium: null, utmCampaign: null };
  }
  if (kind === 'google') {
    return { source: 'Google', sourceType: 'SEO', utmSource: null, utmMedium: null, utmCampaign: null };
  }
  const email = kind === 'newsletter';
  return {
    source: email ? 'email' : 'Instagram',
    sourceType: email ? 'NEWSLETTER' : 'AD',
    utmSource: email ? 'newsletter' : 'instagram',
    utmMedium: email ? 'email' : 'paid-social',
    utmCampaign: random.pick(['spring', 'drop-12', 'thank-you', 'bf']),
    ...(email ? {} : { utmContent: 'reel', utmTerm: 'regulars' }),
  };
}

/** Some days after the order, but not in the future. */
function laterInstant(maker: OrderMaker, order: SandboxOrder, days: number): string {
  const at = Date.parse(order.processedAt) + Math.floor(maker.random.next() * days * 86_400_000);
  return new Date(Math.min(at, Math.max(maker.until, Date.parse(order.processedAt)))).toISOString();
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
