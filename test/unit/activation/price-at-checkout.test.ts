/** What the page says that a member pays is what the checkout takes, to the cent, by a discount of its own and by the function. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { functionMetafields } from '../../../app/activation/offers/function-offers.ts';
import { memberPrice } from '../../../app/activation/offers/member-price.ts';
import type { StoreDiscount } from '../../../app/activation/offers/store-discount.ts';
import { classOf, type OfferItems, type OfferTerms } from '../../../app/activation/offers/terms.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import { decimalOf, percentOf } from '../../../app/money.ts';
import { cartLinesDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_lines_discounts_generate_run.ts';
import type { Cart } from '../../../sandbox/checkout/cart.ts';
import { bestCombination, type Candidate } from '../../../sandbox/checkout/combine.ts';
import { proposalsOf, type Operation } from '../../../sandbox/checkout/function-offer.ts';
import { nativeOffer } from '../../../sandbox/checkout/native-offer.ts';
import { blankDiscount } from '../../../sandbox/discounts/blank-discount.ts';
import type { DiscountItems, SandboxDiscount } from '../../../sandbox/store/model.ts';
import { cartLinesInput } from '../extensions/cart.ts';
import { makeStore } from '../sandbox/make-store.ts';

const store = makeStore();
const DAYS = { startsAt: '2026-11-22T00:00:00Z', endsAt: '2026-12-07T00:00:00Z' };
const COLLECTION = '7';

interface Line {
  priceMinor: number;
  quantity: number;
}

/** All of it is in the collection. */
function cartOf(lines: readonly Line[]): Cart {
  return {
    customer: undefined,
    lines: lines.map((line, i) => ({
      ...line, number: i + 1, product: undefined, variantId: null, title: 'Thing', giftCard: false,
      collections: new Set([COLLECTION]),
    })),
    shippingMinor: 0,
    codes: [],
  }; // prettier-ignore
}

function combinesWith({ product, order, shipping }: OfferTerms['combines']) {
  return { productDiscounts: product, orderDiscounts: order, shippingDiscounts: shipping };
}

const itemsOf = (on: OfferItems): DiscountItems =>
  'collections' in on ? { collections: on.collections } : { all: true };

/** As the app writes it into Shopify. */
function nativeDiscount({ gives, combines }: OfferTerms): SandboxDiscount {
  const discount = {
    ...blankDiscount(store, 'automatic', 'basic'),
    classes: [classOf(gives)],
    combinesWith: combinesWith(combines),
  };
  switch (gives.kind) {
    case 'percentage':
      return { ...discount, gets: { items: itemsOf(gives.on), value: { kind: 'percentage', percentage: gives.percent / 100 } } }; // prettier-ignore
    case 'amount':
      return { ...discount, gets: { items: itemsOf(gives.on), value: { kind: 'amount', amountMinor: Number(gives.amountMinor), onEachItem: false } } }; // prettier-ignore
    case 'buy_x_get_y': {
      const { buy, get } = gives;
      const value = { kind: 'quantity' as const, quantity: get.quantity, percentage: get.percent / 100, amountMinor: null }; // prettier-ignore
      const buys = { items: itemsOf(buy.on), quantity: buy.quantity, amountMinor: null };
      return { ...discount, kind: 'bxgy', buys, gets: { items: itemsOf(get.on), value } };
    }
    case 'free_shipping':
      throw new TypeError('nothing off the goods');
  }
}

function nativeCandidate(discount: SandboxDiscount, cart: Cart): Candidate[] {
  const offer = nativeOffer(store, discount, cart);
  return 'reason' in offer ? [] : [{ discount, discountId: discount.id, code: null, proposals: [offer.proposal] }]; // prettier-ignore
}

function functionCandidate(terms: OfferTerms, cart: Cart): Candidate[] {
  const day = (text: string) => text as LocalDate;
  const served = { id: '1', tag: 't', title: 'Ours', terms, startsOn: day('2026-11-22'), endsOn: day('2026-12-07') }; // prettier-ignore
  const { offers } = JSON.parse(functionMetafields([served], 'EUR').offers) as { offers: unknown };
  const lines = cart.lines.map(({ priceMinor, quantity }) => ({ price: decimalOf(BigInt(priceMinor), 'EUR'), quantity, collections: [Number(COLLECTION)] })); // prettier-ignore
  const { operations } = cartLinesDiscountsGenerateRun(cartLinesInput({ offers, tags: ['t'], lines }));
  const discount = { ...blankDiscount(store, 'automatic', 'app'), classes: [classOf(terms.gives)], combinesWith: combinesWith(terms.combines) }; // prettier-ignore
  const proposals = operations.flatMap((operation) => proposalsOf(store, operation as Operation, cart));
  return proposals.length === 0 ? [] : [{ discount, discountId: discount.id, code: null, proposals }];
}

const saved = (cart: Cart, candidates: Candidate[]) => BigInt(bestCombination(cart, candidates).savedMinor);

