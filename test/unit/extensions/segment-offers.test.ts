import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cartDeliveryOptionsDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_delivery_options_discounts_generate_run.ts';
import { cartLinesDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_lines_discounts_generate_run.ts';
import { priceLines } from '../../../extensions/segment-offers/src/lines.ts';
import type { Offer } from '../../../extensions/segment-offers/src/offer.ts';
import { savingOf } from '../../../extensions/segment-offers/src/saving.ts';
import { checkFunctionOutput } from '../../../sandbox/functions/check-function-output.ts';
import { cartDeliveryInput, cartLinesInput, collectionId, lineId, productId, type TestCart } from './cart.ts';

const percentage = (percent: number, more: Partial<Offer> = {}): Offer =>
  ({
    tag: `offer-${percent}`,
    title: `${percent} %`,
    kind: 'percentage',
    percent,
    on: { all: true },
    ...more,
  }) as Offer;

function run(cart: TestCart) {
  const result = cartLinesDiscountsGenerateRun(cartLinesInput(cart));
  expect(checkFunctionOutput('CartLinesDiscountsGenerateRunResult', result)).toEqual([]);
  return result.operations;
}

function ship(cart: TestCart) {
  const result = cartDeliveryOptionsDiscountsGenerateRun(cartDeliveryInput(cart));
  expect(checkFunctionOutput('CartDeliveryOptionsDiscountsGenerateRunResult', result)).toEqual([]);
  return result.operations;
}

const hundred = [{ price: '100.0' }];

describe('who gets an offer', () => {
  it('the holder of the tag gets 15 % off the order', () => {
    const offers = [percentage(15, { title: 'We miss you' })];
    expect(run({ offers, tags: ['offer-15'], lines: hundred })).toEqual([
      {
        orderDiscountsAdd: {
          selectionStrategy: 'FIRST',
          candidates: [
            {
              message: 'We miss you',
              targets: [{ orderSubtotal: { excludedCartLineIds: [] } }],
              value: { percentage: { value: '15' } },
            },
          ],
        },
      },
    ]);
  });

  it('another customer and an anonymous cart get nothing', () => {
    const offers = [percentage(15)];
    expect(run({ offers, tags: ['vip'], lines: hundred })).toEqual([]);
    expect(run({ offers, lines: hundred })).toEqual([]);
  });

  it('tags are the same in any case, as at Shopify', () => {
    expect(run({ offers: [percentage(15)], tags: ['Offer-15'], lines: hundred })).toHaveLength(1);
  });

  it.each([
    ['2026-11-21', 0],
    ['2026-11-22', 1],
    ['2026-12-06', 1],
    ['2026-12-07', 0],
  ])('from 22 November until 6 December: on %s it gives %d discounts', (date, given) => {
    const offers = [percentage(15, { from: '2026-11-22', until: '2026-12-06' })];
    expect(run({ offers, tags: ['offer-15'], lines: hundred, date })).toHaveLength(given);
  });

  it('a minimum counts the items that the offer is on, in the currency of the customer', () => {
    const offers = [
      percentage(10, { on: { products: [productId(2)] }, minimum: { subtotal: '50.00' } } as Partial<Offer>),
    ];
    const cart = (price: string, rate: string) => ({
      offers,
      rate,
      tags: ['offer-10'],
      lines: [{ price, product: 2 }, { price: '500.0' }],
    });
    expect(run(cart('49.99', '1.0'))).toEqual([]);
    expect(run(cart('50.0', '1.0'))).toHaveLength(1);
    expect(run(cart('50.0', '2.0'))).toEqual([]);
  });

  it('a minimum of pieces', () => {
    const offers = [percentage(10, { minimum: { quantity: 3 } })];
    const cart = (quantity: number) => ({ offers, tags: ['offer-10'], lines: [{ price: '5.0', quantity }] });
    expect(run(cart(2))).toEqual([]);
    expect(run(cart(3))).toHaveLength(1);
  });
});

describe('what an offer is on', () => {
  it('products: only their lines', () => {
    const offers = [percentage(20, { on: { products: [productId(7)] } } as Partial<Offer>)];
    const lines = [
      { price: '10.0', product: 7 },
      { price: '10.0', product: 8 },
    ];
    expect(
      run({ offers, tags: ['offer-20'], lines })[0]?.productDiscountsAdd?.candidates[0]?.targets,
    ).toEqual([{ cartLine: { id: lineId(1) } }]);
    expect(run({ offers, tags: ['offer-20'], lines: [{ price: '10.0', product: 8 }] })).toEqual([]);
  });

  it('collections: lines whose product is in one of them', () => {
    const offers = [
      percentage(20, { on: { collections: [collectionId(3), collectionId(4)] } } as Partial<Offer>),
    ];
    const lines = [
      { price: '10.0', collections: [4] },
      { price: '10.0', collections: [5] },
    ];
    expect(
      run({ offers, tags: ['offer-20'], lines })[0]?.productDiscountsAdd?.candidates[0]?.targets,
    ).toEqual([{ cartLine: { id: lineId(1) } }]);
  });

  it('gift cards are money: never discounted, never counted', () => {
    const offers = [percentage(20, { minimum: { subtotal: '60.00' } })];
    const card = { price: '50.0', giftCard: true };
    expect(run({ offers, tags: ['offer-20'], lines: [card, { price: '20.0' }] })).toEqual([]);
    const [operation] = run({ offers, tags: ['offer-20'], lines: [card, { price: '80.0' }] });
    expect(operation?.orderDiscountsAdd?.candidates[0]?.targets).toEqual([
      { orderSubtotal: { excludedCartLineIds: [lineId(1)] } },
    ]);
  });

  it('an amount is in the currency of the shop, and given in that of the customer', () => {
    const offers: Offer[] = [
      { tag: 't', title: '10 off', kind: 'amount', amount: '10.00', on: { all: true } },
    ];
    const [operation] = run({ offers, tags: ['t'], lines: hundred, rate: '1.5' });
    expect(operation?.orderDiscountsAdd?.candidates[0]?.value).toEqual({ fixedAmount: { amount: '15.00' } });
  });

  it('an amount on products is spread over them once, not given for each', () => {
    const offers: Offer[] = [
      { tag: 't', title: '10 off', kind: 'amount', amount: '10.00', on: { products: [productId(1)] } },
    ];
    const [operation] = run({ offers, tags: ['t'], lines: hundred });
    expect(operation?.productDiscountsAdd?.candidates[0]?.value).toEqual({
      fixedAmount: { amount: '10.00', appliesToEachItem: false },
    });
  });

  it('a discount without the class that the offer needs gives nothing', () => {
    const cart = { offers: [percentage(15)], tags: ['offer-15'], lines: hundred };
    expect(run({ ...cart, classes: ['PRODUCT'] })).toEqual([]);
    expect(run({ ...cart, classes: ['ORDER'] })).toHaveLength(1);
  });
});

describe('buy X, get Y', () => {
  const offer = (more: object = {}): Offer => ({
    tag: 't',
    title: '2 + 1',
    kind: 'buy_x_get_y',
    buy: { quantity: 2, on: { all: true } },
    get: { quantity: 1, percent: 100, on: { all: true } },
    ...more,
  });
  const targets = (lines: TestCart['lines'], more: object = {}) =>
    run({ offers: [offer(more)], tags: ['t'], lines })[0]?.productDiscountsAdd?.candidates[0]?.targets ?? [];

  it('the cheapest piece is given, and a piece counts once', () => {
    expect(targets([{ price: '9.0', quantity: 2 }])).toEqual([]);
    expect(targets([{ price: '9.0', quantity: 2 }, { price: '4.0' }])).toEqual([
      { cartLine: { id: lineId(2), quantity: 1 } },
    ]);
    expect(targets([{ price: '9.0', quantity: 3 }])).toEqual([{ cartLine: { id: lineId(1), quantity: 1 } }]);
  });

  it('as often as the cart allows, or as the offer says', () => {
    expect(targets([{ price: '9.0', quantity: 7 }])).toEqual([{ cartLine: { id: lineId(1), quantity: 2 } }]);
    expect(targets([{ price: '9.0', quantity: 7 }], { usesPerOrder: 1 })).toEqual([
      { cartLine: { id: lineId(1), quantity: 1 } },
    ]);
  });

  it('buy of one product, get of another', () => {
    const apart = {
      buy: { quantity: 1, on: { products: [productId(1)] } },
      get: { quantity: 1, percent: 50, on: { products: [productId(2)] } },
    };
    expect(targets([{ price: '9.0', product: 1, quantity: 5 }], apart)).toEqual([]);
    expect(
      targets(
        [
          { price: '9.0', product: 1 },
          { price: '30.0', product: 2, quantity: 4 },
        ],
        apart,
      ),
    ).toEqual([{ cartLine: { id: lineId(2), quantity: 1 } }]);
  });

  it('gives as much as the best of all k, and never a piece that is bought too', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ cents: fc.integer({ min: 1, max: 9 }), quantity: fc.integer({ min: 1, max: 5 }) }),
          {
            minLength: 1,
            maxLength: 5,
          },
        ),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (pieces, buy, get) => {
          const lines = pieces.map(({ cents, quantity }) => ({ price: `${cents}.0`, quantity }));
          const given = targets(lines, {
            buy: { quantity: buy, on: { all: true } },
            get: { quantity: get, percent: 100, on: { all: true } },
          });
          const total = pieces.reduce((sum, { quantity }) => sum + quantity, 0);
          const taken = given.reduce((sum, { cartLine }) => sum + (cartLine.quantity ?? 0), 0);
          // With everything on both sides, every use needs buy + get pieces.
          expect(taken).toBe(Math.floor(total / (buy + get)) * get);
        },
      ),
    );
  });
});

