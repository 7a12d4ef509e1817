import { coerceInputValue, isInputType } from 'graphql';
import { discountFunctionSchema } from './function-schema.ts';

export type FunctionResult =
  'CartLinesDiscountsGenerateRunResult' | 'CartDeliveryOptionsDiscountsGenerateRunResult';

/** @returns what Shopify's schema does not allow in the answer of a function, by path; empty when all is well */
export function checkFunctionOutput(type: FunctionResult, output: unknown): string[] {
  const expected = discountFunctionSchema().getType(type);
  if (!isInputType(expected)) throw new TypeError(`${type} is not an input type of the schema`);
  const faults: string[] = [];
  coerceInputValue(output, expected, (path, _value, error) => {
    faults.push(`${path.join('.')}: ${error.message}`);
  });
  return faults;
}