/** Theirs, as the app reads it. */
function shown({ gets, combinesWith: combines }: SandboxDiscount): StoreDiscount {
  const { value } = gets ?? {};
  return {
    id: '1',
    automatic: true,
    kind: 'basic',
    shown: {
      __typename: 'DiscountAutomaticBasic',
      title: 'Theirs',
      status: 'ACTIVE',
      startsAt: DAYS.startsAt,
      endsAt: null,
      tags: [],
      combinesWith: combines,
      context: { __typename: 'DiscountBuyerSelectionAll' },
      customerGets: {
        items: { __typename: 'AllDiscountItems' },
        value:
          value?.kind === 'percentage'
            ? { __typename: 'DiscountPercentage', percentage: value.percentage }
            : { __typename: 'DiscountAmount', amount: { amount: decimalOf(BigInt(value?.kind === 'amount' ? value.amountMinor : 0), 'EUR'), currencyCode: 'EUR' }, appliesOnEachItem: false },
      },
    },
  };
} // prettier-ignore

const percents = fc.integer({ min: 1, max: 10_000 }).map((hundredths) => hundredths / 100);
const amounts = fc.integer({ min: 1, max: 200_000 });
const items = fc.constantFrom<OfferItems>({ all: true }, { collections: [COLLECTION] });
const yesOrNo = fc.boolean();
const combines = fc.record({ product: yesOrNo, order: yesOrNo, shipping: yesOrNo });
const off = fc.oneof(
  fc.record({ kind: fc.constant('percentage' as const), percent: percents, on: items }),
  fc.record({ kind: fc.constant('amount' as const), amountMinor: amounts.map(String), on: items }),
);
const onGoods = fc.record({ gives: off, combines, once: yesOrNo });

test('7 % of 82.81, and every percentage of two decimals of every amount: the same on the page and at both checkouts', () => {
  fc.assert(
    fc.property(onGoods, amounts, (terms, cartMinor) => {
      const cart = cartOf([{ priceMinor: cartMinor, quantity: 1 }]);
      const page = memberPrice(terms, BigInt(cartMinor), [], { currency: 'EUR' }, DAYS).paysMinor;
      expect(BigInt(cartMinor) - saved(cart, nativeCandidate(nativeDiscount(terms), cart))).toBe(page);
      expect(BigInt(cartMinor) - saved(cart, functionCandidate(terms, cart))).toBe(page);
    }),
    {
      numRuns: 400,
      examples: [
        [{ gives: { kind: 'percentage', percent: 7, on: { all: true } }, combines: { product: false, order: false, shipping: false }, once: true }, 8_281],
        // 0.145 in a float is a little less.
        [{ gives: { kind: 'percentage', percent: 14.5, on: { collections: [COLLECTION] } }, combines: { product: false, order: false, shipping: false }, once: true }, 1_000],
      ],
    },
  ); // prettier-ignore
});

test('with one more discount of the store for everybody', () => {
  const theirs = fc.record({
    gives: fc.oneof(
      fc.record({ kind: fc.constant('percentage' as const), percent: percents, on: fc.constant({ all: true as const }) }),
      fc.record({ kind: fc.constant('amount' as const), amountMinor: amounts.map(String), on: fc.constant({ all: true as const }) }),
    ),
    combines,
    once: yesOrNo,
  }); // prettier-ignore
  fc.assert(
    fc.property(onGoods, theirs, amounts, (terms, other, cartMinor) => {
      const cart = cartOf([{ priceMinor: cartMinor, quantity: 1 }]);
      const discount = nativeDiscount(other);
      const { leastMinor } = memberPrice(terms, BigInt(cartMinor), [shown(discount)], { currency: 'EUR' }, DAYS); // prettier-ignore
      for (const ours of [nativeCandidate(nativeDiscount(terms), cart), functionCandidate(terms, cart)]) {
        expect(BigInt(cartMinor) - saved(cart, [...ours, ...nativeCandidate(discount, cart)])).toBe(leastMinor); // prettier-ignore
      }
    }),
    { numRuns: 200 },
  );
});

test('of several lines, a discount of its own takes as much as the function', () => {
  const lines = fc.array(fc.record({ priceMinor: fc.integer({ min: 1, max: 20_000 }), quantity: fc.integer({ min: 1, max: 5 }) }), { minLength: 1, maxLength: 4 }); // prettier-ignore
  const few = fc.integer({ min: 1, max: 3 });
  const given = fc.record({
    kind: fc.constant('buy_x_get_y' as const),
    buy: fc.record({ quantity: few, on: items }),
    get: fc.record({ quantity: few, percent: percents, on: items }),
  });
  const terms = fc.record({ gives: fc.oneof(off, given), combines, once: fc.constant(false) });
  fc.assert(
    fc.property(terms, lines, (ours, wanted) => {
      const cart = cartOf(wanted);
      expect(saved(cart, functionCandidate(ours, cart))).toBe(saved(cart, nativeCandidate(nativeDiscount(ours), cart))); // prettier-ignore
    }),
    { numRuns: 200 },
  );
});

test('what Shopify’s checkout was reported to charge', () => {
  expect([percentOf(7_998n, 4), percentOf(2_300n, 2.17), percentOf(4_600n, 2.17)]).toEqual([319n, 49n, 99n]);
});
