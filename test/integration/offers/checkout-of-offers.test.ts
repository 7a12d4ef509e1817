/**
 * Every kind of offer, on all / products / collections, carried in each of the three ways, through the sandbox's
 * checkout: what a holder pays, and that another customer, an anonymous cart and a former holder pay the full price.
 * Twenty-seven segments in one store, an offer each; then minimum, dates, combinations and limits.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changeOfferState } from '../../../app/activation/offers/change-state.server.ts';
import { storeOfferGap } from '../../../app/activation/offers/offer-gap.server.ts';
import { shareOf } from '../../../app/activation/offers/most-cost.ts';
import type { OfferForm } from '../../../app/activation/offers/offer-form.ts';
import { readOpenOffers } from '../../../app/activation/offers/read-offers.server.ts';
import { createSegment } from '../../../app/segments/create-segment.server.ts';
import { createOfferWorld, type Checkout, type OfferWorld } from '../../support/offer-world.ts';

const WAYS = ['native', 'code', 'function'] as const;
type Way = (typeof WAYS)[number];

let one: OfferWorld;
/** A shirt at 30.00 and a cap at 40.00, each in a collection of its own. */
let shirt: string;
let cap: string;
let shirts: string;
let caps: string;

const BANDS = 33;
const keyOf = (band: number) => `band-${band}`;
/** Customer k ordered 2k days ago: six customers to a band. */
const customerOf = (band: number) => 6 * band - 3;

interface Kind {
  what: string;
  form: () => Partial<OfferForm>;
  /** Of two shirts, a cap and 5.00 of shipping, which are 105.00. */
  pays: string;
  /** Of a cart with nothing but another thing at 80.00 and shipping, which are 85.00. */
  other: string;
}

const KINDS: Kind[] = [
  { what: '10 % off everything', form: () => ({ percent: '10' }), pays: '95.00', other: '77.00' },
  { what: '10 % off a product', form: () => ({ percent: '10', on: 'products', items: shirt }), pays: '99.00', other: '85.00' },
  { what: '10 % off a collection', form: () => ({ percent: '10', on: 'collections', items: caps }), pays: '101.00', other: '85.00' },
  { what: '15.00 off everything', form: () => ({ kind: 'amount', amount: '15' }), pays: '90.00', other: '70.00' },
  { what: '15.00 off a product', form: () => ({ kind: 'amount', amount: '15', on: 'products', items: shirt }), pays: '90.00', other: '85.00' },
  { what: '50.00 off a collection that has 40.00 in the cart', form: () => ({ kind: 'amount', amount: '50', on: 'collections', items: caps }), pays: '65.00', other: '85.00' },
  { what: 'free shipping', form: () => ({ kind: 'free_shipping', combineShipping: '' }), pays: '100.00', other: '80.00' },
  { what: 'two shirts, a cap free', form: () => ({ kind: 'buy_x_get_y', buyOn: 'products', buyItems: shirt, on: 'products', items: cap }), pays: '65.00', other: '85.00' },
  { what: 'two of one collection, one of the other at half price', form: () => ({ kind: 'buy_x_get_y', buyOn: 'collections', buyItems: shirts, on: 'collections', items: caps, getPercent: '50' }), pays: '85.00', other: '85.00' },
]; // prettier-ignore

const CASES = KINDS.flatMap((kind, i) =>
  WAYS.map((way, j) => ({ ...kind, way, band: i * WAYS.length + j + 1 })),
);

const code = (way: Way, band: number) => (way === 'code' ? { code: `CODE-${band}` } : {});
const cart = (lines: object[], more: Record<string, unknown> = {}) => ({ lines, shipping: '5.00', ...more });
const both = () => [{ product: shirt, quantity: 2 }, { product: cap }];
const buys = (k: number | null, more: Record<string, unknown>): Promise<Checkout> =>
  one.checkout(k, '0', more);

beforeAll(async () => {
  one = await createOfferWorld();
  const made = async (route: string, body: Record<string, unknown>) =>
    ((await one.control(route, body)) as { result: { id: string } }).result.id;
  shirt = await made('create-product', { title: 'Shirt', price: '30.00' });
  cap = await made('create-product', { title: 'Cap', price: '40.00' });
  shirts = await made('create-collection', { title: 'Shirts', products: [shirt] });
  caps = await made('create-collection', { title: 'Caps', products: [cap] });
  await one.inShop(async (tx) => {
    for (let band = 1; band <= BANDS; band++) {
      await createSegment(tx, {
        name: `Band ${band}`,
        rule: { v: 1, where: { field: 'days_since_last_order', op: 'between', value: [12 * band - 11, 12 * band] } },
        actor: '42',
        now: one.now(),
      });
    }
  }); // prettier-ignore
  await one.settle();
  await one.turnOn(Array.from({ length: BANDS }, (_, i) => keyOf(i + 1)));
  for (const { what, form, way, band } of CASES) {
    const made = await one.offer(keyOf(band), {
      name: `${what} by ${way}`,
      ...form(),
      way,
      ...code(way, band),
    });
    expect(made.outcome).toBe('done');
  }
  await one.settle();
}, 300_000);
afterAll(() => one?.close());

