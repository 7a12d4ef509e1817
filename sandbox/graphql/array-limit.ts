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

function largestArray(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? value.length : 0;
  return Object.values(value).reduce<number>((most, item) => Math.max(most, largestArray(item)), own);
}
