/**
 * Lists of a kind of records: sorted, searched, read lazily. A search is judged by the lagging index; the records
 * that it returns are as they are now, and those that are gone are left out.
 */
import type { Id, SandboxCustomer, SandboxOrder, SandboxProduct } from '../store/model.ts';
import { compareKeys } from '../store/ordered-list.ts';
import type { OrderedList, SortKey, SortValue } from '../store/ordered-list.ts';
import type { Listed } from '../store/listeners.ts';
import type { Sort } from '../store/store-records.ts';
import type { Store } from '../store/store.ts';
import { listOf } from './connection.ts';
import type { Listing } from './connection.ts';
import { NotImplemented } from './not-implemented.ts';
import { compileSearch } from './search.ts';
import type { FieldTest, Predicate, Search, SearchNotes } from './search.ts';
import { earliestOf } from './search-fields.ts';
import { searchIndexOf } from './search-index.ts';

/** So long a search may keep others waiting. */
const STRETCH_MS = 10;

export interface ListArgs {
  query?: string | null;
  sortKey?: string | null;
  reverse?: boolean | null;
}

export interface ListedKind<T> {
  kind: Listed;
  sorts: Readonly<Record<string, (item: T, store: Store) => SortValue>>;
  get(store: Store, id: Id): T | undefined;
  ordered(store: Store, sort: Sort<T>): OrderedList<T>;
  fields(store: Store): (name: string) => FieldTest<T> | undefined;
  words(word: string, quoted: boolean): Predicate<T>;
  /** Sort keys whose value is the instant of a search field: a lower bound on it is where the list begins. */
  times: Readonly<Record<string, string>>;
  /** Few candidates, when the search says whose they can only be. */
  narrow?(store: Store, search: Search<T>): T[] | undefined;
  /** Says of generated records that cannot match, by their index, without making them. */
  skip?(store: Store, search: Search<T>): ((baseIndex: number) => boolean) | undefined;
}

/** Before a list that needs a value of every record: other work goes on meanwhile. */
export async function readyToSort<T extends SandboxCustomer | SandboxOrder | SandboxProduct>(
  listed: ListedKind<T>,
  store: Store,
  sortKey: string,
): Promise<void> {
  if (!Object.hasOwn(listed.sorts, sortKey)) return;
  await store.ready(listed.kind, sortOf(listed, store, sortKey) as never);
}

function sortOf<T>(listed: ListedKind<T>, store: Store, key: string): Sort<T> {
  const sort = Object.hasOwn(listed.sorts, key) ? listed.sorts[key] : undefined;
  if (!sort) throw new NotImplemented(`Sorting ${listed.kind}s by ${key}`);
  // RELEVANCE is ID here.
  return { name: key === 'RELEVANCE' ? 'ID' : key, value: (item) => sort(item, store) };
}

/** `among`: only of these, instead of all of the store. `notes`: see compileSearch. */
export function listRecords<T extends { id: Id }>(
  listed: ListedKind<T>,
  store: Store,
  args: ListArgs,
  options: { among?: T[]; notes?: SearchNotes } = {},
): Listing<T> {
  const key = args.sortKey ?? 'ID';
  const sort = sortOf(listed, store, key);
  const keyOf = (item: T) => ({ value: sort.value(item), id: item.id });
  const reversed = args.reverse ?? false;
  const index = searchIndexOf(store);
  if (!args.query?.trim()) {
    if (options.among) return sortedList(options.among, keyOf, reversed);
    return lazyList(listed, store, sort, { keyOf, reversed });
  }
  const search = compileSearch<T>(
    args.query,
    listed.fields(store),
    (word, quoted) => listed.words(word, quoted),
    options.notes,
  );
  const found = (item: T): boolean => {
    const seen = index.seen(listed.kind, item.id, item);
    return seen !== undefined && search.test(seen);
  };
  const few = options.among ?? narrowById(listed, store, search) ?? listed.narrow?.(store, search);
  if (few) return sortedList(few.filter(found), keyOf, reversed);
  const from = earliest(listed, store, key, search);
  const skip = listed.skip?.(store, search);
  return lazyList(listed, store, sort, { keyOf, reversed, found, from, skip });
}

