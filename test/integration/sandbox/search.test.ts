/** Searches with their lagging index: what they say, leave out and cannot take. */
import { describe, expect, it } from 'vitest';
import { searchIndexOf } from '../../../sandbox/graphql/search-index.ts';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { at, openSandbox } from './call-sandbox.ts';

describe('a search', () => {
  const FOUND =
    'query($q: String) { customers(first: 9, query: $q) { nodes { id tags } } customersCount(query: $q) { count } }';

  it('says what it left out, as recorded answers do, and what it cannot take', async () => {
    const { ask, post, store } = await openSandbox();
    addCustomer(store, { tags: ['vip'] });
    addCustomer(store);
    const search = async (q: string) => {
      const response = await post(JSON.stringify({ query: FOUND, variables: { q } }));
      const body = (await response.json()) as {
        data: Record<string, unknown>;
        extensions: { search?: unknown };
      };
      return {
        nodes: at(body.data, 'customers', 'nodes') as unknown[],
        count: at(body.data, 'customersCount', 'count'),
        search: body.extensions.search,
      };
    };
    expect(await search('loyalty_tier:gold tag:vip')).toMatchObject({
      nodes: [{ tags: ['vip'] }],
      // The count does not know tags: everybody is counted.
      count: 2,
      search: [
        {
          path: ['customers'],
          query: 'loyalty_tier:gold tag:vip',
          parsed: {
            and: [
              { field: 'loyalty_tier', match_all: 'gold' },
              { field: 'tag', match_all: 'vip' },
            ],
          },
          warnings: [
            { field: 'loyalty_tier', message: 'Invalid search field for this query.', code: 'invalid_field' },
          ],
        },
        {
          path: ['customersCount'],
          warnings: [{ field: 'loyalty_tier' }, { field: 'tag', code: 'invalid_field' }],
        },
      ],
    });
    expect((await search("updated_at:>='2020-01-01'")).search).toBeUndefined();
    // Unquoted, a time ends at its first colon.
    expect((await search('updated_at:>=2020-01-01T10:30:00Z')).search).toMatchObject([
      { warnings: [{ field: '30' }] },
      { warnings: [{ field: '30' }] },
    ]);
    expect((await search('state:GONE')).search).toMatchObject([
      {
        warnings: [
          { field: 'state', message: 'Input `GONE` is not an accepted value.', code: 'invalid_value' },
        ],
      },
      { warnings: [{ field: 'state', code: 'invalid_field' }] },
    ]);
    expect((await ask(FOUND, { q: '(tag:vip' })).errors?.[0]?.message).toContain('parenthesis');
  });

  it('lags behind writes, while reads by id do not; the clock of the index can be advanced', async () => {
    const { ask, sandbox, store } = await openSandbox();
    const control = (body: unknown) =>
      fetch(`${sandbox.url}/control/search-index`, { method: 'POST', body: JSON.stringify(body) });
    expect(await (await control({ lagMs: 60_000 })).json()).toEqual({ lagMs: 60_000 });
    const { id } = addCustomer(store, { email: 'a@example.com' });
    const gid = `gid://shopify/Customer/${id}`;
    const found = async (q: string) =>
      (at((await ask(FOUND, { q })).data, 'customers', 'nodes') as { id: string }[]).length;
    expect(await found('email:a@example.com')).toBe(0);
    expect(
      (await ask(`{ customer(id: "${gid}") { id } customers(first: 1) { nodes { id } } }`)).data,
    ).toEqual({
      customer: { id: gid },
      customers: { nodes: [{ id: gid }] },
    });
    await control({ advanceMs: 60_000 });
    expect(await found('email:a@example.com')).toBe(1);
    await ask(`mutation { tagsAdd(id: "${gid}", tags: ["new"]) { userErrors { message } } }`);
    await control({ advanceMs: 30_000 });
    await ask(`mutation { tagsAdd(id: "${gid}", tags: ["newer"]) { userErrors { message } } }`);
    expect([await found('tag:new'), await found('tag:newer')]).toEqual([0, 0]);
    await control({ advanceMs: 30_000 });
    expect([await found('tag:new'), await found('tag:newer')]).toEqual([1, 0]);
    await control({ catchUp: true });
    expect(await found('tag:newer')).toBe(1);
    store.deleteCustomer(id);
    expect(await found('tag:newer')).toBe(0);
    expect((await control({ lagMs: -1 })).status).toBe(400);
    expect(searchIndexOf(store).lagMs).toBe(60_000);
  });

  it('is not at once true of the index without the fast switch', async () => {
    const { store } = await openSandbox({ fast: false });
    expect(searchIndexOf(store).lagMs).toBe(1000);
  });
});
