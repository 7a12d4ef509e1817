/** Offers of the function, spread over as many app discounts as their size asks for. */
import { expect, test } from 'vitest';
import {
  fitsOneDiscount,
  functionMetafields,
  MAX_METAFIELD_BYTES,
  slotFor,
  type ServedOffer,
} from '../../../app/activation/offers/function-offers.ts';
import type { LocalDate } from '../../../app/local-date.ts';
import { readOffers } from '../../../extensions/segment-offers/src/offer.ts';

const ids = (count: number, from: number) =>
  Array.from({ length: count }, (_, i) => String(9_000_000_000_000 + from + i));

const offer = (
  n: number,
  products: number,
  combines: Partial<ServedOffer['terms']['combines']> = {},
): ServedOffer => ({
  id: String(n),
  tag: `regulars-offer-segment-${n}`,
  title: `Offer ${n} (Regulars)`,
  terms: {
    gives: {
      kind: 'percentage',
      percent: 10,
      on: products === 0 ? { all: true } : { products: ids(products, n * 100) },
    },
    combines: { product: false, order: false, shipping: true, ...combines },
    once: true,
  },
  startsOn: '2026-11-22' as LocalDate,
  endsOn: '2027-02-20' as LocalDate,
});

function spread(offers: readonly ServedOffer[]): Map<number, ServedOffer[]> {
  const slots = new Map<number, ServedOffer[]>();
  for (const one of offers) {
    const slot = slotFor(one, slots, 'EUR');
    slots.set(slot, [...(slots.get(slot) ?? []), one]);
  }
  return slots;
}

const sizes = (offers: readonly ServedOffer[]) => {
  const { offers: list, variables } = functionMetafields(offers, 'EUR');
  return [list, variables].map((text) => new TextEncoder().encode(text).length);
};

test('thirty plain offers fit one discount', () => {
  const slots = spread(Array.from({ length: 30 }, (_, i) => offer(i + 1, 0)));
  expect([...slots.keys()]).toEqual([1]);
});

test('offers with long lists of products take several, each within 10,000 bytes and with room for a longer prefix', () => {
  const slots = spread(Array.from({ length: 12 }, (_, i) => offer(i + 1, 100)));
  expect(slots.size).toBe(6);
  for (const served of slots.values()) {
    for (const size of sizes(served)) expect(size).toBeLessThanOrEqual(MAX_METAFIELD_BYTES);
    const longer = served.map((one) => ({
      ...one,
      tag: `a-prefix-of-forty-characters-or-so-at-most-${one.tag}`,
    }));
    for (const size of sizes(longer)) expect(size).toBeLessThanOrEqual(MAX_METAFIELD_BYTES);
  }
  // The next small one goes where there is room.
  expect(slotFor(offer(99, 0), slots, 'EUR')).toBe(1);
});

test('what may be combined belongs to the discount: others have one of their own', () => {
  const slots = spread([
    offer(1, 0),
    offer(2, 0, { order: true }),
    offer(3, 0),
    offer(4, 0, { order: true }),
  ]);
  expect([...slots.values()].map((served) => served.map(({ id }) => id))).toEqual([
    ['1', '3'],
    ['2', '4'],
  ]);
});

test('free shipping never shares a discount with offers on goods, whatever either combines with', () => {
  const ship = (n: number, combines: Partial<ServedOffer['terms']['combines']>): ServedOffer => {
    const one = offer(n, 0, { shipping: false, ...combines });
    return { ...one, terms: { ...one.terms, gives: { kind: 'free_shipping' } } };
  };
  const slots = spread([
    offer(1, 0, { shipping: false }),
    ship(2, {}),
    offer(3, 2, { shipping: false }),
    ship(4, {}),
    ship(5, { order: true }),
    offer(6, 0, { shipping: false, order: true }),
  ]);
  expect([...slots.values()].map((served) => served.map(({ id }) => id))).toEqual([
    ['1', '3'],
    ['2', '4'],
    ['5'],
    ['6'],
  ]);
});

test('one offer that alone is too large has a discount of its own, and says that it does not fit', () => {
  const wide = { ...offer(1, 100), title: 'ü'.repeat(5_000) };
  expect(fitsOneDiscount([wide], 'EUR')).toBe(false);
  expect(slotFor(wide, new Map([[1, [offer(2, 0)]]]), 'EUR')).toBe(2);
});

test('what is written is what the function reads', () => {
  const served = [offer(1, 3), offer(2, 0)];
  const { offers, variables } = functionMetafields(served, 'EUR');
  const { tags } = JSON.parse(variables) as { tags: string[] };
  expect(readOffers(JSON.parse(offers), new Set(tags)).map(({ tag }) => tag)).toEqual(
    served.map(({ tag }) => tag),
  );
});
