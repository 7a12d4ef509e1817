/**
 * Cursor pagination as Shopify's connections have it: first/after or last/before, at most 250. A cursor holds
 * the sort value and id of its record, so a page goes on at the right place when records come and go between
 * two pages. While a bulk query runs there is no page size.
 */
import type { GraphQLResolveInfo } from 'graphql';
import type { GraphContext } from './context.ts';
import { badRequest } from './not-implemented.ts';

export type SortValue = string | number;

export interface Listing<T> {
  /** Ascending by (value, id), unless `reversed`. */
  items: readonly T[];
  keyOf(item: T): { value: SortValue; id: string };
  reversed?: boolean;
}

export interface ConnectionArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

const MAX_PAGE = 250;
/** Pages reach so many objects deep; beyond is what bulk operations are for. */
const MAX_DEPTH = 25_000;

export function connect<T>(
  listing: Listing<T> | (() => Listing<T>),
  args: ConnectionArgs,
  context: GraphContext,
  info: GraphQLResolveInfo,
): unknown {
  const list = () => (typeof listing === 'function' ? listing() : listing);
  const pass = context.bulkPass;
  if (pass) {
    if (info.path.prev !== undefined) return new Page(list(), 0, Infinity);
    if (pass.items === undefined) pass.items = list().items;
    return new Page(
      { ...emptyListing, items: pass.items.slice(pass.start, pass.start + pass.size) },
      0,
      Infinity,
    );
  }

  checkSize(args, info);
  const all = list();
  let from = 0;
  let until = all.items.length;
  if (typeof args.after === 'string') from = position(all, args.after, 'after');
  if (typeof args.before === 'string') until = Math.max(from, position(all, args.before, 'before'));
  if (typeof args.first === 'number') until = Math.min(until, from + args.first);
  else if (typeof args.last === 'number') from = Math.max(from, until - args.last);
  if (typeof args.first === 'number' && from >= MAX_DEPTH) {
    throw badRequest(`Pages end after ${MAX_DEPTH} objects (${info.fieldName}): use a bulk operation.`);
  }
  return new Page(all, from, until);
}

/** A short list in its own order (lines of an order, variants of a product). */
export function inOrder<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  reverse?: boolean | null,
): Listing<T> {
  const positions = new Map(items.map((item, index) => [item, index]));
  return {
    items: reverse ? items.toReversed() : items,
    keyOf: (item) => ({ value: positions.get(item) ?? 0, id: idOf(item) }),
    reversed: reverse ?? false,
  };
}

const emptyListing = { items: [], keyOf: () => ({ value: 0, id: '0' }) };

/** Lazy: edges, nodes and cursors are made only if they are selected. */
class Page<T> {
  readonly #listing: Listing<T>;
  readonly #from: number;
  readonly #until: number;

  constructor(listing: Listing<T>, from: number, until: number) {
    this.#listing = listing;
    this.#from = from;
    this.#until = Math.min(until, listing.items.length);
  }

  get nodes(): T[] {
    return this.#listing.items.slice(this.#from, this.#until);
  }

  get edges(): { node: T; cursor: () => string }[] {
    return this.nodes.map((node) => ({ node, cursor: () => cursorOf(this.#listing, node) }));
  }

  get pageInfo() {
    const first = this.#listing.items[this.#from];
    const last = this.#listing.items[this.#until - 1];
    const empty = this.#from >= this.#until;
    return {
      hasNextPage: this.#until < this.#listing.items.length,
      hasPreviousPage: this.#from > 0,
      startCursor: empty || first === undefined ? null : cursorOf(this.#listing, first),
      endCursor: empty || last === undefined ? null : cursorOf(this.#listing, last),
    };
  }
}

export function compareKeys(
  a: { value: SortValue; id: string },
  b: { value: SortValue; id: string },
): number {
  if (a.value !== b.value) return a.value < b.value ? -1 : 1;
  return a.id.length - b.id.length || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

function cursorOf<T>(listing: Listing<T>, item: T): string {
  const { value, id } = listing.keyOf(item);
  return Buffer.from(JSON.stringify({ last_id: id, last_value: value })).toString('base64');
}

/** The index where the page goes on: after the cursor's place, or at it for `before`. */
function position<T>(listing: Listing<T>, cursor: string, side: 'after' | 'before'): number {
  const key = readCursor(cursor);
  const sign = listing.reversed ? -1 : 1;
  let low = 0;
  let high = listing.items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = sign * compareKeys(listing.keyOf(listing.items[middle] as T), key);
    if (order < 0 || (side === 'after' && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readCursor(cursor: string): { value: SortValue; id: string } {
  try {
    const parsed = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as Record<string, unknown>;
    const value = parsed['last_value'];
    const id = parsed['last_id'];
    if (typeof id === 'string' && (typeof value === 'string' || typeof value === 'number'))
      return { value, id };
  } catch {
    // falls through to the refusal
  }
  throw badRequest('Invalid cursor for current pagination sort.');
}

function checkSize(args: ConnectionArgs, info: GraphQLResolveInfo): void {
  const first = args.first ?? undefined;
  const last = args.last ?? undefined;
  if (first === undefined && last === undefined) {
    throw badRequest(`you must provide one of first or last (${info.fieldName})`);
  }
  if (first !== undefined && last !== undefined) {
    throw badRequest(`providing both first and last is not supported (${info.fieldName})`);
  }
  for (const [name, size] of Object.entries({ first, last })) {
    if (size !== undefined && size < 0) throw badRequest(`${name} cannot be negative (${info.fieldName})`);
    if (size !== undefined && size > MAX_PAGE) {
      throw badRequest(`${name} cannot exceed ${MAX_PAGE} (${info.fieldName})`, 'MAX_PAGE_SIZE_EXCEEDED');
    }
  }
}
