/**
 * Shopify's search syntax, the part that the sandbox has: terms joined by AND (also by a space), OR, NOT, "-",
 * parentheses; `field:value`, quoted values, the comparators : :> :>= :< :<=. Shopify ignores a filter that it
 * does not know; the sandbox refuses it, because ignoring would return other records than were asked for.
 */
import { badRequest, NotImplemented } from './not-implemented.ts';

export type Comparator = '=' | '>' | '>=' | '<' | '<=';

export interface SearchTerm {
  comparator: Comparator;
  value: string;
}

export type Predicate<T> = (item: T) => boolean;
/** Makes the test of one field for one term, or throws. */
export type FieldTest<T> = (term: SearchTerm) => Predicate<T>;
/** By name; or a function, where any name may be a field (webhook filters name paths: "variants.price"). */
export type SearchFields<T> =
  Readonly<Record<string, FieldTest<T>>> | ((name: string) => FieldTest<T> | undefined);

export interface Search<T> {
  test: Predicate<T>;
  /** Values that fields must equal in any match (top-level AND): lets a caller use an index. */
  equals: ReadonlyMap<string, string>;
}

type Token =
  { kind: '(' | ')' | 'AND' | 'OR' | 'NOT' } | { kind: 'term'; field: string | null; term: SearchTerm };

export function compileSearch<T>(
  text: string | null | undefined,
  fields: SearchFields<T>,
  words: (word: string) => Predicate<T>,
): Search<T> {
  const equals = new Map<string, string>();
  const tokens = tokenise(text ?? '');
  if (tokens.length === 0) return { test: () => true, equals };
  let at = 0;
  let onlyAnd = true;

  const either = (): Predicate<T> => {
    const parts = [all()];
    while (tokens[at]?.kind === 'OR') {
      at += 1;
      onlyAnd = false;
      parts.push(all());
    }
    return parts.length === 1 ? (parts[0] as Predicate<T>) : (item) => parts.some((part) => part(item));
  };
  const all = (): Predicate<T> => {
    const parts: Predicate<T>[] = [];
    while (at < tokens.length && tokens[at]?.kind !== ')' && tokens[at]?.kind !== 'OR') {
      if (tokens[at]?.kind === 'AND') at += 1;
      else parts.push(one());
    }
    if (parts.length === 0) throw badRequest(`The search '${text}' cannot be read.`);
    return parts.length === 1 ? (parts[0] as Predicate<T>) : (item) => parts.every((part) => part(item));
  };
  const one = (): Predicate<T> => {
    const token = tokens[at++];
    switch (token?.kind) {
      case 'NOT': {
        onlyAnd = false;
        const inner = one();
        return (item) => !inner(item);
      }
      case '(': {
        const inner = either();
        if (tokens[at++]?.kind !== ')') throw badRequest(`The search '${text}' has an open parenthesis.`);
        return inner;
      }
      case 'term': {
        if (token.field === null) {
          if (token.term.value.includes(':'))
            throw new NotImplemented(`The search filter '${token.term.value}'`);
          return words(token.term.value);
        }
        const field =
          typeof fields === 'function'
            ? fields(token.field)
            : Object.hasOwn(fields, token.field)
              ? fields[token.field]
              : undefined;
        if (!field) throw new NotImplemented(`The search filter '${token.field}'`);
        if (token.term.comparator === '=') equals.set(token.field, token.term.value);
        return field(token.term);
      }
      default:
        throw badRequest(`The search '${text}' cannot be read.`);
    }
  };

  const test = either();
  if (at < tokens.length) throw badRequest(`The search '${text}' cannot be read.`);
  return { test, equals: onlyAnd ? equals : new Map() };
}

function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern =
    /\s*(?:([()])|(-)?(?:([A-Za-z_][A-Za-z0-9_.]*)\s*:\s*(>=|<=|>|<)?\s*)?("[^"]*"|'[^']*'|[^\s()]+))/gy;
  let at = 0;
  const end = text.trimEnd().length;
  while (at < end) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw badRequest(`The search '${text}' cannot be read.`);
    at = pattern.lastIndex;
    const [, bracket, minus, field, comparator, raw] = match;
    if (bracket) {
      tokens.push({ kind: bracket as '(' | ')' });
      continue;
    }
    const value = (raw ?? '').replace(/^(["'])(.*)\1$/s, '$2');
    if (!field && !minus && (raw === 'AND' || raw === 'OR' || raw === 'NOT')) {
      tokens.push({ kind: raw });
      continue;
    }
    if (minus) tokens.push({ kind: 'NOT' });
    tokens.push({
      kind: 'term',
      field: field ?? null,
      term: { comparator: (comparator as Comparator | undefined) ?? '=', value },
    });
  }
  return tokens;
}
