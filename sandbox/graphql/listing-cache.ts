/** Sorted lists of a whole store, kept until a record of the kind changes: pages do not sort again. */
import type { Store } from '../store/store.ts';
import { compareKeys } from './connection.ts';
import type { Listing, SortValue } from './connection.ts';

type Kind = 'customer' | 'order' | 'product';

const cache = new WeakMap<Store, Map<string, { revision: number; items: unknown[] }>>();

export function sortedListing<T extends { id: string }>(
  store: Store,
  kind: Kind,
  sort: { key: string; value: (item: T) => SortValue; reverse: boolean },
  all: () => Iterable<T>,
): Listing<T> {
  const keyOf = (item: T) => ({ value: sort.value(item), id: item.id });
  let lists = cache.get(store);
  if (!lists) cache.set(store, (lists = new Map()));
  const name = `${kind} ${sort.key} ${sort.reverse}`;
  const revision = store.revision(kind);
  const kept = lists.get(name);
  if (kept?.revision === revision) return { items: kept.items as T[], keyOf, reversed: sort.reverse };
  const items = sortItems([...all()], keyOf, sort.reverse);
  lists.set(name, { revision, items });
  return { items, keyOf, reversed: sort.reverse };
}

export function sortItems<T>(
  items: T[],
  keyOf: (item: T) => { value: SortValue; id: string },
  reverse: boolean,
): T[] {
  const sign = reverse ? -1 : 1;
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .sort((a, b) => sign * compareKeys(a.key, b.key))
    .map(({ item }) => item);
}
