/** An offer in words, for pages and reviews. Pure. */
import { formatMoney } from '../../money.ts';
import { givesTheSame, type OfferItems, type OfferKind, type OfferTerms, type OfferWay } from './terms.ts';

export const KIND_WORDS: Readonly<Record<OfferKind, string>> = {
  percentage: 'Percentage off',
  amount: 'Amount off',
  free_shipping: 'Free shipping',
  buy_x_get_y: 'Buy X, get Y',
};

export const WAY_WORDS: Readonly<Record<OfferWay, { label: string; help: string }>> = {
  native: {
    label: 'Automatic discount of its own',
    help: 'Applied in the cart by Shopify. Uses one of the 25 automatic discounts that a store may have.',
  },
  code: {
    label: 'Discount code',
    help: 'Customers type a code. It works for nobody but the holders, and uses none of the 25.',
  },
  function: {
    label: 'The app’s discount',
    help: 'Applied in the cart. One discount serves any number of segments; the best offer of a customer wins.',
  },
};

export const STATE_WORDS = { running: 'Running', paused: 'Paused', ended: 'Ended' } as const;

/** A shop's customers are known to the store only then. */
export const SEEN_WORDS =
  'Customers see it after signing in or giving their e-mail at checkout. In an anonymous cart nothing is shown.';

const percent = (value: number) => `${String(Math.round(value * 100) / 100)} %`;

function onWords(on: OfferItems): string {
  if ('all' in on) return 'everything';
  if ('products' in on) return on.products.length === 1 ? 'one product' : `${on.products.length} products`;
  return on.collections.length === 1 ? 'one collection' : `${on.collections.length} collections`;
}

/** "15 % off everything, from 50.00 EUR on, once a customer". */
export function termsWords({ gives, minimum, once, usageLimit }: OfferTerms, currency: string): string {
  const what = (() => {
    switch (gives.kind) {
      case 'percentage':
        return `${percent(gives.percent)} off ${onWords(gives.on)}`;
      case 'amount':
        return `${formatMoney(BigInt(gives.amountMinor), currency)} off ${onWords(gives.on)}`;
      case 'free_shipping':
        return 'free shipping';
      case 'buy_x_get_y': {
        const given = gives.get.percent === 100 ? 'free' : `at ${percent(gives.get.percent)} off`;
        return `buy ${gives.buy.quantity} of ${onWords(gives.buy.on)}, get ${gives.get.quantity} of ${onWords(gives.get.on)} ${given}`;
      }
    }
  })();
  const parts = [what];
  if (minimum) {
    parts.push(
      'quantity' in minimum
        ? `from ${piecesOf(minimum.quantity)} on`
        : `from ${formatMoney(BigInt(minimum.subtotalMinor), currency)} on`,
    );
  }
  if (once) parts.push('once a customer');
  if (usageLimit !== undefined) parts.push(`${usageLimit} times in all`);
  return parts.join(', ');
}

/** What must be true of a cart, beside its worth, for a price to be said of it; null: nothing. */
export function conditionWords({ gives, minimum }: OfferTerms): string | null {
  const parts: string[] = [];
  if (gives.kind === 'buy_x_get_y') {
    parts.push('if it holds what is to be bought and what is given, all at one price');
  } else if ('on' in gives && !('all' in gives.on)) parts.push('if everything in it is on offer');
  if (minimum && 'quantity' in minimum) parts.push(`from ${piecesOf(minimum.quantity)} on`);
  return parts.length === 0 ? null : parts.join(', ');
}

const piecesOf = (quantity: number) => (quantity === 1 ? '1 piece' : `${quantity} pieces`);

export interface SaidPrice {
  cart: string;
  /** Null: the offer takes nothing off the goods. */
  pays: string | null;
  /** With what else the store has running. */
  least: string;
  belowMinimum: boolean;
  /** Of `conditionWords`. */
  condition: string | null;
}

/** What a member pays for a typical cart; amounts as they are shown. */
export function priceWords({ cart, pays, least, belowMinimum, condition }: SaidPrice): string {
  const only = belowMinimum ? null : condition;
  const what = `${only === null ? 'A' : `${only.charAt(0).toUpperCase()}${only.slice(1)}, a`} typical cart of ${cart}`;
  const price = belowMinimum
    ? `${what} does not reach the minimum.`
    : pays === null
      ? `${what} costs the same; shipping is free.`
      : `${what} costs a member ${pays}.`;
  return pays === null || pays === least ? price : `${price} With what else the store has running: ${least}.`;
}

/** How the most that an offer can cost is worked out: said beside the number. */
export function costWords(gives: OfferTerms['gives'], once: boolean): string {
  const base = once
    ? 'each holder’s biggest order so far'
    : 'each holder’s biggest order so far, or their average order times the orders that they placed in a period as long as the offer, whichever is more';
  const whom = 'For somebody who has never ordered, the store’s average order stands in.';
  switch (gives.kind) {
    case 'percentage':
      return `${percent(gives.percent)} of ${base}, as if everything in it were on offer. ${whom}`;
    case 'amount':
      return once
        ? 'The amount once for each holder, at most the worth of their biggest order.'
        : `The amount for each order that a holder placed in a period as long as the offer (at least one), at most ${base}. ${whom}`;
    case 'free_shipping':
      return `The highest shipping that each holder has paid so far${
        once ? '' : ', for each order that they placed in a period as long as the offer (at least one)'
      }. For somebody who has paid none, the average of the store’s last orders with shipping stands in.`;
    case 'buy_x_get_y':
      return givesTheSame(gives)
        ? `The share of the given pieces, which are the cheapest, in ${base}. ${whom}`
        : `${percent(gives.get.percent)} of ${base}: what is given may be nearly all that it is worth. ${whom}`;
  }
}