test('twenty-seven offers, nine of them automatic discounts of their own, nine codes, nine by the function', () => {
  const all = [...one.world.store.discounts.all()];
  const of = (method: string, app: boolean) =>
    all.filter((discount) => discount.method === method && (discount.kind === 'app') === app).length;
  expect([of('automatic', false), of('code', false)]).toEqual([9, 9]);
  // Free shipping has an app discount of its own.
  expect(of('automatic', true)).toBe(2);
  expect(all.every(({ title, endsAt }) => / \(Regulars\)$/.test(title) && endsAt !== null)).toBe(true);
});

describe.each(CASES)('$what by $way', ({ way, band, pays, other }) => {
  const more = () => cart(both(), code(way, band));

  test('the holder pays less, others do not', async () => {
    expect((await buys(customerOf(band), more())).total).toBe(pays);
    expect((await buys(200, more())).total).toBe('105.00');
    expect((await buys(null, more())).total).toBe('105.00');
  });

  test('it takes off no more than was said to be the most of such an order', async () => {
    const offer = (await one.inShop(readOpenOffers)).find(({ segmentKey }) => segmentKey === keyOf(band));
    if (!offer) throw new Error(keyOf(band));
    const { part, of } = shareOf(offer.terms);
    // The goods are 100.00.
    expect(105 - Number(pays)).toBeLessThanOrEqual((100 * part) / of);
  });

  test('a cart with other things', async () => {
    const lines = [{ title: 'Something else', price: '80.00' }];
    expect((await buys(customerOf(band), cart(lines, code(way, band)))).total).toBe(other);
  });
});

test.each(CASES.filter(({ what }) => what.startsWith('two ')))(
  '$what by $way, twice in one cart: given once',
  async ({ way, band, pays }) => {
    const lines = [{ product: shirt, quantity: 4 }, { product: cap, quantity: 2 }]; // prettier-ignore
    const off = 105 - Number(pays);
    const { total } = await buys(customerOf(band), cart(lines, code(way, band)));
    expect(Number(total)).toBe(205 - off);
  },
);

async function endAll(): Promise<void> {
  for (const { id } of await one.inShop(readOpenOffers)) {
    await changeOfferState(one.world.ctx, one.shopId, { offerId: id, step: 'end', actor: '42', now: one.now() });
  } // prettier-ignore
  await one.settle();
}

test('ended, every former holder pays the full price and the store has none of it', async () => {
  await endAll();
  for (const { way, band } of CASES) {
    expect((await buys(customerOf(band), cart(both(), code(way, band)))).total, `band ${band}`).toBe(
      '105.00',
    );
  }
  expect([...one.world.store.discounts.all()]).toEqual([]);
}, 120_000);

describe.each(WAYS)('conditions, by %s', (way) => {
  const band = 28 + WAYS.indexOf(way);
  const k = customerOf(band);
  const total = async (lines: object[], more: Record<string, unknown> = {}) =>
    (await buys(k, cart(lines, { ...code(way, band), ...more }))).total;
  const end = async () => {
    const [offer] = (await one.inShop(readOpenOffers)).filter(({ segmentKey }) => segmentKey === keyOf(band));
    await changeOfferState(one.world.ctx, one.shopId, {
      offerId: offer?.id ?? '',
      step: 'end',
      actor: '42',
      now: one.now(),
    });
    await one.inShop((tx) => tx.query('DELETE FROM offer_holder'));
    await one.settle();
  };
  const make = async (form: Partial<OfferForm>) => {
    const made = await one.offer(keyOf(band), {
      name: `Condition ${band}`,
      way,
      ...code(way, band),
      ...form,
    });
    expect(made.outcome).toBe('done');
    await one.settle();
  };

  test('a minimum of money, and of pieces, of what it is on', async () => {
    const on = { percent: '50', on: 'products', items: cap };
    await make({ ...on, minimumKind: 'subtotal', minimum: '80' });
    expect(await total([{ product: cap }, { product: shirt, quantity: 5 }])).toBe('195.00');
    expect(await total([{ product: cap, quantity: 2 }])).toBe('45.00');
    await end();
    await make({ ...on, minimumKind: 'quantity', minimum: '3' });
    expect(await total([{ product: cap, quantity: 2 }])).toBe('85.00');
    expect(await total([{ product: cap, quantity: 3 }])).toBe('65.00');
    await end();
  }, 120_000);

  test('combined with a discount of the merchant only where both agree', async () => {
    // 10 % off everything for everybody, which may be used with all others.
    await one.control('create-discount', { title: 'Sale', percent: 10, combines: true });
    const [sale] = [...one.world.store.discounts.all()];
    await make({ percent: '50', on: 'products', items: cap, combineOrder: '' });
    // The better one: 20.00 off the cap is more than 7.00.
    expect(await total([{ product: cap }, { product: shirt }])).toBe('55.00');
    await end();
    await make({ percent: '50', on: 'products', items: cap, combineOrder: 'yes' });
    // 20.00 off the cap, then a tenth of the 50.00 that are left.
    expect(await total([{ product: cap }, { product: shirt }])).toBe('50.00');
    await end();
    await one.control('delete-discount', { discount: sale?.id });
    await one.settle();
  }, 120_000);
});