describe('the best offer wins', () => {
  it('whatever the order in the metafield', () => {
    const offers: Offer[] = [
      percentage(10),
      { tag: 'amount', title: '12 off', kind: 'amount', amount: '12.00', on: { all: true } },
      percentage(11),
    ];
    const tags = ['offer-10', 'amount', 'offer-11'];
    const title = (price: string, all: Offer[]) =>
      run({ offers: all, tags, lines: [{ price }] })[0]?.orderDiscountsAdd?.candidates[0]?.message;
    for (const all of [offers, [...offers].reverse()]) {
      expect(title('100.0', all)).toBe('12 off');
      expect(title('200.0', all)).toBe('11 %');
    }
  });

  it('only one is given, and none saves more', () => {
    const offer = fc.oneof(
      fc.integer({ min: 1, max: 100 }).map((percent) => percentage(percent)),
      fc.integer({ min: 1, max: 300 }).map((amount): Offer => ({
        tag: `a${amount}`,
        title: `${amount} off`,
        kind: 'amount',
        amount: `${amount}`,
        on: { all: true },
      })),
    );
    fc.assert(
      fc.property(
        fc.array(offer, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 500 }),
        (offers, price) => {
          const cart = { offers, tags: offers.map(({ tag }) => tag), lines: [{ price: `${price}.0` }] };
          const operations = run(cart);
          expect(operations).toHaveLength(1);
          const lines = priceLines(cartLinesInput(cart).cart.lines);
          const won = offers.find(
            ({ title }) => title === operations[0]?.orderDiscountsAdd?.candidates[0]?.message,
          );
          const savings = offers.map((each) => savingOf(each, lines, '1.0'));
          const most = savings.reduce((a, b) => (a > b ? a : b));
          expect(won && savingOf(won, lines, '1.0')).toBe(most);
        },
      ),
    );
  });
});

