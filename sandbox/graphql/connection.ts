/**
 * Cursor pagination as Shopify's connections have it: first/after or last/before, at most 250. A cursor holds
 * the sort value and id of its record, so a page goes on at the right place when records come and go between
 * two pages, and how deep it stands. While a bulk query runs there is no page size.
 */
import type { GraphQLResolveInfo } from 'graphql';
import { compareKeys } from '../store/ordered-list.ts';
import type { SortKey } from '../store/ordered-list.ts';
import type { GraphContext } from './context.ts';
import { badRequest } from './not-implemented.ts';

export type { SortKey, SortValue } from '../store/ordered-list.ts';
export { compareKeys } from '../store/ordered-list.ts';

/** Records in an order, read from any place in either direction without a copy of all of them. */
export interface Listing<T> {
  keyOf(item: T): SortKey;
  /** Descending by (value, id). */
  reversed: boolean;
  /** In the listing's order, from behind `key`, or from the start. */
  after(key?: SortKey): Iterable<T>;
  /** Backwards, from before `key`, or from the end. */
  before(key?: SortKey): Iterable<T>;
  /**
   * The next ones that way, found in stretches between which others are served: for a search that may have to look
   * at millions.
   */
  ahead?(way: 'after' | 'before', key: SortKey | undefined, count: number): Promise<T[]>;
  /** How many there are, counted no further than `most`, in the same manner. */
  count?(most: number): Promise<number>;
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

/** A connection with a page of its own size; such a one has no depth either. */
export interface PageLimits {
  most: number;
}

export function connect<T>(
  listing: Listing<T> | (() => Listing<T>),
  args: ConnectionArgs,
  context: GraphContext,
  info: GraphQLResolveInfo,
  limits?: PageLimits,
): unknown {
  const list = () => (typeof listing === 'function' ? listing() : listing);
  const pass = context.bulkPass;
  if (pass) {
    if (info.path.prev !== undefined) {
      const all = list();
      return new Page(all, [...all.after()], { hasNext: false, hasPrevious: false, depth: 0 });
    }
    pass.source ??= list().after()[Symbol.iterator]();
    return new Page(emptyListing, pass.take(), { hasNext: false, hasPrevious: false, depth: 0 });
  }

  checkSize(args, info, limits?.most ?? MAX_PAGE);
  const all = list();
  const after = typeof args.after === 'string' ? readCursor(args.after) : undefined;
  const before = typeof args.before === 'string' ? readCursor(args.before) : undefined;
  const page = (from: Listing<T>) =>
    typeof args.first === 'number'
      ? forward(from, args.first, limits && after ? { ...after, depth: 0 } : after, before, info)
      : backward(from, args.last ?? 0, after, before);
  if (!all.ahead) return page(all);
  const found =
    typeof args.first === 'number'
      ? all.ahead('after', after, args.first + 1)
      : all.ahead('before', before, (args.last ?? 0) + 1);
  const way = typeof args.first === 'number' ? 'after' : 'before';
  return found.then((items) => page({ ...all, [way]: () => items }));
}

/** Sorted already, or in an order of its own (lines of an order): `keyOf` must grow with the place. */
export function listOf<T>(items: readonly T[], keyOf: (item: T) => SortKey, reversed: boolean): Listing<T> {
  const sign = reversed ? -1 : 1;
  const place = (key: SortKey, behind: boolean) => {
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const order = sign * compareKeys(keyOf(items[middle] as T), key);
      if (order < 0 || (behind && order === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    keyOf,
    reversed,
    *after(key) {
      for (let at = key ? place(key, true) : 0; at < items.length; at += 1) yield items[at] as T;
    },
    *before(key) {
      for (let at = (key ? place(key, false) : items.length) - 1; at >= 0; at -= 1) yield items[at] as T;
    },
  };
}

/** A short list in its own order (lines of an order, variants of a product). */
export function inOrder<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  reverse?: boolean | null,
): Listing<T> {
  const positions = new Map(items.map((item, index) => [item, index]));
  const keyOf = (item: T) => ({ value: positions.get(item) ?? 0, id: idOf(item) });
  return listOf(reverse ? items.toReversed() : items, keyOf, reverse ?? false);
}

const emptyListing: Listing<never> = listOf([], () => ({ value: 0, id: '0' }), false);

interface Bounds {
  hasNext: boolean;
  hasPrevious: boolean;
  /** Objects before the first of the page, as far as the cursors tell. */
  depth: number;
}

function forward<T>(
  listing: Listing<T>,
  size: number,
  after: Cursor | undefined,
  before: SortKey | undefined,
  info: GraphQLResolveInfo,
): Page<T> {
  const depth = after?.depth ?? 0;
  if (depth >= MAX_DEPTH) {
    throw badRequest(`Pages end after ${MAX_DEPTH} objects (${info.fieldName}): use a bulk operation.`);
  }
  const sign = listing.reversed ? -1 : 1;
  const items: T[] = [];
  let hasNext = false;
  for (const item of listing.after(after)) {
    if (before && sign * compareKeys(listing.keyOf(item), before) >= 0) {
      hasNext = true;
      break;
    }
    if (items.length === size) {
      hasNext = true;
      break;
    }
    items.push(item);
  }
  return new Page(listing, items, {
    hasNext,
    hasPrevious: after !== undefined && any(listing.before(items[0] ? listing.keyOf(items[0]) : undefined)),
    depth,
  });
}

function backward<T>(
  listing: Listing<T>,
  size: number,
  after: SortKey | undefined,
  before: Cursor | undefined,
): Page<T> {
  const sign = listing.reversed ? -1 : 1;
  const items: T[] = [];
  let hasPrevious = false;
  for (const item of listing.before(before)) {
    const outside = after && sign * compareKeys(listing.keyOf(item), after) <= 0;
    if (outside || items.length === size) {
      hasPrevious = true;
      break;
    }
    items.push(item);
  }
  items.reverse();
  const last = items.at(-1);
  const hasNext = before !== undefined && any(listing.after(last ? listing.keyOf(last) : undefined));
  return new Page(listing, items, { hasNext, hasPrevious, depth: 0 });
}

function any(items: Iterable<unknown>): boolean {
  for (const _ of items) return true;
  return false;
}

/** Lazy: edges and cursors are made only if they are selected. */
class Page<T> {
  readonly #listing: Listing<T>;
  readonly #bounds: Bounds;
  readonly nodes: readonly T[];

  constructor(listing: Listing<T>, nodes: readonly T[], bounds: Bounds) {
    this.#listing = listing;
    this.#bounds = bounds;
    this.nodes = nodes;
  }

  get edges(): { node: T; cursor: () => string }[] {
    return this.nodes.map((node, index) => ({ node, cursor: () => this.#cursorOf(node, index) }));
  }

  get pageInfo() {
    const first = this.nodes[0];
    const last = this.nodes.at(-1);
    return {
      hasNextPage: this.#bounds.hasNext,
      hasPreviousPage: this.#bounds.hasPrevious,
      startCursor: first === undefined ? null : this.#cursorOf(first, 0),
      endCursor: last === undefined ? null : this.#cursorOf(last, this.nodes.length - 1),
    };
  }

  #cursorOf(item: T, index: number): string {
    const { value, id } = this.#listing.keyOf(item);
    const cursor = { last_id: id, last_value: value, depth: this.#bounds.depth + index + 1 };
    return Buffer.from(JSON.stringify(cursor)).toString('base64');
  }
}

interface Cursor extends SortKey {
  depth: number;
}

function readCursor(cursor: string): Cursor {
  try {
    const parsed = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as Record<string, unknown>;
    const { last_value: value, last_id: id, depth } = parsed;
    const sortable = typeof value === 'string' || typeof value === 'number';
    if (typeof id === 'string' && sortable) {
      return { value, id, depth: typeof depth === 'number' ? depth : 0 };
    }
  } catch {
    // falls through to the refusal
  }
  throw badRequest('Invalid cursor for current pagination sort.');
}

function checkSize(args: ConnectionArgs, info: GraphQLResolveInfo, most: number): void {
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
    if (size !== undefined && size > most) {
      throw badRequest(`${name} cannot exceed ${most} (${info.fieldName})`, 'MAX_PAGE_SIZE_EXCEEDED');
    }
  }
}
