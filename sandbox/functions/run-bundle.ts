/**
 * A function's bundle in QuickJS, the engine that Shopify's wasm holds too. Nothing of this process can be reached
 * from inside: input and answer pass as JSON.
 */
import { getQuickJS } from 'quickjs-emscripten';

/** QuickJS asks whether to go on once in so many calls and jumps. */
const STEPS_BETWEEN_QUESTIONS = 10_000;

export interface FunctionRun {
  output: unknown;
  /**
   * Calls and jumps of QuickJS for one run, rounded down to 10,000 for all `times` together: not Shopify's count,
   * which is of wasm instructions.
   */
  steps: number;
}

/**
 * @param options.times the same input so often, for a closer count
 * @throws Error when the function throws, gives no answer, or takes more than `mostSteps` a run
 */
export async function runBundle(
  bundle: string,
  input: unknown,
  { mostSteps = 1_000_000, times = 1 }: { mostSteps?: number; times?: number } = {},
): Promise<FunctionRun> {
  const quickjs = await getQuickJS();
  const runtime = quickjs.newRuntime();
  let questions = 0;
  runtime.setInterruptHandler(() => (questions += 1) * STEPS_BETWEEN_QUESTIONS > mostSteps * times);
  const context = runtime.newContext();
  try {
    const frame = `globalThis.answer = undefined;
      globalThis.ShopifyFunction = {
        readInput: () => (${JSON.stringify(input)}),
        writeOutput: (value) => { globalThis.answer = JSON.stringify(value); },
      };`;
    context.unwrapResult(context.evalCode(frame)).dispose();
    for (let n = 0; n < times; n += 1) context.unwrapResult(context.evalCode(bundle)).dispose();
    const answer = context.getProp(context.global, 'answer');
    const json: unknown = context.dump(answer);
    answer.dispose();
    if (typeof json !== 'string') throw new Error('the function wrote no answer');
    return { output: JSON.parse(json) as unknown, steps: (questions * STEPS_BETWEEN_QUESTIONS) / times };
  } finally {
    context.dispose();
    runtime.dispose();
  }
}
