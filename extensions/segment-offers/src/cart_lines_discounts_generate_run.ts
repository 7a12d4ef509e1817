/**
 * Target cart.lines.discounts.generate.run: of the offers that the customer holds, the one that saves most on this
 * cart (the first of equals), and only that one. Pure: the answer depends on the input alone.
 */
import { heldOffers } from './held-offers.ts';
import type { CartLinesInput } from './input.ts';
import { isGiftCard, linesOn } from './lines.ts';
import type { Offer } from './offer.ts';
import type { CartLinesResult, CartOperation } from './output.ts';
import { piecesToGive } from './pieces-to-give.ts';
import { savingOf } from './saving.ts';

export function cartLinesDiscountsGenerateRun(input: CartLinesInput): CartLinesResult {
  const { discountClasses } = input.discount;
  const rate = Number(input.presentmentCurrencyRate);
  let best: { offer: Offer; saving: number } | undefined;
  for (const offer of heldOffers(input)) {
    if (!discountClasses.includes(classOf(offer))) continue;
    const saving = savingOf(offer, input.cart.lines, rate);
    if (saving > (best?.saving ?? 0)) best = { offer, saving };
  }
  return { operations: best ? [operationOf(best.offer, input, rate)] : [] };
}

function classOf(offer: Offer): 'PRODUCT' | 'ORDER' | 'SHIPPING' {
  if (offer.kind === 'free_shipping') return 'SHIPPING';
  return offer.kind !== 'buy_x_get_y' && 'all' in offer.on ? 'ORDER' : 'PRODUCT';
}

function operationOf(offer: Offer, input: CartLinesInput, rate: number): CartOperation {
  const { lines } = input.cart;
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
      const amount = offer.kind === 'amount' ? (Number(offer.amount) * rate).toFixed(2) : undefined;
      if ('all' in offer.on) {
        const excludedCartLineIds = lines.filter(isGiftCard).map(({ id }) => id);
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