/** How many the list has, counted up to one more than `limit`. */
export async function countListed(listing: Listing<unknown>, limit: number | null): Promise<number> {
  const most = limit === null ? Infinity : limit + 1;
  if (listing.count) return listing.count(most);
  let count = 0;
  for (const _ of listing.after()) if (++count >= most) break;
  return count;
}

export function sortedList<T>(items: T[], keyOf: (item: T) => SortKey, reversed: boolean): Listing<T> {
  const sign = reversed ? -1 : 1;
  const sorted = items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => sign * compareKeys(a.key, b.key));
  return listOf(
    sorted.map(({ item }) => item),
    keyOf,
    reversed,
  );
}

function lazyList<T extends { id: Id }>(
  listed: ListedKind<T>,
  store: Store,
  sort: Sort<T>,
  options: {
    keyOf: (item: T) => SortKey;
    reversed: boolean;
    found?: Predicate<T>;
    /** Nothing before this moment, an ISO text, can be in the list. */
    from?: string | undefined;
    skip?: ((baseIndex: number) => boolean) | undefined;
  },
): Listing<T> {
  const { keyOf, reversed, found, from, skip } = options;
  const start = from === undefined ? undefined : { value: from, id: '' };
  const later = (place: SortKey | undefined) =>
    start && (!place || place.value < start.value) ? start : place;

  function* upwards(place: SortKey | undefined): Generator<T> {
    for (const item of listed.ordered(store, sort).after(later(place), skip)) {
      if (!found || found(item)) yield item;
    }
  }
  function* downwards(place: SortKey | undefined): Generator<T> {
    for (const item of listed.ordered(store, sort).before(place, skip)) {
      if (start && sort.value(item) < start.value) return;
      if (!found || found(item)) yield item;
    }
  }
  const listing: Listing<T> = {
    keyOf,
    reversed,
    after: (place) => (reversed ? downwards(place) : upwards(place)),
    before: (place) => (reversed ? upwards(place) : downwards(place)),
  };
  if (!found) return listing;
  const matches = found;

  /** Calls `take` with every match until it has enough. */
  async function look(up: boolean, place: SortKey | undefined, take: (item: T) => boolean): Promise<void> {
    const ordered = listed.ordered(store, sort);
    let since = performance.now();
    for (const item of up ? ordered.after(later(place), skip) : ordered.before(place, skip)) {
      if (!up && start && sort.value(item) < start.value) return;
      if (matches(item) && !take(item)) return;
      if (performance.now() - since > STRETCH_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        since = performance.now();
      }
    }
  }
  return {
    ...listing,
    async ahead(way, place, count) {
      const items: T[] = [];
      await look((way === 'after') !== reversed, place, (item) => items.push(item) < count);
      return items;
    },
    async count(most) {
      let count = 0;
      await look(true, undefined, () => ++count < most);
      return count;
    },
  };
}

function narrowById<T extends { id: Id }>(
  listed: ListedKind<T>,
  store: Store,
  search: Search<T>,
): T[] | undefined {
  const wanted = search.equals.get('id');
  if (wanted === undefined || wanted === '*') return undefined;
  const ids = new Set(wanted.split(',').map((text) => text.trim().replace(/^gid:\/\/shopify\/\w+\//, '')));
  return [...ids].flatMap((id) => listed.get(store, id) ?? []);
}

/**
 * Sound although search may see an older record: a time of a record never goes back, so what fits the bound in
 * an older state fits it now.
 */
function earliest<T>(
  listed: ListedKind<T>,
  store: Store,
  key: string,
  search: Search<T>,
): string | undefined {
  const field = Object.hasOwn(listed.times, key) ? listed.times[key] : undefined;
  let from: number | undefined;
  for (const { field: name, term } of search.musts) {
    if (name !== field) continue;
    const bound = earliestOf(term, store.shop.ianaTimezone, () => store.clock.now());
    if (bound !== undefined) from = Math.max(from ?? -Infinity, bound);
  }
  return from === undefined ? undefined : new Date(from).toISOString();
}
