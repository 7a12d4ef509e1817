/**
 * The discount function on a full load: thirty offers of every kind, all held, and fifty lines. Its bundles' sizes
 * against what Shopify takes (256 kB of wasm, of which the bundle is a part), the sizes of the metafield and of the
 * input, and what it does in QuickJS, the engine of Shopify's wasm: calls and jumps, and time.
 * Shopify's own count (11 million wasm instructions) needs Shopify's runner, which `shopify app function run` has.
 */
import path from 'node:path';
import { bundleFunction } from '../sandbox/functions/bundle-function.ts';
import { runBundle } from '../sandbox/functions/run-bundle.ts';
import { say } from '../scripts/setup.ts';
import { cartDeliveryInput, cartLinesInput, SOURCES } from '../test/unit/extensions/cart.ts';
import { FULL_LOAD, FULL_LOAD_LIMITS } from '../test/unit/extensions/full-load.ts';

const TIMES = 50;
const bytes = (text: string) => Buffer.byteLength(text);

async function measure(entry: string, input: unknown) {
  const bundle = await bundleFunction(path.join(SOURCES, 'index.ts'), entry);
  const began = performance.now();
  const { output, steps } = await runBundle(bundle, input, { times: TIMES });
  const milliseconds = (performance.now() - began) / TIMES;
  const { operations } = output as { operations: unknown[] };
  return { bundleBytes: bytes(bundle), inputBytes: bytes(JSON.stringify(input)), steps: Math.round(steps), milliseconds: Math.round(milliseconds * 100) / 100, operations: operations.length }; // prettier-ignore
}

const lines = await measure('cartLinesDiscountsGenerateRun', cartLinesInput(FULL_LOAD));
const delivery = await measure('cartDeliveryOptionsDiscountsGenerateRun', cartDeliveryInput(FULL_LOAD));
const metafieldBytes = bytes(JSON.stringify({ offers: FULL_LOAD.offers }));
say(`lines: ${lines.bundleBytes} bytes, ${lines.steps} calls and jumps, ${lines.milliseconds} ms; delivery: ${delivery.bundleBytes} bytes, ${delivery.steps}, ${delivery.milliseconds} ms`); // prettier-ignore
process.stdout.write(`${JSON.stringify({ offers: FULL_LOAD.offers.length, cartLines: FULL_LOAD.lines.length, lines, delivery, metafieldBytes, limits: FULL_LOAD_LIMITS })}\n`); // prettier-ignore
const within =
  [lines, delivery].every(
    (one) =>
      one.bundleBytes <= FULL_LOAD_LIMITS.bundleBytes &&
      one.inputBytes <= FULL_LOAD_LIMITS.inputBytes &&
      one.steps <= FULL_LOAD_LIMITS.steps &&
      one.operations === 1,
  ) && metafieldBytes <= FULL_LOAD_LIMITS.metafieldBytes;
if (!within) process.exitCode = 1;
