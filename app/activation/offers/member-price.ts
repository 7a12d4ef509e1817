/**
 * What a member would pay for a typical cart, with the offer and with whatever else the store has running or planned.
 * Pure. The cart has one line of the store's average order, without products that we know, so a discount on some
 * products or collections is shown as one that may apply.
 */
import { hundredthsOf, minorOf, percentOf } from '../../money.ts';
import type { StoreDiscount } from './store-discount.ts';
import { classOf, type OfferTerms } from './terms.ts';

export interface Conflict {
  title: string;
  status: 'active' | 'planned';
  /** Both together; only the better one; by a code that the customer types. */
  how: 'together' | 'better_one' | 'by_code';
  /** Who may use it is limited, or it is on some items only: it may apply. */
  sure: boolean;
  /** What a member pays then, minor units; null: it cannot be worked out (a function's discount, shipping). */
  paysMinor: bigint | null;
}

export interface MemberPrice {
  cartMinor: bigint;
  /** With the offer alone; null: the offer takes nothing off the goods. */
  paysMinor: bigint | null;
  /** The cart does not reach the offer's minimum. */
  belowMinimum: boolean;
  conflicts: Conflict[];
  /** The least a member may pay with what is sure: all that may apply together, or what is better alone. */
  leastMinor: bigint;
}

export function memberPrice(
  terms: OfferTerms,
  cartMinor: bigint,
  others: readonly StoreDiscount[],
  shop: { currency: string },
  period: { startsAt: string; endsAt: string },
): MemberPrice {
  const belowMinimum =
    terms.minimum !== undefined &&
    'subtotalMinor' in terms.minimum &&
    cartMinor < BigInt(terms.minimum.subtotalMinor);
  const ours: Priced = {
    ...combinationsOf(terms),
    takes: (of) => (belowMinimum ? 0n : takenBy(terms, of)),
  };
  const pays = cartMinor - ours.takes(cartMinor);
  const beside = others
    .filter(({ shown }) => shown.status !== 'EXPIRED')
    .filter(
      ({ shown }) =>
        shown.startsAt <= period.endsAt && (shown.endsAt === null || shown.endsAt >= period.startsAt),
    )
    .map((other) => ({ other, theirs: pricedOther(other, cartMinor, shop.currency) }));
  const conflicts = beside
    .map(({ other, theirs }): Conflict => {
      const together = mayCombine(ours, combinationsOfOther(other));
      return {
        title: other.shown.title,
        status: other.shown.status === 'ACTIVE' ? 'active' : 'planned',
        how: !other.automatic ? 'by_code' : together ? 'together' : 'better_one',
        sure: isForEverybody(other),
        paysMinor:
          theirs === null
            ? null
            : together
              ? priceWith(cartMinor, [ours, theirs])
              : min(pays, priceWith(cartMinor, [theirs])),
      };
    })
    .sort((a, b) => rank(a) - rank(b) || Number((a.paysMinor ?? cartMinor) - (b.paysMinor ?? cartMinor)));
  const sure = beside.flatMap(({ other, theirs }) =>
    theirs !== null && other.automatic && isForEverybody(other) ? [theirs] : [],
  );
  return {
    cartMinor,
    paysMinor: terms.gives.kind === 'free_shipping' ? null : pays,
    belowMinimum,
    conflicts,
    leastMinor: leastPrice(cartMinor, [ours, ...sure]),
  };
}

function takenBy({ gives }: OfferTerms, cart: bigint): bigint {
  switch (gives.kind) {
    case 'percentage':
      return percentOf(cart, gives.percent);
    case 'amount':
      return min(BigInt(gives.amountMinor), cart);
    case 'buy_x_get_y': {
      const pieces = BigInt(gives.buy.quantity + gives.get.quantity) * 10_000n;
      return (cart * BigInt(gives.get.quantity) * hundredthsOf(gives.get.percent)) / pieces;
    }
    case 'free_shipping':
      return 0n;
  }
}

