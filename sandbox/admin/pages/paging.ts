/**
 * Pages of a list that may be very long: a page begins behind (or ends before) the record that the address
 * names, so nothing is counted or skipped.
 */
import type { Listing } from '../../graphql/connection.ts';
import type { SortKey } from '../../store/ordered-list.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';

export const PAGE_SIZE = 50;

export interface ListPage<Item> {
  items: Item[];
  hasPrevious: boolean;
  hasNext: boolean;
  keyOf(item: Item): SortKey;
}

/** The page that `after` or `before` of the address asks for; an address that makes no sense: the first. */
export function takePage<Item>(listing: Listing<Item>, query: URLSearchParams): ListPage<Item> {
  const keyOf = (item: Item) => listing.keyOf(item);
  const before = readKey(query.get('before'));
  if (before) {
    const items = take(listing.before(before));
    const hasPrevious = items.length > PAGE_SIZE;
    return { items: items.slice(0, PAGE_SIZE).reverse(), hasPrevious, hasNext: true, keyOf };
  }
  const after = readKey(query.get('after'));
  const items = take(listing.after(after));
  const hasNext = items.length > PAGE_SIZE;
  return { items: items.slice(0, PAGE_SIZE), hasPrevious: after !== undefined, hasNext, keyOf };
}

/** One more than a page: whether there are more. */
function take<Item>(all: Iterable<Item>): Item[] {
  const items: Item[] = [];
  for (const item of all) {
    items.push(item);
    if (items.length > PAGE_SIZE) break;
  }
  return items;
}

function readKey(text: string | null): SortKey | undefined {
  const cut = text?.indexOf('|') ?? -1;
  if (!text || cut < 1) return undefined;
  const rest = text.slice(cut + 1);
  return { id: text.slice(0, cut), value: rest.startsWith('n') ? Number(rest.slice(1)) : rest.slice(1) };
}

function writeKey({ id, value }: SortKey): string {
  return `${id}|${typeof value === 'number' ? 'n' : 't'}${value}`;
}

export function pager<Item>(list: ListPage<Item>, url: URL): Html | null {
  if (!list.hasPrevious && !list.hasNext) return null;
  const first = list.items[0];
  const last = list.items.at(-1);
  const to = (name: 'after' | 'before', item: Item) => {
    const query = new URLSearchParams(url.searchParams);
    for (const old of ['after', 'before', 'form', 'said', 'error']) query.delete(old);
    query.set(name, writeKey(list.keyOf(item)));
    return `${url.pathname}?${query.toString()}`;
  };
  return html`<nav class="pager" aria-label="Pages">
    ${list.hasPrevious && first !== undefined ? html`<a rel="prev" href="${to('before', first)}">Previous</a>` : null}
    ${list.hasNext && last !== undefined ? html`<a rel="next" href="${to('after', last)}">Next</a>` : null}
  </nav>`;
}
