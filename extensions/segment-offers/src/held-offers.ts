import { linesOn, quantityOf, subtotalOf } from './lines.ts';
import type { CartLinesInput } from './input.ts';
import { readOffers, type Offer, type OfferItems } from './offer.ts';

/** The offers that this customer holds today and whose minimum the cart reaches, in the order of the metafield. */
export function heldOffers(input: CartLinesInput): Offer[] {
  const answers = input.cart.buyerIdentity?.customer?.hasTags ?? [];
  const tags = new Set(answers.filter(({ hasTag }) => hasTag).map(({ tag }) => tag.toLowerCase()));
  if (tags.size === 0) return [];
  const today = input.shop.localTime.date;
  return readOffers(input.discount.metafield?.jsonValue).filter(
    (offer) =>
      tags.has(offer.tag.toLowerCase()) &&
      (offer.from === undefined || offer.from <= today) &&
      (offer.until === undefined || today <= offer.until) &&
      reachesMinimum(offer, input),
  );
}

function reachesMinimum(offer: Offer, input: CartLinesInput): boolean {
  const { minimum } = offer;
  if (minimum === undefined) return true;
  const lines = linesOn(itemsOf(offer), input.cart.lines);
  return 'subtotal' in minimum
    ? subtotalOf(lines) >= Number(minimum.subtotal) * Number(input.presentmentCurrencyRate)
    : quantityOf(lines) >= minimum.quantity;
}

function itemsOf(offer: Offer): OfferItems {
  if (offer.kind === 'free_shipping') return { all: true };
  return offer.kind === 'buy_x_get_y' ? offer.buy.on : offer.on;
}
