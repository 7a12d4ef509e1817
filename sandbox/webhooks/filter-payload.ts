/**
 * The `filter` of a subscription: Shopify's search syntax on the payload. Every term names a path
 * ("customer.id", "variants.price"); through lists it is enough that one item fits; `path:*` means that it is
 * there. Numbers compare as numbers (also those in text), times as times, other text with case ignored.
 */
import { GraphQLError } from 'graphql';
import { compileSearch } from '../graphql/search.ts';
import type { Comparator, FieldTest, SearchTerm } from '../graphql/search.ts';
import type { Wire } from './payload/wire-values.ts';

/** A filter that cannot be read; the message says why. */
export class FilterError extends Error {}

const compiled = new Map<string, (payload: Wire) => boolean>();
const MOST_KEPT = 500;

/** @throws FilterError */
export function compileFilter(filter: string): (payload: Wire) => boolean {
  const kept = compiled.get(filter);
  if (kept) return kept;
  const test = compile(filter);
  if (compiled.size >= MOST_KEPT) compiled.clear();
  compiled.set(filter, test);
  return test;
}

/** No filter: everything passes. @throws FilterError */
export function passesFilter(payload: Wire, filter: string | null): boolean {
  return filter === null || compileFilter(filter)(payload);
}

function compile(filter: string): (payload: Wire) => boolean {
  try {
    return compileSearch<Wire>(filter, pathField, (word) => {
      throw new FilterError(`“${word}” in the filter names no field: write field:value`);
    }).test;
  } catch (error) {
    if (error instanceof GraphQLError) throw new FilterError(error.message);
    throw error;
  }
}

function pathField(path: string): FieldTest<Wire> {
  const steps = path.split('.');
  if (steps.includes('')) throw new FilterError(`“${path}” in the filter is not a path`);
  return (term) => (payload) => valuesAt(payload, steps).some((value) => fits(value, term));
}

/** All that a path leads to; lists are gone through. */
function valuesAt(value: unknown, steps: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((item) => valuesAt(item, steps));
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return [];
  return valuesAt((value as Wire)[step], rest);
}

function fits(value: unknown, { comparator, value: wanted }: SearchTerm): boolean {
  if (value === null || value === undefined) return false;
  if (comparator === '=' && wanted === '*') return true;
  if (typeof value === 'object') return false;
  const text = String(value);
  const order = compare(text, wanted);
  return order === undefined
    ? comparator === '=' && text.toLowerCase() === wanted.toLowerCase()
    : holds(order, comparator);
}

const NUMBER = /^-?\d+(\.\d+)?$/;
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}.*)?$/;

function compare(one: string, other: string): number | undefined {
  if (/^\d+$/.test(one) && /^\d+$/.test(other)) {
    const [left, right] = [BigInt(one), BigInt(other)];
    return left < right ? -1 : left > right ? 1 : 0;
  }
  if (NUMBER.test(one) && NUMBER.test(other)) return Math.sign(Number(one) - Number(other));
  if (TIME.test(one) && TIME.test(other)) {
    const difference = Date.parse(one) - Date.parse(other);
    return Number.isNaN(difference) ? undefined : Math.sign(difference);
  }
  return undefined;
}

function holds(order: number, comparator: Comparator): boolean {
  switch (comparator) {
    case '=':
      return order === 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
  }
}
