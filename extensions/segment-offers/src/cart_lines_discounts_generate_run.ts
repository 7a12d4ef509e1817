/**
 * Target cart.lines.discounts.generate.run: of the offers on goods that the customer holds, the one that saves most on
 * this cart, and only that one. Pure: the answer depends on the input alone.
 */
import { bestOnGoods } from './best-on-goods.ts';
import type { CartLinesInput } from './input.ts';
import { isGiftCard, linesOn, type PricedLine } from './lines.ts';
import { convert, decimalOf, microsOf } from './money.ts';
import type { Offer } from './offer.ts';
import type { CartLinesResult, CartOperation } from './output.ts';
import { piecesToGive } from './pieces-to-give.ts';

export function cartLinesDiscountsGenerateRun(input: CartLinesInput): CartLinesResult {
  const best = bestOnGoods(input);
  return { operations: best ? [operationOf(best.offer, input, best.lines)] : [] };
}

function operationOf(
  offer: Offer,
  { cart, presentmentCurrencyRate: rate }: CartLinesInput,
  lines: readonly PricedLine[],
): CartOperation {
  const message = offer.title;
  switch (offer.kind) {
    case 'free_shipping':
      throw new TypeError('free shipping is not a discount on lines');
    case 'buy_x_get_y': {
      const targets = piecesToGive(offer, lines).map(({ line, quantity }) => ({
        cartLine: { id: line.id, quantity },
      }));
      const value = { percentage: { value: String(offer.get.percent) } };
      return {
        productDiscountsAdd: { selectionStrategy: 'FIRST', candidates: [{ message, targets, value }] },
      };
    }
    case 'percentage':
    case 'amount': {
      const percentage = offer.kind === 'percentage' ? { value: String(offer.percent) } : undefined;
      const { currencyCode } = cart.cost.subtotalAmount;
      const amount = offer.kind === 'amount' ? decimalOf(convert(microsOf(offer.amount), rate), currencyCode) : undefined; // prettier-ignore
      if ('all' in offer.on) {
        const excludedCartLineIds = cart.lines.filter(isGiftCard).map(({ id }) => id);
        const value = percentage ? { percentage } : { fixedAmount: { amount: amount ?? '0' } };
        const targets = [{ orderSubtotal: { excludedCartLineIds } }];
        return {
          orderDiscountsAdd: { selectionStrategy: 'FIRST', candidates: [{ message, targets, value }] },
        };
      }
      const targets = linesOn(offer.on, lines).map(({ id }) => ({ cartLine: { id } }));
      const value = percentage
        ? { percentage }
        : { fixedAmount: { amount: amount ?? '0', appliesToEachItem: false } };
      return {
        productDiscountsAdd: { selectionStrategy: 'FIRST', candidates: [{ message, targets, value }] },
      };
    }
  }
}
