/**
 * A term is a field with its parameters and the rule's wait: one column of `subject`, shared by all conditions of all
 * segments that ask for the same. It is written as text ("orders", `spent_in{"lastDays":365,"countAfterDays":30}`), so
 * that terms are the same exactly when their texts are; evidence is kept under these names.
 */
import { raw, type Sql } from '../db/sql.ts';
import { fieldOf, type FieldKey } from './fields.ts';
import type { ParamValues, What } from './param.ts';
import type { Condition } from './rule.ts';

/** The text of a term. The key of a field alone is the term without parameters and without a wait. */
export type TermKey = string;

export interface Term {
  field: FieldKey;
  params: ParamValues;
  /** Days until an order counts. */
  wait: number;
  /** Of a list: not its texts, but whether one of these is among them. */
  anyOf?: readonly string[];
}

/** The term that a condition of a rule with this wait asks for. */
export function termOf(condition: Pick<Condition, 'field' | 'with'>, wait = 0): TermKey {
  const { field: key } = condition;
  const field = fieldOf(key);
  const given = condition.with ?? {};
  const parts: Record<string, unknown> = {};
  for (const name of Object.keys(field.params ?? {})) {
    const value = given[name as keyof ParamValues];
    if (value !== undefined) parts[name] = name === 'what' ? sorted(value as What) : value;
  }
  if (wait > 0 && field.fromOrders !== false) parts['countAfterDays'] = wait;
  return Object.keys(parts).length === 0 ? key : `${key}${JSON.stringify(parts)}`;
}

/** The term of whether any of these texts is in the list that the condition asks for. */
export function anyOfTerm(
  condition: Pick<Condition, 'field' | 'with'>,
  wait: number,
  texts: readonly string[],
): TermKey {
  const list = termOf(condition, wait);
  const given = list === condition.field ? {} : (JSON.parse(list.slice(list.indexOf('{'))) as object);
  return `${condition.field}${JSON.stringify({ ...given, anyOf: [...new Set(texts)].sort() })}`;
}

/** The same fields with the parameters and the wait of `term`, as far as they have such parameters. */
export function relatedTerms(term: TermKey, fields: readonly FieldKey[]): TermKey[] {
  const { params, wait } = readTerm(term);
  return fields.map((field) => termOf({ field, with: params }, wait));
}

/** Whether its value is worked out of orders; else it lies in the profile or beside it. */
export function readsOrders(term: TermKey): boolean {
  const { field, wait } = readTerm(term);
  const { source, fromOrders } = fieldOf(field);
  return source === 'orders' || source === 'lines' || (wait > 0 && fromOrders !== false);
}

/** The same list in another order is the same question. */
function sorted(what: What): What {
  return Object.fromEntries(
    Object.entries(what).map(([kind, list]) => [kind, [...new Set(list as string[])].sort()]),
  );
}

export function readTerm(term: TermKey): Term {
  const brace = term.indexOf('{');
  if (brace < 0) return { field: term as FieldKey, params: {}, wait: 0 };
  const {
    countAfterDays = 0,
    anyOf,
    ...params
  } = JSON.parse(term.slice(brace)) as ParamValues & {
    countAfterDays?: number;
    anyOf?: string[];
  };
  const field = term.slice(0, brace) as FieldKey;
  return { field, params, wait: countAfterDays, ...(anyOf ? { anyOf } : {}) };
}

/**
 * The term's column of `subject`: the field's key, with a digest of the rest where there is any, because PostgreSQL
 * cuts names at 63 bytes. Nothing of a parameter gets into it.
 */
export function columnOf(term: TermKey): Sql {
  return raw(`"${columnName(term)}"`);
}

export function columnName(term: TermKey): string {
  const brace = term.indexOf('{');
  return brace < 0 ? term : `${term.slice(0, Math.min(brace, 36))}_${digest(term.slice(0))}`;
}

/** 106 bits, for names only: what two terms of one statement must not share. */
function digest(text: string): string {
  return half(text, 0x9e3779b9) + half(text, 0x51ed270b);
}

function half(text: string, seed: number): string {
  let a = 0xdeadbeef ^ seed;
  let b = 0x41c6ce57 ^ seed;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36).padStart(11, '0');
}
