import type { CartLine } from './input.ts';
import { linesOn, priceOf, subtotalOf } from './lines.ts';
import type { Offer } from './offer.ts';
import { piecesToGive } from './pieces-to-give.ts';

/**
 * What an offer takes off this cart, in the customer's currency; 0 when it does not apply. Only to compare offers:
 * Shopify computes the discount itself.
 * @param rate shop currency x rate = customer's currency
 */
export function savingOf(offer: Offer, lines: readonly CartLine[], rate: number): number {
  switch (offer.kind) {
    case 'percentage':
      return (subtotalOf(linesOn(offer.on, lines)) * offer.percent) / 100;
    case 'amount':
      return Math.min(Number(offer.amount) * rate, subtotalOf(linesOn(offer.on, lines)));
    case 'buy_x_get_y':
      return piecesToGive(offer, lines).reduce(
        (sum, { line, quantity }) => sum + (quantity * priceOf(line) * offer.get.percent) / 100,
        0,
      );
    case 'free_shipping':
      return 0;
  }
}
