/**
 * What Shopify checks of a document before it starts a bulk operation. The texts are those captured from live
 * stores, except where a comment says otherwise.
 */
import { Kind } from 'graphql';
import type { FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { fieldsOf } from '../graphql/cost.ts';
import { parseDocument } from '../graphql/parse-document.ts';
import { analyseConnections } from './analyse-connections.ts';
import type { ConnectionAnalysis } from './analyse-connections.ts';

export interface BulkUserError {
  field: string[] | null;
  message: string;
  code: string | null;
}

export type CheckedDocument =
  | {
      outcome: 'good';
      operation: OperationDefinitionNode;
      fragments: ReadonlyMap<string, FragmentDefinitionNode>;
      analysis: ConnectionAnalysis;
    }
  | { outcome: 'refused'; userErrors: BulkUserError[] };

const MAX_TEXT_BYTES = 65_535;
const MAX_CONNECTIONS = 5;
const MAX_DEPTH = 2;

export function checkBulkQuery(schema: GraphQLSchema, text: string): CheckedDocument {
  const error = (message: string): BulkUserError => ({ field: ['query'], message, code: 'INVALID' });
  const refused = (...messages: string[]): CheckedDocument => ({
    outcome: 'refused',
    userErrors: messages.map(error),
  });
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES) return refused('is too large');
  if (text.trim() === '') return refused('Invalid bulk query: syntax error, unexpected end of file');
  const parsed = parseDocument(schema, text);
  // The library's own words after the captured beginning.
  if (parsed.outcome === 'bad') {
    return refused(`Invalid bulk query: ${parsed.errors.map(({ message }) => message).join(' ')}`);
  }
  const [operation, ...others] = parsed.operations;
  if (!operation || others.length > 0) return refused('Invalid bulk query: one operation is wanted');
  const root = schema.getRootType(operation.operation);
  if (operation.operation !== 'query' || !root) {
    return refused('Invalid operation type. Only `query` operations are supported.');
  }
  const analysis = analyseConnections(schema, root, operation.selectionSet, parsed.fragments);
  const roots = fieldsOf({ fragments: parsed.fragments, variables: {} }, operation.selectionSet);
  const faults: string[] = [];
  if (analysis.readByNodes.length > 0) {
    const example = `'${analysis.readByNodes[0]} { edges { node {'`;
    faults.push(
      `All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: ${example}. ` +
        `Selecting via 'nodes' is not supported. Invalid connection fields: '${analysis.readByNodes.join("', '")}'.`,
    );
  }
  for (const name of ['node', 'nodes']) {
    if (roots.some((field) => field.name.value === name)) {
      faults.push(`Bulk queries cannot contain a top level \`${name}\` field.`);
    }
  }
  if (analysis.count > MAX_CONNECTIONS) {
    faults.push(`Bulk queries cannot contain more than ${MAX_CONNECTIONS} connections.`);
  }
  // A root connection is the first level; two more may be nested in it.
  if (analysis.depth > MAX_DEPTH + 1) {
    faults.push(`Bulk queries cannot contain connections with a nesting depth greater than ${MAX_DEPTH}.`);
  }
  if (analysis.parentsWithoutId.length > 0) {
    faults.push(
      "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. " +
        `Connection fields without 'id': ${analysis.parentsWithoutId.join(', ')}.`,
    );
  }
  if (analysis.withinList) {
    faults.push('Queries that contain a connection field within a list field are not currently supported.');
  }
  // The rule is documented, its text is not captured.
  if (analysis.notNodes.length > 0) {
    faults.push(
      `Bulk queries can only contain connections whose nodes implement Node. Not so: ${analysis.notNodes.join(', ')}.`,
    );
  }
  if (analysis.count === 0) faults.push('Bulk queries must contain at least one connection.');
  if (faults.length > 0) return refused(...faults);
  return { outcome: 'good', operation, fragments: parsed.fragments, analysis };
}

export function checkBulkMutation(schema: GraphQLSchema, text: string): CheckedDocument {
  const refused = (field: string[] | null, message: string, code: string | null): CheckedDocument => ({
    outcome: 'refused',
    userErrors: [{ field, message, code }],
  });
  if (Buffer.byteLength(text) > MAX_TEXT_BYTES)
    return refused(['mutation'], 'is too large', 'INVALID_MUTATION');
  const parsed = parseDocument(schema, text);
  if (parsed.outcome === 'bad' && parsed.stage === 'syntax') {
    const reason = parsed.errors.map(({ message }) => message).join(' ');
    return refused(null, `Failed to parse the mutation - ${reason}`, 'INVALID_MUTATION');
  }
  if (parsed.outcome === 'bad') {
    // Not captured: the validator's own words.
    return refused(['mutation'], parsed.errors.map(({ message }) => message).join(' '), 'INVALID_MUTATION');
  }
  const [operation] = parsed.operations;
  const root = schema.getMutationType();
  if (!operation || operation.operation !== 'mutation' || !root) {
    return refused(
      null,
      'Invalid operation type. Only `mutation` operations are supported.',
      'INVALID_MUTATION',
    );
  }
  const roots = operation.selectionSet.selections;
  const [only] = roots;
  if (roots.length !== 1 || only?.kind !== Kind.FIELD || parsed.operations.length > 1) {
    return refused(['mutation'], 'You must specify a single top level mutation.', null);
  }
  if (['bulkOperationRunMutation', 'bulkOperationRunQuery'].includes(only.name.value)) {
    return refused(['mutation'], 'You must use an allowed mutation name.', null);
  }
  const analysis = analyseConnections(schema, root, operation.selectionSet, parsed.fragments);
  if (analysis.count > 1) {
    return refused(['mutation'], 'Bulk mutations cannot contain more than 1 connection.', null);
  }
  return { outcome: 'good', operation, fragments: parsed.fragments, analysis };
}

export function checkClientIdentifier(text: string | null | undefined): BulkUserError[] {
  if (text === null || text === undefined) return [];
  const length = [...text].length;
  const field = ['clientIdentifier'];
  const code = 'INVALID_MUTATION';
  if (length < 10) return [{ field, message: 'is too short (minimum is 10 characters)', code }];
  if (length > 255) return [{ field, message: 'is too long (maximum is 255 characters)', code }];
  return [];
}
