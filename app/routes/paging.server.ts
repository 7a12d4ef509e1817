/** Pages of a list: where the last one ended is in the address, so that a page can be reloaded and linked. */
import type { CustomerPage } from '../segments/read-customer-page.server.ts';

export function readCursor(url: URL): { after?: string; before?: string } {
  const before = url.searchParams.get('before');
  if (before) return { before };
  const after = url.searchParams.get('after');
  return after ? { after } : {};
}

/** Addresses of the neighbouring pages, with the filters of this one. */
export function pageLinks(url: URL, page: Pick<CustomerPage, 'before' | 'after'>) {
  const link = (name: 'before' | 'after', cursor: string | null) => {
    if (!cursor) return null;
    const query = new URLSearchParams();
    for (const kept of ['segment', 'id', 'order']) {
      const value = url.searchParams.get(kept);
      if (value) query.set(kept, value);
    }
    query.set(name, cursor);
    return `${url.pathname.replace(/\.data$/, '')}?${query.toString()}`;
  };
  return { previous: link('before', page.before), next: link('after', page.after) };
}
