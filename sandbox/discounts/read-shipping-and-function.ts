/** What only free shipping has, and what only the discounts of functions have. */
import { takesOnly } from '../graphql/arguments.ts';
import { minorOf, type KnownFunctions, type Reading } from './discount-input.ts';

export function readShipping(reading: Reading): void {
  const { argument, discount, input, store } = reading;
  if (input.destination) takesOnly(input.destination, ['all'], `${argument}.destination`);
  if (input.maximumShippingPrice !== undefined) {
    discount.maximumShippingMinor =
      input.maximumShippingPrice === null ? null : minorOf(store, input.maximumShippingPrice);
  }
}

export function readFunction(reading: Reading, functions: KnownFunctions): void {
  const { before, discount, input, refuse } = reading;
  if (input.discountClasses?.length === 0) {
    refuse(['discountClasses'], "Discount classes can't be empty.", 'INVALID');
  }
  const { functionHandle, functionId } = input;
  if (functionHandle && functionId) {
    refuse([], 'Only one of functionId or functionHandle is allowed.', 'MULTIPLE_FUNCTION_IDENTIFIERS');
    return;
  }
  if (!functionHandle && !functionId) {
    if (!before) refuse(['functionHandle'], "Function id can't be blank.", 'MISSING_FUNCTION_IDENTIFIER');
    return;
  }
  const handle = functionHandle ?? functions.handleOf(functionId ?? '') ?? '';
  if (functions.has(handle)) discount.functionHandle = handle;
  else {
    const message = `Function ${functionHandle ?? functionId ?? ''} not found. Ensure that it is released in the current app (1), and that the app is installed.`;
    refuse([functionHandle ? 'functionHandle' : 'functionId'], message, 'INVALID');
  }
}
