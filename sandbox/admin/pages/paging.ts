/** Pages of a list, and the links between them. */
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { number } from '../words.ts';

export const PAGE_SIZE = 50;

export interface ListPage<Item> {
  items: Item[];
  page: number;
  pages: number;
  total: number;
}

/** A page number that does not exist becomes the nearest that does. */
export function takePage<Item>(all: readonly Item[], wanted: string | null): ListPage<Item> {
  const pages = Math.max(1, Math.ceil(all.length / PAGE_SIZE));
  const page = Math.min(pages, Math.max(1, Math.floor(Number(wanted)) || 1));
  return { items: all.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE), page, pages, total: all.length };
}

export function pager(list: ListPage<unknown>, url: URL): Html | null {
  if (list.pages === 1) return null;
  const to = (page: number) => {
    const query = new URLSearchParams(url.searchParams);
    query.set('page', String(page));
    return `${url.pathname}?${query.toString()}`;
  };
  return html`<nav class="pager" aria-label="Pages">
    ${list.page > 1 ? html`<a rel="prev" href="${to(list.page - 1)}">Previous</a>` : null}
    <span>Page ${number(list.page)} of ${number(list.pages)}</span>
    ${list.page < list.pages ? html`<a rel="next" href="${to(list.page + 1)}">Next</a>` : null}
  </nav>`;
}