describe('a price offer and free shipping of one person, by the function', () => {
  const k = customerOf(32);
  const pays = async (price: string) => {
    const { total, discounts } = await buys(k, cart([{ title: 'Coat', price }]));
    return [total, ...discounts.map(({ message }) => message)];
  };
  async function both(combine: { price: Partial<OfferForm>; shipping: Partial<OfferForm> }): Promise<void> {
    for (const { id } of await one.inShop(readOpenOffers)) {
      await changeOfferState(one.world.ctx, one.shopId, { offerId: id, step: 'end', actor: '42', now: one.now() });
    }
    await one.offer(keyOf(32), { name: 'Tenth', percent: '10', way: 'function', ...combine.price });
    await one.offer('also-them', { name: 'Post', kind: 'free_shipping', way: 'function', combineShipping: '', ...combine.shipping });
    await one.settle();
  } // prettier-ignore

  beforeAll(async () => {
    const rule = { v: 1, where: { field: 'days_since_last_order', op: 'between', value: [12 * 32 - 11, 12 * 32] } };
    await one.inShop(async (tx) => {
      await createSegment(tx, { name: 'Also them', rule, actor: '42', now: one.now() });
      await storeOfferGap(tx, 0);
    });
    await one.turnOn(['also-them']);
  }, 120_000); // prettier-ignore

  test('that do not combine: the better of the two, and only that one', async () => {
    await both({ price: { combineShipping: '' }, shipping: {} });
    // 10.00 off the goods, or 5.00 of shipping.
    expect(await pays('100.00')).toEqual(['95.00', 'Tenth (Regulars)']);
    // 3.00 off the goods, or 5.00 of shipping.
    expect(await pays('30.00')).toEqual(['30.00', 'Post (Regulars)']);
  }, 120_000);

  test('of which only one says that they combine: the better of the two', async () => {
    await both({ price: { combineShipping: 'yes' }, shipping: {} });
    expect(await pays('100.00')).toEqual(['95.00', 'Tenth (Regulars)']);
    expect(await pays('30.00')).toEqual(['30.00', 'Post (Regulars)']);
  }, 120_000);

  test('that combine: both', async () => {
    await both({ price: { combineShipping: 'yes' }, shipping: { combineOrder: 'yes' } });
    expect(await pays('100.00')).toEqual(['90.00', 'Tenth (Regulars)', 'Post (Regulars)']);
  }, 120_000);
});

test('a code stops after so many uses in all, and before its first day and after its last nobody gets it', async () => {
  const band = 31;
  const k = customerOf(band);
  const made = await one.offer(keyOf(band), {
    name: 'Limited', way: 'code', code: 'FEW', percent: '10', usageLimit: '2', once: '',
    startsOn: '2026-11-24', endsOn: '2026-11-26',
  }); // prettier-ignore
  expect(made.outcome).toBe('done');
  await one.settle();
  const pays = async (who = k) => (await one.checkout(who, '100.00', { code: 'FEW' })).total;
  expect(await pays()).toBe('100.00');
  await one.until('2026-11-24T00:00:00+01:00');
  expect(await pays()).toBe('90.00');
  for (const who of [k, k + 1]) {
    expect((await one.checkout(who, '100.00', { code: 'FEW', place: true })).total).toBe('90.00');
  }
  expect(await pays(k - 1)).toBe('100.00');
  await one.until('2026-11-27T00:00:00+01:00');
  expect(await pays()).toBe('100.00');
}, 120_000);

test('a code: once a customer in Shopify itself, before the app has heard of the order; paused, it gives nothing', async () => {
  await endAll();
  const band = 32;
  const [k, other] = [customerOf(band), customerOf(band) - 1];
  const made = await one.offer(keyOf(band), { name: 'Once', way: 'code', code: 'ONCE', percent: '10' });
  if (made.outcome !== 'done') throw new Error(made.outcome);
  await one.settle();
  const pays = async (who: number, more = {}) =>
    (await one.checkout(who, '100.00', { code: 'ONCE', ...more })).total;
  const step = async (what: 'pause' | 'resume') => {
    const word = { offerId: made.offerId, step: what, actor: '42', now: one.now() };
    await changeOfferState(one.world.ctx, one.shopId, word);
    await one.settle();
  };
  expect(await pays(k, { place: true })).toBe('90.00');
  expect(await pays(k)).toBe('100.00');
  expect(await pays(other)).toBe('90.00');
  await step('pause');
  expect(await pays(other)).toBe('100.00');
  await step('resume');
  expect(await pays(other)).toBe('90.00');
}, 120_000);
