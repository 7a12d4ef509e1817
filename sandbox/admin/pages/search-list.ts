/**
 * A list that is searched in the syntax of the Admin API. What the API would answer with an error, the page says
 * in words; what it would leave out of the search with a warning, too.
 */
import { GraphQLError } from 'graphql';
import { listOf } from '../../graphql/connection.ts';
import type { Listing } from '../../graphql/connection.ts';
import type { SearchNotes } from '../../graphql/search.ts';
import { field } from '../forms.ts';
import { html } from '../html.ts';
import type { Html } from '../html.ts';
import { number } from '../words.ts';
import { takePage } from './paging.ts';
import type { ListPage } from './paging.ts';

export interface Found<Item> {
  list: ListPage<Item>;
  /** Why the search is not what was asked for. */
  complaints: string[];
}

export function search<Item>(
  query: URLSearchParams,
  make: (notes: SearchNotes) => Listing<Item>,
): Found<Item> {
  const notes: SearchNotes = { parsed: null, warnings: [] };
  try {
    const list = takePage(make(notes), query);
    return { list, complaints: notes.warnings.map(({ field: name, message }) => `${name}: ${message}`) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const nothing = listOf<Item>([], () => ({ value: 0, id: '' }), false);
    return { list: takePage(nothing, query), complaints: [error.message] };
  }
}

/** A tag as a search for it. */
export function tagSearch(tag: string): string {
  return `tag:"${tag.replace(/["\\]/g, '\\$&')}"`;
}

export interface SearchFormInput {
  action: string;
  label: string;
  hint: string;
  /** Examples of the syntax, to be clicked. */
  examples: readonly string[];
}

export function searchForm(input: SearchFormInput, url: URL, complaints: readonly string[]): Html {
  const value = url.searchParams.get('q') ?? '';
  return html`<form class="search" method="get" action="${input.action}" role="search">
      ${field(input.label, 'q', { type: 'search', value, hint: input.hint })}
      <button>Search</button>
    </form>
    <p class="quiet examples">
      Filters of the Admin API:
      ${input.examples.map(
        (example) =>
          html`<a href="${input.action}?q=${encodeURIComponent(example)}"><code>${example}</code></a> `,
      )}
    </p>
    ${complaints.map((text) => html`<p class="failed" role="alert">${text}</p>`)}`;
}

/** "1,200 customers", or what is known of a search. */
export function countLine(
  list: ListPage<unknown>,
  total: number,
  words: readonly [one: string, many: string],
  url: URL,
): Html {
  const searched = Boolean(url.searchParams.get('q') ?? url.searchParams.get('tag'));
  const count = searched ? list.items.length : total;
  const more = searched && (list.hasNext || list.hasPrevious);
  return html`<p>
    ${number(count)} ${count === 1 ? words[0] : words[1]}${more ? ' on this page, and there are more' : ''}
    ${searched ? html`· <a href="${url.pathname}">Show all</a>` : null}
  </p>`;
}
