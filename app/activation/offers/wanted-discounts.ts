/**
 * Offers -> the discounts that should be in Shopify. Pure. A native or code offer has one of its own, limited to the
 * Shopify segment of the customers with its tag; the function's offers share app discounts, one a slot.
 *
 * What cannot be told apart from a new discount (what it gives, on what, from when on how much) is its `body`: another
 * body is another discount, made before the old one goes. Title, dates, combinations and the uses in all are changed in
 * place; what of those is left for another discount is worked out when it is written (use-limit.ts).
 */
import { addDays, startOfDay } from '../../local-date.ts';
import { decimalOf } from '../../money.ts';
import { offerSegmentName } from '../segments-in-shopify/names.ts';
import { tagQuery } from '../tags/tag-query.ts';
import { functionMetafields } from './function-offers.ts';
import type { Offer } from './offer.ts';
import { classOf, titleOf, type OfferGives, type OfferItems, type OfferWay } from './terms.ts';

export type DiscountKind = 'basic' | 'bxgy' | 'free_shipping' | 'app';

export interface WantedDiscount {
  /** Of the offer or the slot: what it stands for. */
  key: string;
  way: OfferWay;
  kind: DiscountKind;
  offerId: string | null;
  slot: number | null;
  /** The offers whose holders get it. */
  serves: { id: string; tag: string }[];
  title: string;
  body: unknown;
  /** Shopify's input, without what names our row: the marker and the segment. */
  input: Record<string, unknown>;
  paused: boolean;
  /** The Shopify segment that limits it. */
  segment: { name: string; query: string } | null;
}

export const FUNCTION_HANDLE = 'segment-offers';

export function wantedDiscounts(
  offers: readonly Offer[],
  shop: { currency: string; timeZone: string },
): WantedDiscount[] {
  const own = offers.filter(({ way }) => way !== 'function').map((offer) => ownDiscount(offer, shop));
  const slots = new Map<number, Offer[]>();
  for (const offer of offers) {
    if (offer.way !== 'function' || offer.state !== 'running') continue;
    const slot = offer.slot ?? 1;
    slots.set(slot, [...(slots.get(slot) ?? []), offer]);
  }
  const shared = [...slots]
    .sort(([a], [b]) => a - b)
    .map(([slot, served]) => sharedDiscount(slot, served, shop));
  return [...own, ...shared];
}

function ownDiscount(offer: Offer, shop: { currency: string; timeZone: string }): WantedDiscount {
  const { gives, minimum, combines, once, usageLimit } = offer.terms;
  const currency = offer.currency ?? shop.currency;
  const title = titleOf(offer.name);
  const minimumRequirement =
    minimum === undefined
      ? {}
      : {
          minimumRequirement:
            'quantity' in minimum
              ? { quantity: { greaterThanOrEqualToQuantity: String(minimum.quantity) } }
              : {
                  subtotal: {
                    greaterThanOrEqualToSubtotal: decimalOf(BigInt(minimum.subtotalMinor), currency),
                  },
                },
        };
  const code =
    offer.way === 'code'
      ? {
          code: offer.code ?? '',
          appliesOncePerCustomer: once,
        }
      : {};
  const limit = offer.way === 'code' ? { usageLimit: usageLimit ?? null } : {};
  const uses = usesPerOrder(offer);
  const body = { ...minimumRequirement, ...code, ...givesInput(gives, currency), ...uses };
  return {
    key: `offer:${offer.id}`,
    way: offer.way,
    kind: kindOf(gives),
    offerId: offer.id,
    slot: null,
    serves: [{ id: offer.id, tag: offer.tag }],
    title,
    body,
    input: {
      title,
      ...datesOf([offer], shop.timeZone),
      combinesWith: combinesOf(combines),
      ...limit,
      ...body,
    },
    paused: offer.state === 'paused',
    segment: { name: offerSegmentName(offer.name), query: tagQuery(offer.tag) },
  };
}