/** Null: what it takes cannot be worked out. A minimum is one of the cart, whatever else comes off it. */
function pricedOther(other: StoreDiscount, cart: bigint, currency: string): Priced | null {
  const combinations = combinationsOfOther(other);
  const { kind, shown } = other;
  if (kind === 'free_shipping') return { ...combinations, takes: () => 0n };
  const value = shown.customerGets?.value;
  if (kind !== 'basic' || !value) return null;
  const least = shown.minimumRequirement?.greaterThanOrEqualToSubtotal;
  if (least && cart < minorOf(least.amount, currency)) return { ...combinations, takes: () => 0n };
  const { percentage, amount } = value;
  if (percentage !== undefined) {
    return { ...combinations, takes: (of) => percentOf(of, percentage * 100) };
  }
  return amount ? { ...combinations, takes: (of) => min(minorOf(amount.amount, currency), of) } : null;
}

type DiscountClass = 'PRODUCT' | 'ORDER' | 'SHIPPING';
interface Combinations {
  class: DiscountClass;
  with: Record<DiscountClass, boolean>;
}

interface Priced extends Combinations {
  /** Of an amount: what it takes off. */
  takes(of: bigint): bigint;
}

function combinationsOf({ gives, combines: { product, order, shipping } }: OfferTerms): Combinations {
  return { class: classOf(gives), with: { PRODUCT: product, ORDER: order, SHIPPING: shipping } };
}

function combinationsOfOther(other: StoreDiscount): Combinations {
  const { productDiscounts, orderDiscounts, shippingDiscounts } = other.shown.combinesWith;
  return {
    class: classOfOther(other),
    with: { PRODUCT: productDiscounts, ORDER: orderDiscounts, SHIPPING: shippingDiscounts },
  };
}

/** Both must allow the other's class; two of the order class only where both say so. */
function mayCombine(one: Combinations, other: Combinations): boolean {
  return one.with[other.class] && other.with[one.class];
}

/**
 * As Shopify combines them: on the one line only the best of the discounts on products counts; those on the order are on
 * what it leaves, each on the whole of that, not one after the other.
 */
function priceWith(cart: bigint, chosen: readonly Priced[]): bigint {
  const of = (wanted: DiscountClass) => chosen.filter((one) => one.class === wanted);
  const left = of('PRODUCT').reduce((least, { takes }) => min(least, cart - takes(cart)), cart);
  return max(0n, of('ORDER').reduce((price, { takes }) => price - takes(left), left)); // prettier-ignore
}

/** Begun with each discount, whatever takes most and may stand beside all of them is added: the lowest of these prices. */
function leastPrice(cart: bigint, all: readonly Priced[]): bigint {
  const largestFirst = [...all].sort((a, b) => Number(b.takes(cart) - a.takes(cart)));
  const prices = all.map((first) => {
    const chosen = [first];
    for (const one of largestFirst) {
      if (one !== first && chosen.every((other) => mayCombine(one, other))) chosen.push(one);
    }
    return priceWith(cart, chosen);
  });
  return prices.reduce(min, cart);
}

function classOfOther({ kind, shown }: StoreDiscount): DiscountClass {
  if (kind === 'free_shipping') return 'SHIPPING';
  return kind === 'basic' && shown.customerGets?.items.__typename === 'AllDiscountItems'
    ? 'ORDER'
    : 'PRODUCT';
}

function isForEverybody({ kind, shown }: StoreDiscount): boolean {
  const all = shown.context.__typename === 'DiscountBuyerSelectionAll';
  const items = shown.customerGets?.items.__typename;
  return all && (kind === 'free_shipping' || (kind === 'basic' && items === 'AllDiscountItems'));
}

/** What applies by itself comes before what may apply, codes come last. */
const rank = ({ how, sure }: Conflict) => (how === 'by_code' ? 2 : 0) + (sure ? 0 : 1);

const min = (a: bigint, b: bigint) => (a < b ? a : b);
const max = (a: bigint, b: bigint) => (a > b ? a : b);
