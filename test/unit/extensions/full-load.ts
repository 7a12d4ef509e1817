/** Thirty offers of every kind and free shipping, all held, and a full cart; and what they may take. */
import type { Offer } from '../../../extensions/segment-offers/src/offer.ts';
import { collectionId, type TestCart } from './cart.ts';

/** Of Shopify's: 256 kB of wasm, 64 kB of input, 10 kB a metafield. Steps are calls and jumps in QuickJS. */
export const FULL_LOAD_LIMITS = {
  bundleBytes: 16_000,
  metafieldBytes: 10_000,
  inputBytes: 64_000,
  steps: 60_000,
} as const;

const offers: Offer[] = Array.from({ length: 30 }, (_, i): Offer => {
  const base = { tag: `regulars-offer-${i}`, title: `Offer ${i}`, until: '2026-12-31' };
  const on = { collections: [collectionId(i % 10)] };
  if (i % 3 === 0) return { ...base, kind: 'percentage', percent: i + 1, on };
  if (i % 3 === 1) return { ...base, kind: 'amount', amount: `${i}.50`, on: { all: true } };
  const get = { quantity: 1, percent: 100, on };
  return { ...base, kind: 'buy_x_get_y', buy: { quantity: 2, on: { all: true } }, get };
});

export const FULL_LOAD: TestCart & { offers: Offer[]; tags: string[] } = {
  offers: [...offers, { tag: 'ship', title: 'Free shipping', kind: 'free_shipping' }],
  tags: [...offers.map(({ tag }) => tag), 'ship'],
  lines: Array.from({ length: 50 }, (_, i) => ({
    product: i,
    price: `${(i % 7) + 1}.90`,
    quantity: (i % 4) + 1,
    collections: [i % 10, (i + 3) % 10],
  })),
};
