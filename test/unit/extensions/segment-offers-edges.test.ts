/** The discount function at its edges: carts without anything, money of every currency and size, equals, near-equal tags. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyExponent, parseMinor, decimalOf as exactDecimal } from '../../../app/money.ts';
import { cartDeliveryOptionsDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_delivery_options_discounts_generate_run.ts';
import { cartLinesDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_lines_discounts_generate_run.ts';
import { convert, decimalOf, microsOf, shareOf } from '../../../extensions/segment-offers/src/money.ts';
import type { Offer } from '../../../extensions/segment-offers/src/offer.ts';
import { checkFunctionOutput } from '../../../sandbox/functions/check-function-output.ts';
import { cartDeliveryInput, cartLinesInput, lineId, productId, type TestCart } from './cart.ts';

const all = { all: true } as const;
const percent = (tag: string, value: number, more: object = {}): Offer =>
  ({ tag, title: `${tag} ${value} %`, kind: 'percentage', percent: value, on: all, ...more }) as Offer;
const amount = (tag: string, value: string, more: object = {}): Offer =>
  ({ tag, title: `${tag} ${value} off`, kind: 'amount', amount: value, on: all, ...more }) as Offer;
const give = (tag: string, more: object = {}): Offer =>
  ({ tag, title: '1 + 1', kind: 'buy_x_get_y', buy: { quantity: 1, on: all }, get: { quantity: 1, percent: 100, on: all }, ...more }) as Offer; // prettier-ignore

function run(cart: TestCart) {
  const result = cartLinesDiscountsGenerateRun(cartLinesInput(cart));
  expect(checkFunctionOutput('CartLinesDiscountsGenerateRunResult', result)).toEqual([]);
  return result.operations;
}
function ship(cart: TestCart) {
  return cartDeliveryOptionsDiscountsGenerateRun(cartDeliveryInput({ deliveryGroups: 1, ...cart }))
    .operations;
}
const won = (cart: TestCart) => run(cart)[0]?.orderDiscountsAdd?.candidates[0];

describe('an offer on goods and free shipping in one discount', () => {
  const goods = percent('t', 10, { minimum: { subtotal: '50' } });
  const free: Offer = { tag: 't', title: 'Free', kind: 'free_shipping' };
  const cart = (price: string, more: Partial<TestCart> = {}) => ({
    offers: [free, goods],
    tags: ['t'],
    lines: [{ price }],
    ...more,
  });
  const given = (one: TestCart) => [run(one).length, ship(one).length];

  it('one of the two, in whatever order they stand: goods where they are cheaper by it', () => {
    expect(given(cart('60.0'))).toEqual([1, 0]);
    expect(given(cart('60.0', { offers: [goods, free] }))).toEqual([1, 0]);
  });

  it('free shipping where nothing comes off the goods', () => {
    expect(given(cart('40.0'))).toEqual([0, 1]);
    expect(given(cart('60.0', { lines: [{ price: '60.0', giftCard: true }] }))).toEqual([0, 1]);
    expect(given(cart('60.0', { date: '2027-01-01', offers: [free, { ...goods, until: '2026-12-31' }] }))).toEqual([0, 1]); // prettier-ignore
    expect(given(cart('60.0', { classes: ['SHIPPING'] }))).toEqual([0, 1]);
  });

  it('never both: the two targets choose alike from whatever a customer holds', () => {
    const price = fc.integer({ min: 1, max: 90_000 }).map((cents) => (cents / 100).toFixed(2));
    const one = fc.oneof(
      fc.constant(free),
      fc.integer({ min: 1, max: 100 }).map((value) => percent('t', value)),
      fc.tuple(price, price).map(([off, from]) => amount('t', off, { minimum: { subtotal: from } })),
      fc.constant(give('t')),
    );
    const lines = fc.array(
      fc.record({ price, quantity: fc.integer({ min: 1, max: 3 }), giftCard: fc.boolean() }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.array(one, { minLength: 1, maxLength: 5 }), lines, (offers, inCart) => {
        const [onGoods = 0, onShipping = 0] = given({ offers, tags: ['t'], lines: inCart });
        expect(onGoods + onShipping).toBeLessThanOrEqual(1);
        expect(onShipping).toBe(offers.includes(free) && onGoods === 0 ? 1 : 0);
      }),
    );
  });
});

describe('carts', () => {
  const offers = [
    percent('t', 15),
    amount('t', '5.00'),
    give('t'),
    { tag: 't', title: 'Free', kind: 'free_shipping' },
  ];

  it('an empty one gets nothing', () => {
    expect(run({ offers, tags: ['t'], lines: [] })).toEqual([]);
    const input = cartDeliveryInput({ offers, tags: ['t'], lines: [], deliveryGroups: 0 });
    expect(cartDeliveryOptionsDiscountsGenerateRun(input)).toEqual({ operations: [] });
  });

  it('a line without pieces is neither discounted, nor bought, nor given', () => {
    expect(run({ offers, tags: ['t'], lines: [{ price: '9.0', quantity: 0 }] })).toEqual([]);
    const lines = [
      { price: '1.0', quantity: 0 },
      { price: '9.0', quantity: 2 },
    ];
    const [operation] = run({ offers: [give('t')], tags: ['t'], lines });
    expect(operation?.productDiscountsAdd?.candidates[0]?.targets).toEqual([
      { cartLine: { id: lineId(2), quantity: 1 } },
    ]);
    const [on] = run({
      offers: [percent('t', 10, { on: { products: [productId(1)] } })],
      tags: ['t'],
      lines,
    });
    expect(on?.productDiscountsAdd?.candidates[0]?.targets).toEqual([{ cartLine: { id: lineId(2) } }]);
  });

  it('a cart of nothing but gift cards, and one that costs nothing, get nothing', () => {
    expect(run({ offers, tags: ['t'], lines: [{ price: '50.0', giftCard: true }] })).toEqual([]);
    expect(run({ offers, tags: ['t'], lines: [{ price: '0.0', quantity: 3 }] })).toEqual([]);
  });
});

describe('money', () => {
  const value = (cart: Partial<TestCart>, given: string) =>
    won({ offers: [amount('t', given)], tags: ['t'], lines: [{ price: '999999.0' }], ...cart })?.value;

  it.each([
    ['EUR', '10.00', '1.0', '10.00'],
    ['JPY', '1500', '1.0', '1500'],
    ['KWD', '1.250', '1.0', '1.250'],
    ['JPY', '10.00', '163.4567', '1635'],
    ['KWD', '10.00', '0.330005', '3.300'],
    ['USD', '1500', '0.0061235', '9.19'],
    // 1.005 is 1.00499999... as a float.
    ['USD', '1.00', '1.005', '1.01'],
  ])('%s: %s at a rate of %s is %s', (currency, given, rate, shown) => {
    expect(value({ currency, rate }, given)).toEqual({ fixedAmount: { amount: shown } });
  });

  it('amounts beyond what a float holds stay exact', () => {
    const price = '900719925474099.37';
    expect(value({ lines: [{ price }] }, '900719925474099.37')).toEqual({ fixedAmount: { amount: price } });
    // One minor unit more wins, and one less than the minimum does not reach it.
    const offers = [amount('a', '900719925474099.36'), amount('b', '900719925474099.37')];
    expect(won({ offers, tags: ['a', 'b'], lines: [{ price }] })?.message).toContain('b');
    const least = [percent('t', 10, { minimum: { subtotal: '900719925474099.37' } })];
    expect(run({ offers: least, tags: ['t'], lines: [{ price: '900719925474099.36' }] })).toEqual([]);
    expect(run({ offers: least, tags: ['t'], lines: [{ price }] })).toHaveLength(1);
  });

  it('a tenth three times is three tenths: a minimum is reached by adding up', () => {
    const offers = [percent('t', 10, { minimum: { subtotal: '0.30' } })];
    expect(run({ offers, tags: ['t'], lines: [{ price: '0.1', quantity: 3 }] })).toHaveLength(1);
    expect(run({ offers, tags: ['t'], lines: [{ price: '0.1' }, { price: '0.2' }] })).toHaveLength(1);
  });

  it('rounds as the app does, in every currency', () => {
    const currencies = ['EUR', 'JPY', 'KWD', 'ISK', 'TND', 'XOF', 'USD', 'BHD', 'CLP', 'HUF'];
    fc.assert(
      fc.property(fc.constantFrom(...currencies), fc.bigInt(0n, 10n ** 17n), (currency, micros) => {
        const text = `${micros / 1_000_000n}.${(micros % 1_000_000n).toString().padStart(6, '0')}`;
        expect(microsOf(text)).toBe(micros);
        expect(decimalOf(micros, currency)).toBe(exactDecimal(parseMinor(text, currency) ?? -1n, currency));
        expect(currencyExponent(currency)).toBe((decimalOf(micros, currency).split('.')[1] ?? '').length);
      }),
    );
    expect(shareOf(microsOf('99.99'), 12.5)).toBe(12_498_750n);
    expect(convert(microsOf('3.00'), '1')).toBe(3_000_000n);
  });
});

describe('who wins', () => {
  it('of equals the first of the metafield', () => {
    const lines = [{ price: '100.0' }];
    const [a, b] = [percent('t', 10), amount('u', '10.00')];
    expect(won({ offers: [a, b], tags: ['t', 'u'], lines })?.message).toBe(a?.title);
    expect(won({ offers: [b, a], tags: ['t', 'u'], lines })?.message).toBe(b?.title);
  });

  it('a tag that begins as another one is another one', () => {
    const offers = [percent('offer-vip-2', 50), percent('offer-vip', 10)];
    const lines = [{ price: '100.0' }];
    expect(won({ offers, tags: ['offer-vip'], lines })?.value).toEqual({ percentage: { value: '10' } });
    expect(won({ offers, tags: ['offer-vi'], lines })).toBeUndefined();
    expect(won({ offers, tags: ['offer-vip-2'], lines })?.value).toEqual({ percentage: { value: '50' } });
  });
});
