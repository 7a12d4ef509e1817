/**
 * Shopify's search syntax: terms joined by AND (also by a space) and OR, NOT and "-", parentheses; `field:value`,
 * quoted phrases, the comparators : :> :>= :< :<=, ranges `a..b`, `*`, backslash before a special character.
 *
 * Two manners. Lists of the Admin API give a `notes`: a filter that the field does not know is left out and said
 * in `extensions.search`, as Shopify does (captured). Without `notes` (webhook filters) it is refused.
 *
 * An unquoted value ends at a colon, so `updated_at:>=2026-01-01T10:30:00Z` is a date with an hour and a filter
 * "30" that does not exist (seen in public projects); global ids are spared (an assumption).
 */
import { badRequest, NotImplemented } from './not-implemented.ts';

export type Comparator = '=' | '>' | '>=' | '<' | '<=';

export interface SearchTerm {
  comparator: Comparator;
  value: string;
  /** A phrase: `*` in it is a star, and a text is found as a whole. */
  quoted: boolean;
}

export type Predicate<T> = (item: T) => boolean;
/** Makes the test of one field for one term, or throws. */
export type FieldTest<T> = (term: SearchTerm) => Predicate<T>;
/** By name; or a function, where any name may be a field (webhook filters name paths: "variants.price"). */
export type SearchFields<T> =
  Readonly<Record<string, FieldTest<T>>> | ((name: string) => FieldTest<T> | undefined);

export interface SearchWarning {
  field: string;
  message: string;
  code: 'invalid_field' | 'invalid_value';
}

/** What `extensions.search` says of a search that was not taken as it stands. */
export interface SearchNotes {
  parsed: unknown;
  warnings: SearchWarning[];
}

export interface Search<T> {
  test: Predicate<T>;
  /** Terms that every match fits (top-level AND): lets a caller use an index. */
  musts: readonly { field: string; term: SearchTerm }[];
  /** Values that fields must equal in any match. */
  equals: ReadonlyMap<string, string>;
}

/** The value cannot be one of this field. */
export class InvalidValue extends Error {}

/** Parentheses and NOTs in one another: far beyond what anybody writes, far below what the reader's recursion bears. */
const DEEPEST = 100;

type Token =
  { kind: '(' | ')' | 'AND' | 'OR' | 'NOT' } | { kind: 'term'; field: string | null; term: SearchTerm };

interface Compiled<T> {
  /** Undefined: left out. */
  test: Predicate<T> | undefined;
  parsed: unknown;
  musts: { field: string; term: SearchTerm }[];
}

/** @throws a GraphQL error when the text cannot be read, and without `notes` when a filter is not known */
export function compileSearch<T>(
  text: string | null | undefined,
  fields: SearchFields<T>,
  words: (word: string, quoted: boolean) => Predicate<T>,
  notes?: SearchNotes,
): Search<T> {
  const tokens = tokenise(text ?? '', notes !== undefined);
  if (tokens.length === 0) return { test: () => true, musts: [], equals: new Map() };
  let at = 0;
  let depth = 0;

  const either = (): Compiled<T> => {
    const parts = [all()];
    while (tokens[at]?.kind === 'OR') {
      at += 1;
      parts.push(all());
    }
    if (parts.length === 1) return parts[0] as Compiled<T>;
    const tests = parts.flatMap(({ test }) => test ?? []);
    const test = tests.length === 0 ? undefined : (item: T) => tests.some((one) => one(item));
    return { test, parsed: { or: parts.map(({ parsed }) => parsed) }, musts: [] };
  };
  const all = (): Compiled<T> => {
    const parts: Compiled<T>[] = [];
    while (at < tokens.length && tokens[at]?.kind !== ')' && tokens[at]?.kind !== 'OR') {
      if (tokens[at]?.kind === 'AND') at += 1;
      else parts.push(one());
    }
    if (parts.length === 0) throw badRequest(`The search '${text}' cannot be read.`);
    if (parts.length === 1) return parts[0] as Compiled<T>;
    const tests = parts.flatMap(({ test }) => test ?? []);
    return {
      test: tests.length === 0 ? undefined : (item) => tests.every((test) => test(item)),
      parsed: { and: parts.map(({ parsed }) => parsed) },
      musts: parts.flatMap(({ musts }) => musts),
    };
  };
  const deeper = (inside: () => Compiled<T>): Compiled<T> => {
    depth += 1;
    if (depth > DEEPEST) throw badRequest(`The search is nested deeper than ${DEEPEST} levels.`);
    const inner = inside();
    depth -= 1;
    return inner;
  };
  const one = (): Compiled<T> => {
    const token = tokens[at++];
    switch (token?.kind) {
      case 'NOT': {
        const inner = deeper(one);
        const { test } = inner;
        return { test: test && ((item) => !test(item)), parsed: { not: inner.parsed }, musts: [] };
      }
      case '(': {
        const inner = deeper(either);
        if (tokens[at++]?.kind !== ')') throw badRequest(`The search '${text}' has an open parenthesis.`);
        return inner;
      }
      case 'term':
        return compileTerm(token.field, token.term, fields, words, notes);
      default:
        throw badRequest(`The search '${text}' cannot be read.`);
    }
  };

  const { test, parsed, musts } = either();
  if (at < tokens.length) throw badRequest(`The search '${text}' cannot be read.`);
  if (notes) notes.parsed = parsed;
  const equals = new Map<string, string>();
  for (const { field, term } of musts) if (term.comparator === '=') equals.set(field, term.value);
  return { test: test ?? (() => true), musts, equals };
}

