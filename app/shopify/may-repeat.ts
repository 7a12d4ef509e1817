/**
 * May a request whose answer was lost be sent again? A query may. A mutation may only when doing it twice is
 * the same as doing it once: Shopify may have done it and then lost the answer.
 */

/** Mutations that set a state. Starting a bulk operation, for one, is not among them. */
const REPEATABLE = new Set([
  'tagsAdd',
  'tagsRemove',
  'stagedUploadsCreate',
  'bulkOperationCancel',
  'metafieldsSet',
]);

export function mayRepeat(document: string): boolean {
  const operation = parseOperation(document);
  return operation.kind === 'query' || operation.fields.every((field) => REPEATABLE.has(field));
}

/** Name of the operation, for logs; "?" when it has none. */
export function operationName(document: string): string {
  return /^\s*(?:query|mutation)\s+([A-Za-z_]\w*)/.exec(bare(document))?.[1] ?? '?';
}

/** The first operation's kind and root fields (names behind aliases). */
export function parseOperation(document: string): { kind: 'query' | 'mutation'; fields: string[] } {
  const text = bare(document);
  const fields: string[] = [];
  let depth = 0;
  let parentheses = 0;
  for (const [token] of text.matchAll(/[{}()]|[A-Za-z_]\w*\s*:?/g)) {
    if (token === '(') parentheses += 1;
    else if (token === ')') parentheses -= 1;
    else if (parentheses > 0) continue;
    else if (token === '{') depth += 1;
    else if (token === '}') {
      depth -= 1;
      if (depth === 0) break;
    } else if (depth === 1 && !token.endsWith(':')) fields.push(token.trim());
  }
  return { kind: /^\s*mutation\b/.test(text) ? 'mutation' : 'query', fields };
}

/** Without comments and string values. */
function bare(document: string): string {
  return document.replace(/"""[\s\S]*?"""|"(?:\\.|[^"\\])*"|#[^\n]*/g, (part) =>
    part.startsWith('"') ? '""' : '',
  );
}
