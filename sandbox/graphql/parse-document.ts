/** Parsing and validation against the schema, cached by text: most requests repeat a document. */
import { GraphQLError, Kind, Lexer, parse, Source, TokenKind, validate } from 'graphql';
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
  let document: DocumentNode;
  try {
    if (nesting(text) > MAX_DEPTH) throw new GraphQLError(`Query is nested deeper than ${MAX_DEPTH} levels`);
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

const OPENING: readonly string[] = [TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L];
const CLOSING: readonly string[] = [TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R];

/** Of tokens: brackets in comments and texts neither count nor hide those that do. Ends with the parser's limit. */
function nesting(text: string): number {
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  let deepest = 0;
  for (let tokens = 0; tokens <= MAX_TOKENS; tokens += 1) {
    const { kind } = lexer.advance();
    if (kind === TokenKind.EOF) break;
    if (OPENING.includes(kind)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.includes(kind)) depth -= 1;
  }
  return deepest;
}