describe('free shipping', () => {
  const offers: Offer[] = [
    { tag: 'ship', title: 'Free shipping', kind: 'free_shipping', minimum: { subtotal: '30' } },
  ];

  it('for the holder, on every delivery group', () => {
    const [operation] = ship({ offers, tags: ['ship'], lines: hundred, deliveryGroups: 2 });
    expect(operation?.deliveryDiscountsAdd.candidates[0]?.targets).toHaveLength(2);
    expect(run({ offers, tags: ['ship'], lines: hundred })).toEqual([]);
  });

  it('not below the minimum, without the class, for others, or without a delivery', () => {
    const cart = { offers, tags: ['ship'], lines: hundred };
    expect(ship({ ...cart, lines: [{ price: '29.99' }] })).toEqual([]);
    expect(ship({ ...cart, classes: ['ORDER'] })).toEqual([]);
    expect(ship({ ...cart, tags: [] })).toEqual([]);
    expect(ship({ ...cart, deliveryGroups: 0 })).toEqual([]);
  });
});

describe('a metafield that is not well formed', () => {
  it.each([null, 5, [], { offers: 'x' }, { offers: [null, 5, {}] }])('%j gives nothing', (value) => {
    const input = cartLinesInput({ offers: [percentage(15)], tags: ['offer-15'], lines: hundred });
    input.discount.metafield = { jsonValue: value };
    expect(cartLinesDiscountsGenerateRun(input)).toEqual({ operations: [] });
  });

  it.each([
    { percent: 101 }, { percent: 0 }, { percent: '15' }, { on: {} }, { on: { products: [1] } }, { tag: '' },
    { minimum: { subtotal: '-1' } }, { minimum: {} }, { from: 5 }, { kind: 'other' },
    { kind: 'amount' }, { kind: 'amount', amount: '1e9' }, { kind: 'buy_x_get_y', buy: {}, get: {} },
  ])('an offer with %j is left out, the others stay', (fault) => {
    const broken = { ...percentage(50), tag: 'offer-15', ...fault };
    const input = cartLinesInput({ offers: [percentage(15)], tags: ['offer-15'], lines: hundred });
    input.discount.metafield = { jsonValue: { offers: [broken, percentage(15)] } };
    const [operation] = cartLinesDiscountsGenerateRun(input).operations;
    expect(operation?.orderDiscountsAdd?.candidates[0]?.value).toEqual({ percentage: { value: '15' } });
  }); // prettier-ignore
});
