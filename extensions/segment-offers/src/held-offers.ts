import { linesOn, quantityOf, subtotalOf, type PricedLine } from './lines.ts';
import type { CartLinesInput } from './input.ts';
import { convert, microsOf } from './money.ts';
import { readOffers, type Offer, type OfferItems } from './offer.ts';

/** The offers that this customer holds today and whose minimum the cart reaches, in the order of the metafield. */
export function heldOffers(input: CartLinesInput, lines: readonly PricedLine[]): Offer[] {
  const tags = new Set<string>();
  for (const { tag, hasTag } of input.cart.buyerIdentity?.customer?.hasTags ?? []) {
    if (hasTag) tags.add(tag.toLowerCase());
  }
  if (tags.size === 0) return [];
  const today = input.shop.localTime.date;
  return readOffers(input.discount.metafield?.jsonValue, tags).filter(
    (offer) =>
      (offer.from === undefined || offer.from <= today) &&
      (offer.until === undefined || today <= offer.until) &&
      reachesMinimum(offer, lines, input.presentmentCurrencyRate),
  );
}

function reachesMinimum(offer: Offer, lines: readonly PricedLine[], rate: string): boolean {
  const { minimum } = offer;
  if (minimum === undefined) return true;
  const on = linesOn(itemsOf(offer), lines);
  return 'subtotal' in minimum
    ? subtotalOf(on) >= convert(microsOf(minimum.subtotal), rate)
    : quantityOf(on) >= minimum.quantity;
}

function itemsOf(offer: Offer): OfferItems {
  if (offer.kind === 'free_shipping') return { all: true };
  return offer.kind === 'buy_x_get_y' ? offer.buy.on : offer.on;
}
