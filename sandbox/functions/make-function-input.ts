import { execute, parse, validate } from 'graphql';
import { discountFunctionSchema } from './function-schema.ts';

/**
 * The input that a discount function gets: its input query, run on Shopify's schema over a cart. A field of `root`
 * that takes arguments is a function of them, `({ tags }) => ...`.
 * @throws Error when the query is not valid, or the cart does not give what the schema promises
 */
export function makeFunctionInput(
  query: string,
  root: Record<string, unknown>,
  variables: Record<string, unknown>,
): Record<string, unknown> {
  const schema = discountFunctionSchema();
  const document = parse(query);
  const faults = validate(schema, document);
  if (faults.length > 0) throw new Error(faults.map(({ message }) => message).join('\n'));
  const result = execute({ schema, document, rootValue: root, variableValues: variables });
  if (result instanceof Promise) throw new TypeError('a function input is made at once');
  if (result.errors || !result.data) {
    throw new Error((result.errors ?? []).map(({ message }) => message).join('\n'));
  }
  // As the function sees it: plain JSON.
  return JSON.parse(JSON.stringify(result.data)) as Record<string, unknown>;
}
