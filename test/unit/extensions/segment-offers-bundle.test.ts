import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cartDeliveryOptionsDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_delivery_options_discounts_generate_run.ts';
import { cartLinesDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_lines_discounts_generate_run.ts';
import type { Offer } from '../../../extensions/segment-offers/src/offer.ts';
import { bundleFunction } from '../../../sandbox/functions/bundle-function.ts';
import { checkFunctionOutput } from '../../../sandbox/functions/check-function-output.ts';
import { runBundle } from '../../../sandbox/functions/run-bundle.ts';
import { cartDeliveryInput, cartLinesInput, collectionId, SOURCES, type TestCart } from './cart.ts';

/** Of Shopify's limits: 256 kB of wasm, 64 kB of input, 10 kB a metafield. */
const MOST_BUNDLE_BYTES = 16_000;
const MOST_METAFIELD_BYTES = 10_000;
const MOST_INPUT_BYTES = 64_000;

/** Thirty offers of every kind, all held, and a full cart. */
const offers: Offer[] = Array.from({ length: 30 }, (_, i): Offer => {
  const base = { tag: `regulars-offer-${i}`, title: `Offer ${i}`, until: '2026-12-31' };
  const on = { collections: [collectionId(i % 10)] };
  if (i % 3 === 0) return { ...base, kind: 'percentage', percent: i + 1, on };
  if (i % 3 === 1) return { ...base, kind: 'amount', amount: `${i}.50`, on: { all: true } };
  const get = { quantity: 1, percent: 100, on };
  return { ...base, kind: 'buy_x_get_y', buy: { quantity: 2, on: { all: true } }, get };
});
const big: TestCart = {
  offers: [...offers, { tag: 'ship', title: 'Free shipping', kind: 'free_shipping' }],
  tags: [...offers.map(({ tag }) => tag), 'ship'],
  lines: Array.from({ length: 50 }, (_, i) => ({
    product: i,
    price: `${(i % 7) + 1}.90`,
    quantity: (i % 4) + 1,
    collections: [i % 10, (i + 3) % 10],
  })),
};

let lines = '';
let delivery = '';

beforeAll(async () => {
  lines = await bundleFunction(path.join(SOURCES, 'index.ts'), 'cartLinesDiscountsGenerateRun');
  delivery = await bundleFunction(path.join(SOURCES, 'index.ts'), 'cartDeliveryOptionsDiscountsGenerateRun');
});

describe('the bundle of the discount function', () => {
  it('answers in QuickJS as the sources do, within the schema', async () => {
    const input = cartLinesInput(big);
    const { output } = await runBundle(lines, input);
    expect(output).toEqual(cartLinesDiscountsGenerateRun(input));
    expect(checkFunctionOutput('CartLinesDiscountsGenerateRunResult', output)).toEqual([]);
    expect((output as { operations: unknown[] }).operations).toHaveLength(1);
  });

  it('so does the one for delivery', async () => {
    const input = cartDeliveryInput(big);
    const { output } = await runBundle(delivery, input);
    expect(output).toEqual(cartDeliveryOptionsDiscountsGenerateRun(input));
    expect(checkFunctionOutput('CartDeliveryOptionsDiscountsGenerateRunResult', output)).toEqual([]);
    expect((output as { operations: unknown[] }).operations).toHaveLength(1);
  });

  it('thirty offers and fifty lines stay within size and steps', async () => {
    const { steps } = await runBundle(lines, cartLinesInput(big));
    expect(steps).toBeLessThanOrEqual(200_000);
    expect(Buffer.byteLength(lines)).toBeLessThan(MOST_BUNDLE_BYTES);
    expect(Buffer.byteLength(delivery)).toBeLessThan(MOST_BUNDLE_BYTES);
    expect(Buffer.byteLength(JSON.stringify({ offers: big.offers }))).toBeLessThan(MOST_METAFIELD_BYTES);
    expect(Buffer.byteLength(JSON.stringify(cartLinesInput(big)))).toBeLessThan(MOST_INPUT_BYTES);
  });

  it('a bundle that does not end is ended', async () => {
    await expect(runBundle('for (;;) {}', {})).rejects.toThrow(/interrupted/);
  });

  it('a bundle that writes nothing is a fault', async () => {
    await expect(runBundle('1 + 1', {})).rejects.toThrow('wrote no answer');
  });
});
