import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cartDeliveryOptionsDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_delivery_options_discounts_generate_run.ts';
import { cartLinesDiscountsGenerateRun } from '../../../extensions/segment-offers/src/cart_lines_discounts_generate_run.ts';
import { bundleFunction } from '../../../sandbox/functions/bundle-function.ts';
import { checkFunctionOutput } from '../../../sandbox/functions/check-function-output.ts';
import { runBundle } from '../../../sandbox/functions/run-bundle.ts';
import { cartDeliveryInput, cartLinesInput, SOURCES } from './cart.ts';
import { FULL_LOAD, FULL_LOAD_LIMITS } from './full-load.ts';

let lines = '';
let delivery = '';

beforeAll(async () => {
  lines = await bundleFunction(path.join(SOURCES, 'index.ts'), 'cartLinesDiscountsGenerateRun');
  delivery = await bundleFunction(path.join(SOURCES, 'index.ts'), 'cartDeliveryOptionsDiscountsGenerateRun');
});

describe('the bundle of the discount function', () => {
  it('answers in QuickJS as the sources do, within the schema', async () => {
    const input = cartLinesInput(FULL_LOAD);
    const { output } = await runBundle(lines, input);
    expect(output).toEqual(cartLinesDiscountsGenerateRun(input));
    expect(checkFunctionOutput('CartLinesDiscountsGenerateRunResult', output)).toEqual([]);
    expect((output as { operations: unknown[] }).operations).toHaveLength(1);
  });

  it('so does the one for delivery', async () => {
    // Where nothing comes off the goods; else free shipping waits for a discount of its own.
    const input = cartDeliveryInput({ ...FULL_LOAD, classes: ['SHIPPING'] });
    const { output } = await runBundle(delivery, input);
    expect(output).toEqual(cartDeliveryOptionsDiscountsGenerateRun(input));
    expect(checkFunctionOutput('CartDeliveryOptionsDiscountsGenerateRunResult', output)).toEqual([]);
    expect((output as { operations: unknown[] }).operations).toHaveLength(1);
  });

  it('thirty offers and fifty lines stay within size and steps', async () => {
    const { steps } = await runBundle(lines, cartLinesInput(FULL_LOAD), { times: 10 });
    expect(steps).toBeLessThanOrEqual(FULL_LOAD_LIMITS.steps);
    const { steps: ofDelivery } = await runBundle(delivery, cartDeliveryInput(FULL_LOAD), { times: 10 });
    expect(ofDelivery).toBeLessThanOrEqual(FULL_LOAD_LIMITS.steps);
    expect(Buffer.byteLength(lines)).toBeLessThan(FULL_LOAD_LIMITS.bundleBytes);
    expect(Buffer.byteLength(delivery)).toBeLessThan(FULL_LOAD_LIMITS.bundleBytes);
    expect(Buffer.byteLength(JSON.stringify({ offers: FULL_LOAD.offers }))).toBeLessThan(
      FULL_LOAD_LIMITS.metafieldBytes,
    );
    expect(Buffer.byteLength(JSON.stringify(cartLinesInput(FULL_LOAD)))).toBeLessThan(
      FULL_LOAD_LIMITS.inputBytes,
    );
  });

  it('a bundle that does not end is ended', async () => {
    await expect(runBundle('for (;;) {}', {})).rejects.toThrow(/interrupted/);
  });

  it('a bundle that writes nothing is a fault', async () => {
    await expect(runBundle('1 + 1', {})).rejects.toThrow('wrote no answer');
  });
});
