/** No array of an input may have more than 250 items. */
import { Kind, visit } from 'graphql';
import type { DocumentNode } from 'graphql';
import { badRequest } from './not-implemented.ts';
import type { GraphQLError } from 'graphql';

const MAX_ITEMS = 250;

export function oversizedArray(document: DocumentNode, variables: unknown): GraphQLError | undefined {
  let largest = largestArray(variables);
  visit(document, {
    [Kind.LIST]: (node) => {
      largest = Math.max(largest, node.values.length);
    },
  });
  if (largest <= MAX_ITEMS) return undefined;
  return badRequest(
    `The input array size of ${largest} is greater than the maximum allowed of ${MAX_ITEMS}.`,
    'MAX_INPUT_SIZE_EXCEEDED',
  );
}

/** Without recursion: the nesting is the caller's. */
function largestArray(input: unknown): number {
  let largest = 0;
  const left: unknown[] = [input];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Array.isArray(value)) largest = Math.max(largest, value.length);
    for (const item of Object.values(value)) left.push(item);
  }
  return largest;
}
