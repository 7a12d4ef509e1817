/**
 * Offers as the discount function reads them (extensions/segment-offers/src/offer.ts), spread over as many app
 * discounts as their size asks for: a metafield of input variables holds at most 10,000 bytes, and the offers of one
 * discount share what it may be combined with. Pure.
 *
 * Of the offers of one discount a customer gets one. The function is run for the goods and for the shipping apart, and
 * when it is run for the goods what shipping costs is not known, so it cannot tell which of two saves more. Therefore
 * free shipping never shares a discount with offers on goods: of two discounts that do not combine Shopify takes the
 * better one, and two that do combine both apply.
 */
import { decimalOf } from '../../money.ts';
import type { LocalDate } from '../../local-date.ts';
import { MAX_TAG_LENGTH } from '../tags/impossible-tag.ts';
import { classOf, titleOf, type OfferItems, type OfferTerms, type OfferWay } from './terms.ts';

/** Shopify's limit for a metafield that a function reads. */
export const MAX_METAFIELD_BYTES = 10_000;
/**
 * Shopify's limit for a list among the variables of an input query (shopify.dev, Functions API, "Limitations": no
 * argument or variable of the type list exceeds 100 elements). With one more the function is not run at all.
 */
const MOST_ELEMENTS = 100;
/** Left free of it: offers get longer names and dates, and the shop's prefix of all tags may get longer. */
const SPARE_BYTES = 1_500;

export interface ServedOffer {
  id: string;
  /** With the shop's prefix. */
  tag: string;
  /** As customers see it. */
  title: string;
  terms: OfferTerms;
  startsOn: LocalDate;
  endsOn: LocalDate;
}

export interface FunctionMetafields {
  offers: string;
  variables: string;
}

export function functionMetafields(offers: readonly ServedOffer[], currency: string): FunctionMetafields {
  const collections = new Set<string>();
  const written = offers.map((offer) => functionOffer(offer, currency, collections));
  return {
    offers: JSON.stringify({ offers: written }),
    variables: JSON.stringify({ tags: offers.map(({ tag }) => tag), collections: [...collections] }),
  };
}

export function fitsOneDiscount(offers: readonly ServedOffer[], currency: string): boolean {
  const fields = functionMetafields(offers, currency);
  return !exceedsLists(fields) && bytesOf(fields) <= MAX_METAFIELD_BYTES - SPARE_BYTES;
}

/** Why not even a discount of its own can hold an offer with these terms, as a sentence; null: it can. */
export function tooLargeAlone(
  { name, terms }: { name: string; terms: OfferTerms },
  currency: string,
): string | null {
  const day = '2026-01-01' as LocalDate;
  const tag = 'x'.repeat(MAX_TAG_LENGTH);
  const fields = functionMetafields(
    [{ id: '1', tag, title: titleOf(name), terms, startsOn: day, endsOn: day }],
    currency,
  );
  if (exceedsLists(fields)) {
    return `The app’s discount asks for at most ${MOST_ELEMENTS} collections, in what is bought and what is given together. Choose fewer of them, or another way for customers to get it.`;
  }
  return bytesOf(fields) <= MAX_METAFIELD_BYTES
    ? null
    : 'These are more products than the app’s discount can hold. Choose fewer of them, or another way for customers to get it.';
}

function exceedsLists({ variables }: FunctionMetafields): boolean {
  const lists = Object.values(JSON.parse(variables) as Record<string, string[]>);
  return lists.some(({ length }) => length > MOST_ELEMENTS);
}

/** Of the larger one. */
function bytesOf({ offers, variables }: FunctionMetafields): number {
  return Math.max(...[offers, variables].map((text) => new TextEncoder().encode(text).length));
}

/** Offers that may share a discount have the same; what it may be combined with belongs to the whole of it. */
function shareKey({ combines, gives }: OfferTerms): string {
  const { product, order, shipping } = combines;
  return [product, order, shipping, classOf(gives) === 'SHIPPING'].join();
}

/** The offers that the app's discounts serve, by slot, without the one that is about to change. */
export function servedSlots(
  offers: readonly (Omit<ServedOffer, 'title'> & { name: string; way: OfferWay; slot: number | null })[],
  without: string | null,
): Map<number, ServedOffer[]> {
  const slots = new Map<number, ServedOffer[]>();
  for (const offer of offers) {
    if (offer.way !== 'function' || offer.slot === null || offer.id === without) continue;
    slots.set(offer.slot, [...(slots.get(offer.slot) ?? []), { ...offer, title: titleOf(offer.name) }]);
  }
  return slots;
}

/** The first slot with room for one more; a new one (the next number) when none has. */
export function slotFor(
  offer: ServedOffer,
  slots: ReadonlyMap<number, readonly ServedOffer[]>,
  currency: string,
  taken: readonly number[] = [],
): number {
  for (const [slot, served] of [...slots].sort(([a], [b]) => a - b)) {
    if (!served.every(({ terms }) => shareKey(terms) === shareKey(offer.terms))) continue;
    if (fitsOneDiscount([...served, offer], currency)) return slot;
  }
  return Math.max(0, ...slots.keys(), ...taken) + 1;
}

function functionOffer(
  { tag, title, terms, startsOn, endsOn }: ServedOffer,
  currency: string,
  asked: Set<string>,
) {
  const { gives, minimum } = terms;
  const on = (items: OfferItems) => {
    if ('all' in items) return { all: true };
    if ('products' in items) return { products: items.products.map((id) => `gid://shopify/Product/${id}`) };
    const collections = items.collections.map((id) => `gid://shopify/Collection/${id}`);
    for (const id of collections) asked.add(id);
    return { collections };
  };
  const money = (minor: string) => decimalOf(BigInt(minor), currency);
  const base = {
    tag,
    title,
    from: startsOn,
    until: endsOn,
    ...(minimum
      ? { minimum: 'quantity' in minimum ? minimum : { subtotal: money(minimum.subtotalMinor) } }
      : {}),
  };
  switch (gives.kind) {
    case 'percentage':
      return { ...base, kind: gives.kind, percent: gives.percent, on: on(gives.on) };
    case 'amount':
      return { ...base, kind: gives.kind, amount: money(gives.amountMinor), on: on(gives.on) };
    case 'free_shipping':
      return { ...base, kind: gives.kind };
    case 'buy_x_get_y':
      return {
        ...base,
        kind: gives.kind,
        buy: { quantity: gives.buy.quantity, on: on(gives.buy.on) },
        get: { quantity: gives.get.quantity, percent: gives.get.percent, on: on(gives.get.on) },
        ...(terms.once ? { usesPerOrder: 1 } : {}),
      };
  }
}
