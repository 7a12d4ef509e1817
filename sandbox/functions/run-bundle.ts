/**
 * A function's bundle in QuickJS, the engine that Shopify's wasm holds too. Nothing of this process can be reached
 * from inside: input and answer pass as JSON.
 */
import { getQuickJS } from 'quickjs-emscripten';

/** QuickJS asks whether to go on once in so many steps of its bytecode. */
const STEPS_BETWEEN_QUESTIONS = 10_000;

export interface FunctionRun {
  output: unknown;
  /** Steps of QuickJS's bytecode, rounded down to 10,000: not Shopify's count, which is of wasm instructions. */
  steps: number;
}

/** @throws Error when the function throws, gives no answer, or takes more than `mostSteps` */
export async function runBundle(
  bundle: string,
  input: unknown,
  { mostSteps = 1_000_000 }: { mostSteps?: number } = {},
): Promise<FunctionRun> {
  const quickjs = await getQuickJS();
  const runtime = quickjs.newRuntime();
  let questions = 0;
  runtime.setInterruptHandler(() => (questions += 1) * STEPS_BETWEEN_QUESTIONS > mostSteps);
  const context = runtime.newContext();
  try {
    const frame = `globalThis.answer = undefined;
      globalThis.ShopifyFunction = {
        readInput: () => (${JSON.stringify(input)}),
        writeOutput: (value) => { globalThis.answer = JSON.stringify(value); },
      };`;
    context.unwrapResult(context.evalCode(frame)).dispose();
    context.unwrapResult(context.evalCode(bundle)).dispose();
    const answer = context.getProp(context.global, 'answer');
    const json: unknown = context.dump(answer);
    answer.dispose();
    if (typeof json !== 'string') throw new Error('the function wrote no answer');
    return { output: JSON.parse(json) as unknown, steps: questions * STEPS_BETWEEN_QUESTIONS };
  } finally {
    context.dispose();
    runtime.dispose();
  }
}
