import { SegmentQueryFault } from './query.ts';

export interface Token {
  kind: 'word' | 'number' | 'text' | 'date' | 'offset' | 'sign' | 'end';
  /** As written; of a text what is between the quotes. */
  text: string;
  at: number;
}

const PATTERNS: readonly [Token['kind'] | 'space', RegExp][] = [
  ['space', /\s+/y],
  ['date', /\d{4}-\d{2}-\d{2}(?![\w-])/y],
  ['offset', /[+-]\d+[dwmy](?!\w)/y],
  // Named dates begin with a number: 30_days_ago.
  ['word', /\d+_[a-z]+_ago(?!\w)|[A-Za-z_][\w.$-]*/y],
  ['number', /-?\d+(?:\.\d+)?(?![\w.])/y],
  ['sign', /!=|<=|>=|[=<>(),]/y],
];

/** A character that begins nothing is a sign: the parser says where it is unexpected. @throws SegmentQueryFault */
export function tokensOf(query: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    const token = query[at] === "'" ? textAt(query, at) : plainAt(query, at);
    if (token.kind !== 'space') tokens.push({ kind: token.kind, text: token.text, at });
    at = token.end;
  }
  return [...tokens, { kind: 'end', text: '', at: query.length }];
}

function plainAt(query: string, at: number): { kind: Token['kind'] | 'space'; text: string; end: number } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const [text] = pattern.exec(query) ?? [];
    if (text !== undefined) return { kind, text, end: at + text.length };
  }
  const [text = ''] = query.slice(at);
  return { kind: 'sign', text, end: at + text.length };
}

/** A text in single quotes; a backslash makes the next character plain. */
function textAt(query: string, at: number): { kind: 'text'; text: string; end: number } {
  let text = '';
  for (let i = at + 1; i < query.length; i += 1) {
    const character = query[i] ?? '';
    if (character === "'") return { kind: 'text', text, end: i + 1 };
    if (character === '\\') i += 1;
    text += query[i] ?? '';
  }
  throw new SegmentQueryFault(query, at, 'The quotation mark is not closed.');
}
