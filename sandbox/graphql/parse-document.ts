/** Parsing and validation against the schema, cached by text: most requests repeat a document. */
import { GraphQLError, Kind, parse, validate } from 'graphql';
import type { DocumentNode, FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { inShopifysWords } from './shopify-errors.ts';

export type ParsedDocument =
  | {
      outcome: 'good';
      document: DocumentNode;
      operations: readonly OperationDefinitionNode[];
      fragments: ReadonlyMap<string, FragmentDefinitionNode>;
    }
  | { outcome: 'bad'; stage: 'syntax' | 'validation'; errors: readonly GraphQLError[] };

const CACHED = 500;
/** Keeps hostile nesting away from the recursive parser and validator. */
const MAX_TOKENS = 20_000;
const MAX_DEPTH = 100;

const caches = new WeakMap<GraphQLSchema, Map<string, ParsedDocument>>();

export function parseDocument(schema: GraphQLSchema, text: string): ParsedDocument {
  let cache = caches.get(schema);
  if (!cache) caches.set(schema, (cache = new Map()));
  const known = cache.get(text);
  if (known) {
    cache.delete(text);
    cache.set(text, known);
    return known;
  }
  const parsed = parseFresh(schema, text);
  cache.set(text, parsed);
  if (cache.size > CACHED) cache.delete(cache.keys().next().value ?? '');
  return parsed;
}

function parseFresh(schema: GraphQLSchema, text: string): ParsedDocument {
  if (nesting(text) > MAX_DEPTH) {
    const tooDeep = new GraphQLError(`Query is nested deeper than ${MAX_DEPTH} levels`);
    return { outcome: 'bad', stage: 'syntax', errors: [tooDeep] };
  }
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { outcome: 'bad', stage: 'syntax', errors: [error] };
  }
  const errors = validate(schema, document);
  if (errors.length > 0) {
    return { outcome: 'bad', stage: 'validation', errors: inShopifysWords(schema, document, errors) };
  }
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  return { outcome: 'good', document, operations, fragments };
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '{' || character === '[' || character === '(') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']' || character === ')') depth -= 1;
  }
  return deepest;
}
