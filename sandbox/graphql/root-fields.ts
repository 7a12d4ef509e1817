/** The root fields of a document by their schema names, before it runs; none when it is not a good one. */
import { fieldsOf } from './cost.ts';
import { parseDocument } from './parse-document.ts';
import { adminSchema } from './schema.ts';

export function rootFieldsOf(request: {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}): string[] {
  const parsed = parseDocument(adminSchema(), request.query);
  if (parsed.outcome === 'bad') return [];
  const operation =
    parsed.operations.find(({ name }) => name?.value === request.operationName) ?? parsed.operations[0];
  if (!operation) return [];
  const input = { fragments: parsed.fragments, variables: request.variables ?? {} };
  return [...new Set(fieldsOf(input, operation.selectionSet).map((field) => field.name.value))];
}
