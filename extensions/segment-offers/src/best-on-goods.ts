import { heldOffers } from './held-offers.ts';
import type { CartLinesInput } from './input.ts';
import { cheapestFirst, priceLines, type PricedLine } from './lines.ts';
import type { Offer } from './offer.ts';
import { savingOf } from './saving.ts';

/**
 * Of the offers on goods that the customer holds, the one that saves most on this cart (the first of equals). Both
 * targets ask for it, of the same cart and the same offers, so both have the same answer.
 */
export function bestOnGoods(input: CartLinesInput): { offer: Offer; lines: PricedLine[] } | undefined {
  const { discountClasses } = input.discount;
  const lines = cheapestFirst(priceLines(input.cart.lines));
  let best: { offer: Offer; saving: bigint } | undefined;
  for (const offer of heldOffers(input, lines)) {
    if (!discountClasses.includes(classOf(offer))) continue;
    const saving = savingOf(offer, lines, input.presentmentCurrencyRate);
    if (saving > (best?.saving ?? 0n)) best = { offer, saving };
  }
  return best && { offer: best.offer, lines };
}

function classOf(offer: Offer): 'PRODUCT' | 'ORDER' | 'SHIPPING' {
  if (offer.kind === 'free_shipping') return 'SHIPPING';
  return offer.kind !== 'buy_x_get_y' && 'all' in offer.on ? 'ORDER' : 'PRODUCT';
}