function sharedDiscount(
  slot: number,
  offers: readonly Offer[],
  shop: { currency: string; timeZone: string },
): WantedDiscount {
  const title = titleOf(slot === 1 ? 'Segment offers' : `Segment offers ${slot}`);
  const { offers: list, variables } = functionMetafields(
    offers.map((offer) => ({ ...offer, title: titleOf(offer.name) })),
    shop.currency,
  );
  const combines = offers[0]?.terms.combines ?? { product: false, order: false, shipping: false };
  return {
    key: `slot:${slot}`,
    way: 'function',
    kind: 'app',
    offerId: null,
    slot,
    serves: offers.map(({ id, tag }) => ({ id, tag })),
    title,
    body: 'app',
    input: {
      title,
      ...datesOf(offers, shop.timeZone),
      functionHandle: FUNCTION_HANDLE,
      // By its classes Shopify decides what it combines with.
      discountClasses: [...new Set(offers.map(({ terms }) => classOf(terms.gives)))].sort(),
      combinesWith: combinesOf(combines),
      context: { all: 'ALL' },
      metafields: [
        { namespace: '$app', key: 'offers', type: 'json', value: list },
        { namespace: '$app', key: 'offer-variables', type: 'json', value: variables },
      ],
    },
    paused: false,
    segment: null,
  };
}

export function kindOf({ kind }: OfferGives): DiscountKind {
  return kind === 'free_shipping' ? 'free_shipping' : kind === 'buy_x_get_y' ? 'bxgy' : 'basic';
}

/** From the first day's midnight to the last second of the last day, in the shop's time zone. */
function datesOf(offers: readonly Offer[], timeZone: string): { startsAt: string; endsAt: string } {
  const first = offers.map(({ startsOn }) => startsOn).sort()[0];
  const last = offers
    .map(({ endsOn }) => endsOn)
    .sort()
    .at(-1);
  if (!first || !last) throw new TypeError('a discount without an offer');
  return {
    startsAt: startOfDay(first, timeZone).toISOString(),
    endsAt: new Date(startOfDay(addDays(last, 1), timeZone).getTime() - 1_000).toISOString(),
  };
}

function combinesOf({ product, order, shipping }: Offer['terms']['combines']) {
  return { productDiscounts: product, orderDiscounts: order, shippingDiscounts: shipping };
}

/** The same limit is a whole number for codes, and one in text for automatic discounts. */
function usesPerOrder({ way, terms: { gives, once } }: Offer): Record<string, unknown> {
  if (gives.kind !== 'buy_x_get_y' || !once) return {};
  return { usesPerOrderLimit: way === 'code' ? 1 : '1' };
}

function givesInput(gives: OfferGives, currency: string): Record<string, unknown> {
  switch (gives.kind) {
    case 'percentage':
      return {
        customerGets: { value: { percentage: fraction(gives.percent) }, items: itemsInput(gives.on) },
      };
    case 'amount': {
      const amount = decimalOf(BigInt(gives.amountMinor), currency);
      return {
        customerGets: {
          value: { discountAmount: { amount, appliesOnEachItem: false } },
          items: itemsInput(gives.on),
        },
      };
    }
    case 'free_shipping':
      return { destination: { all: true } };
    case 'buy_x_get_y':
      return {
        customerBuys: { value: { quantity: String(gives.buy.quantity) }, items: itemsInput(gives.buy.on) },
        customerGets: {
          value: {
            discountOnQuantity: {
              quantity: String(gives.get.quantity),
              effect: { percentage: fraction(gives.get.percent) },
            },
          },
          items: itemsInput(gives.get.on),
        },
      };
  }
}

/** 15 -> 0.15, without what floats add. */
function fraction(percent: number): number {
  return Math.round(percent * 100) / 10_000;
}

function itemsInput(on: OfferItems): Record<string, unknown> {
  if ('all' in on) return { all: true };
  if ('products' in on) {
    return { products: { productsToAdd: on.products.map((id) => `gid://shopify/Product/${id}`) } };
  }
  return { collections: { add: on.collections.map((id) => `gid://shopify/Collection/${id}`) } };
}
