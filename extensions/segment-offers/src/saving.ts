import { linesOn, subtotalOf, type PricedLine } from './lines.ts';
import { convert, microsOf, shareOf } from './money.ts';
import type { Offer } from './offer.ts';
import { piecesToGive } from './pieces-to-give.ts';

/**
 * What an offer takes off this cart, in millionths of the customer's currency; 0n when it does not apply. Only to
 * compare offers: Shopify computes the discount itself.
 * @param lines the cheapest first
 * @param rate shop currency x rate = customer's currency
 */
export function savingOf(offer: Offer, lines: readonly PricedLine[], rate: string): bigint {
  switch (offer.kind) {
    case 'percentage':
      return shareOf(subtotalOf(linesOn(offer.on, lines)), offer.percent);
    case 'amount': {
      const amount = convert(microsOf(offer.amount), rate);
      const most = subtotalOf(linesOn(offer.on, lines));
      return amount < most ? amount : most;
    }
    case 'buy_x_get_y': {
      let worth = 0n;
      for (const { line, quantity } of piecesToGive(offer, lines)) worth += BigInt(quantity) * line.price;
      return shareOf(worth, offer.get.percent);
    }
    case 'free_shipping':
      return 0n;
  }
}