function compileTerm<T>(
  name: string | null,
  term: SearchTerm,
  fields: SearchFields<T>,
  words: (word: string, quoted: boolean) => Predicate<T>,
  notes: SearchNotes | undefined,
): Compiled<T> {
  if (name === null) {
    if (!notes && term.value.includes(':')) throw new NotImplemented(`The search filter '${term.value}'`);
    const parsed = { field: 'default', [matchWord(term)]: term.value };
    return { test: words(term.value, term.quoted), parsed, musts: [] };
  }
  const parsed = describe(name, term);
  const leaveOut = (message: string, code: SearchWarning['code']): Compiled<T> => {
    notes?.warnings.push({ field: name, message, code });
    return { test: undefined, parsed, musts: [] };
  };
  const field =
    typeof fields === 'function' ? fields(name) : Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) {
    if (!notes) throw new NotImplemented(`The search filter '${name}'`);
    return leaveOut('Invalid search field for this query.', 'invalid_field');
  }
  try {
    const range = rangeOf(term);
    if (!range) return { test: field(term), parsed, musts: [{ field: name, term }] };
    const [from, until] = range.map((part) => field(part)) as [Predicate<T>, Predicate<T>];
    const musts = range.map((part) => ({ field: name, term: part }));
    return { test: (item) => from(item) && until(item), parsed, musts };
  } catch (error) {
    if (!notes || !(error instanceof InvalidValue)) throw error;
    return leaveOut(`Input \`${term.value}\` is not an accepted value.`, 'invalid_value');
  }
}

/** `5..20`, `'2026-01-01..2026-03-31'` */
function rangeOf(term: SearchTerm): [SearchTerm, SearchTerm] | undefined {
  const range = /^(\d[^\s]*?)\.\.(\d[^\s]*)$/.exec(term.value);
  if (term.comparator !== '=' || !range) return undefined;
  const { quoted } = term;
  return [
    { comparator: '>=', value: range[1] ?? '', quoted },
    { comparator: '<=', value: range[2] ?? '', quoted },
  ];
}

const RANGE_WORDS = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte' } as const;

function describe(field: string, term: SearchTerm): unknown {
  if (term.comparator !== '=') return { field, range: { [RANGE_WORDS[term.comparator]]: term.value } };
  return { field, [matchWord(term)]: term.value };
}

function matchWord(term: SearchTerm): string {
  return term.quoted ? 'match_phrase' : 'match_all';
}

function tokenise(text: string, colonsEndValues: boolean): Token[] {
  const tokens: Token[] = [];
  const bare = colonsEndValues
    ? String.raw`(?:gid:\/\/[^\s()]+|(?:\\.|[^\s():\\])+)`
    : String.raw`(?:\\.|[^\s()\\])+`;
  const pattern = new RegExp(
    String.raw`\s*(?:([()])|(-)(?=\()|(-)?(?:([A-Za-z0-9_$][A-Za-z0-9_.$-]*)\s*:\s*(>=|<=|>|<)?\s*)?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|${bare}):?)`,
    'gy',
  );
  let at = 0;
  const end = text.trimEnd().length;
  while (at < end) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) throw badRequest(`The search '${text}' cannot be read.`);
    at = pattern.lastIndex;
    const [, bracket, lone, minus, field, comparator, raw = ''] = match;
    if (bracket) {
      tokens.push({ kind: bracket as '(' | ')' });
      continue;
    }
    if (lone) {
      tokens.push({ kind: 'NOT' });
      continue;
    }
    if (!field && !minus && (raw === 'AND' || raw === 'OR' || raw === 'NOT')) {
      tokens.push({ kind: raw });
      continue;
    }
    if (minus) tokens.push({ kind: 'NOT' });
    const quoted = /^(["']).*\1$/s.test(raw) && raw.length > 1;
    const value = (quoted ? raw.slice(1, -1) : raw).replace(/\\(.)/gs, '$1');
    const term = { comparator: (comparator as Comparator | undefined) ?? '=', value, quoted };
    tokens.push({ kind: 'term', field: field ?? null, term });
  }
  return tokens;
}
