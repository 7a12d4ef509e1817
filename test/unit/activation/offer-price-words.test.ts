/** The sentence of what a member pays: no price is said of a cart that may not have it. */
import { expect, test } from 'vitest';
import { conditionWords, priceWords, type SaidPrice } from '../../../app/activation/offers/offer-words.ts';
import type { OfferItems, OfferTerms } from '../../../app/activation/offers/terms.ts';

const ALL: OfferItems = { all: true };
const terms = (gives: OfferTerms['gives'], minimum?: OfferTerms['minimum']): OfferTerms => ({
  gives,
  combines: { product: false, order: false, shipping: false },
  once: true,
  ...(minimum ? { minimum } : {}),
});
const percentage = (on: OfferItems): OfferTerms['gives'] => ({ kind: 'percentage', percent: 10, on });

test.each<[string | null, OfferTerms]>([
  [null, terms(percentage(ALL))],
  [null, terms(percentage(ALL), { subtotalMinor: '5000' })],
  [null, terms({ kind: 'free_shipping' })],
  ['from 3 pieces on', terms({ kind: 'free_shipping' }, { quantity: 3 })],
  ['from 3 pieces on', terms(percentage(ALL), { quantity: 3 })],
  ['if everything in it is on offer', terms(percentage({ products: ['1'] }))],
  [
    'if everything in it is on offer',
    terms({ kind: 'amount', amountMinor: '500', on: { collections: ['1'] } }),
  ],
  [
    'if everything in it is on offer, from 1 piece on',
    terms(percentage({ products: ['1'] }), { quantity: 1 }),
  ],
  [
    'if it holds what is to be bought and what is given, all at one price',
    terms({
      kind: 'buy_x_get_y',
      buy: { quantity: 1, on: ALL },
      get: { quantity: 1, percent: 100, on: ALL },
    }),
  ],
])('%s', (said, offer) => {
  expect(conditionWords(offer)).toBe(said);
});

const price = (more: Partial<SaidPrice>) =>
  priceWords({ cart: '10.00', pays: '9.00', least: '9.00', belowMinimum: false, condition: null, ...more });

test('the sentence', () => {
  expect(price({})).toBe('A typical cart of 10.00 costs a member 9.00.');
  expect(price({ least: '8.00' })).toBe('A typical cart of 10.00 costs a member 9.00. With what else the store has running: 8.00.'); // prettier-ignore
  expect(price({ condition: 'from 3 pieces on' })).toBe('From 3 pieces on, a typical cart of 10.00 costs a member 9.00.'); // prettier-ignore
  expect(price({ pays: null, condition: 'from 3 pieces on' })).toBe('From 3 pieces on, a typical cart of 10.00 costs the same; shipping is free.'); // prettier-ignore
  expect(price({ pays: '10.00', least: '10.00', belowMinimum: true, condition: 'if everything in it is on offer' })).toBe('A typical cart of 10.00 does not reach the minimum.'); // prettier-ignore
});
