import { describe, expect, it } from 'vitest';
import { addCustomer, addOrder } from '../../unit/sandbox/make-store.ts';
import { at, DOMAIN, openSandbox } from './call-sandbox.ts';

describe('a request', () => {
  it('needs a good token of this store', async () => {
    const { sandbox, post, ask } = await openSandbox();
    const body = JSON.stringify({ query: '{ shop { id } }' });
    const refused: Record<string, string>[] = [
      { 'x-shopify-access-token': 'shpat_unknown' },
      { 'x-shopify-access-token': '' },
      { 'x-sandbox-shop': 'other.myshopify.com' },
    ];
    for (const headers of refused) {
      const response = await post(body, headers);
      expect(response.status).toBe(401);
      expect(await response.json()).toEqual({
        errors: '[API] Invalid API key or access token (unrecognized login or wrong password)',
      });
    }
    expect((await post(body, { 'x-sandbox-shop': DOMAIN })).status).toBe(200);
    sandbox.access.expireTokens(DOMAIN);
    expect((await post(body)).status).toBe(401);
    await expect(ask('{ shop { id } }')).rejects.toThrow();
  });

  it('is refused when it is no JSON, no query, too large or no POST, and the sandbox goes on', async () => {
    const { sandbox, post, ask, token } = await openSandbox();
    expect((await post('{"query":')).status).toBe(400);
    expect((await post('[]')).status).toBe(400);
    expect((await post('{}')).status).toBe(400);
    expect((await post('{"query":"{shop{id}}","variables":[1]}')).status).toBe(400);
    expect((await post(JSON.stringify({ query: 'x'.repeat(5 * 1024 * 1024) }))).status).toBe(413);
    const url = `${sandbox.url}/admin/api/2026-10/graphql.json`;
    // Without a length told beforehand, and without an end.
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(256 * 1024).fill(120)),
    });
    const headers = { 'x-shopify-access-token': token };
    const stopped = await fetch(url, {
      method: 'POST',
      headers,
      body: endless,
      duplex: 'half',
    } as RequestInit);
    expect(stopped.status).toBe(413);
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`${sandbox.url}/nothing`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/admin/api/2026-10/customers.json`)).status).toBe(404);
    const deep = await ask(`{ shop { ${'plan {'.repeat(5000)} }`);
    expect(deep.errors?.[0]?.message).toContain('nested deeper');
    expect((await ask('{ shop { id } }')).status).toBe(200);
  });

  it('is held to the real schema', async () => {
    const { ask } = await openSandbox();
    const messages = async (query: string) =>
      (await ask(query)).errors?.map(({ message }) => message).join(' ');
    expect(await messages('{ customers(first: 1) { nodes { loyaltyPoints } } }')).toContain('loyaltyPoints');
    expect(await messages('{ customers(top: 1) { nodes { id } } }')).toContain('top');
    expect(await messages('{ shop {')).toContain('Syntax Error');
    expect(await messages('subscription { x }')).toBeDefined();
    expect(await messages('query A { shop { id } } query B { shop { id } }')).toContain('operation name');
  });

  it('for what the sandbox does not have fails loudly', async () => {
    const { ask, store } = await openSandbox();
    addCustomer(store);
    const first = async (query: string) => (await ask(query)).errors?.[0];
    const loud = { extensions: { code: 'NOT_IMPLEMENTED_BY_THE_SANDBOX' } };
    expect(await first('{ productTags(first: 1) { nodes } }')).toMatchObject({
      message: 'QueryRoot.productTags is not implemented by the sandbox.',
      ...loud,
    });
    expect(
      await first(
        'mutation { customerAddTaxExemptions(customerId: "gid://shopify/Customer/1", taxExemptions: []) { userErrors { message } } }',
      ),
    ).toMatchObject({
      message: 'Mutation.customerAddTaxExemptions is not implemented by the sandbox.',
      ...loud,
    });
    expect(await first('{ customers(first: 1) { nodes { id lifetimeDuration } } }')).toMatchObject({
      message: 'Customer.lifetimeDuration is not implemented by the sandbox.',
      path: ['customers', 'nodes', 0, 'lifetimeDuration'],
    });
    // Also arguments that would be ignored.
    expect(
      await first('{ orders(first: 1, savedSearchId: "gid://shopify/SavedSearch/1") { nodes { id } } }'),
    ).toMatchObject({
      message: 'The argument savedSearchId of QueryRoot.orders is not implemented by the sandbox.',
      ...loud,
    });
    // Also where Shopify would allow null.
    expect((await first('{ shop { description } }'))?.message).toContain('Shop.description');
    expect((await first('{ node(id: "gid://shopify/GiftCard/1") { id } }'))?.message).toContain('GiftCard');
  });

  it('without the scope of a root field is denied', async () => {
    const { ask, sandbox, store } = await openSandbox();
    const id = `gid://shopify/Customer/${addCustomer(store).id}`;
    const add = `mutation { tagsAdd(id: "${id}", tags: ["a"]) { userErrors { message } } }`;
    sandbox.access.setScopes(DOMAIN, ['write_customers']);
    expect((await ask('{ customersCount { count } }')).errors).toBeUndefined();
    expect((await ask('{ ordersCount { count } }')).errors?.[0]).toMatchObject({
      message:
        'Access denied for ordersCount field. Required access: `read_orders` access scope or `read_marketplace_orders` access scope.',
      path: ['ordersCount'],
      extensions: { code: 'ACCESS_DENIED' },
    });
    sandbox.access.setScopes(DOMAIN, ['read_customers']);
    expect((await ask(add)).errors?.[0]?.extensions?.['code']).toBe('ACCESS_DENIED');
    expect(store.customer(id.split('/').at(-1) ?? '')?.tags).toEqual([]);
  });

  it('of another version is answered by that schema, or falls forward to the oldest', async () => {
    const { sandbox, token } = await openSandbox();
    for (const [asked, served] of [
      ['2025-01', '2026-01'],
      ['2026-07', '2026-07'],
      ['2026-10', '2026-10'],
      ['unstable', 'unstable'],
    ]) {
      const response = await fetch(`${sandbox.url}/admin/api/${asked}/graphql.json`, {
        method: 'POST',
        headers: { 'x-shopify-access-token': token },
        body: JSON.stringify({ query: '{ shop { id } }' }),
      });
      expect(response.headers.get('x-shopify-api-version')).toBe(served);
      expect(response.headers.get('date')).not.toBeNull();
    }
    const unknown = await fetch(`${sandbox.url}/admin/api/2026-11/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': token, 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ shop { id } }' }),
    });
    expect(unknown.status).toBe(404);
  });
});

describe('pages', () => {
  async function withCustomers(count: number) {
    const caller = await openSandbox();
    const ids = Array.from({ length: count }, (_, n) =>
      addCustomer(caller.store, {
        email: `c${n}@example.com`,
        updatedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, Math.floor(n / 3))).toISOString(),
      }),
    ).map(({ id }) => `gid://shopify/Customer/${id}`);
    const page = async (args: string) => {
      const { data, errors } = await caller.ask(
        `{ customers(${args}) { edges { cursor node { id } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      );
      expect(errors).toBeUndefined();
      const edges = at(data, 'customers', 'edges') as { cursor: string; node: { id: string } }[];
      return {
        ids: edges.map(({ node }) => node.id),
        cursors: edges.map(({ cursor }) => cursor),
        info: at(data, 'customers', 'pageInfo') as Record<string, unknown>,
      };
    };
    return { ...caller, ids, page };
  }

  it.each(['ID', 'UPDATED_AT', 'CREATED_AT', 'NAME'])(
    'go forward and back by %s without loss',
    async (sortKey) => {
      const { ids, page } = await withCustomers(25);
      for (const reverse of [false, true]) {
        const base = `sortKey: ${sortKey}, reverse: ${reverse}`;
        const forward: string[] = [];
        let after = '';
        for (;;) {
          const { ids: found, info } = await page(`first: 10, ${base}${after}`);
          forward.push(...found);
          if (!info['hasNextPage']) break;
          after = `, after: "${String(info['endCursor'])}"`;
        }
        expect(forward).toEqual(reverse ? ids.toReversed() : ids);
        const backward: string[] = [];
        let before = '';
        for (;;) {
          const { ids: found, info } = await page(`last: 10, ${base}${before}`);
          backward.unshift(...found);
          if (!info['hasPreviousPage']) break;
          before = `, before: "${String(info['startCursor'])}"`;
        }
        expect(backward).toEqual(forward);
      }
    },
  );

  it('go on at the right place when the record of the cursor is gone or changed', async () => {
    const { ids, page, store } = await withCustomers(10);
    const { info } = await page('first: 4');
    store.deleteCustomer(ids[3]?.split('/').at(-1) ?? '');
    const next = await page(`first: 4, after: "${String(info['endCursor'])}"`);
    expect(next.ids).toEqual(ids.slice(4, 8));
    expect(next.info).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
  });

  it('need a size of at most 250 and a cursor that can be read', async () => {
    const { ask } = await openSandbox();
    const message = async (args: string) =>
      (await ask(`{ customers${args} { nodes { id } } }`)).errors?.[0]?.message;
    expect(await message('')).toContain('first or last');
    expect(await message('(first: 1, last: 1)')).toContain('both');
    expect(await message('(first: 251)')).toContain('cannot exceed 250');
    expect(await message('(first: -1)')).toContain('negative');
    expect(await message('(first: 1, after: "nonsense")')).toContain('cursor');
    expect(await message('(first: 1)')).toBeUndefined();
  });
});

describe('records', () => {
  it('are read by id, alone, together and by any type', async () => {
    const { ask, store } = await openSandbox();
    const anna = addCustomer(store, { email: 'anna@example.com', tags: ['VIP'] });
    const order = addOrder(store, {
      customerId: anna.id,
      totalMinor: 1234,
      presentmentCurrency: 'JPY',
      presentmentRate: 160,
    });
    const ids = [
      `gid://shopify/Customer/${anna.id}`,
      `gid://shopify/Order/${order.id}`,
      'gid://shopify/Customer/1',
    ];
    const { data, errors } = await ask(
      `query($ids: [ID!]!, $customer: ID!) {
        nodes(ids: $ids) {
          __typename id
          ... on Customer { tags numberOfOrders amountSpent { amount currencyCode } lastOrder { id } defaultEmailAddress { marketingState } }
          ... on Order {
            totalPriceSet { shopMoney { amount currencyCode } presentmentMoney { amount currencyCode } }
            netPaymentSet { shopMoney { amount } }
            customer { email displayName }
            purchasingEntity { __typename }
          }
        }
        customer(id: $customer) { legacyResourceId }
        order(id: $customer) { id }
        customersCount { count precision }
        ordersCount(limit: 0) { count precision }
      }`,
      { ids, customer: ids[0] },
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      nodes: [
        {
          __typename: 'Customer',
          id: ids[0],
          tags: ['VIP'],
          numberOfOrders: '1',
          amountSpent: { amount: '12.34', currencyCode: 'EUR' },
          lastOrder: { id: ids[1] },
          defaultEmailAddress: { marketingState: 'NOT_SUBSCRIBED' },
        },
        {
          __typename: 'Order',
          totalPriceSet: {
            shopMoney: { amount: '12.34', currencyCode: 'EUR' },
            presentmentMoney: { amount: '1974.0', currencyCode: 'JPY' },
          },
          netPaymentSet: { shopMoney: { amount: '12.34' } },
          customer: { email: 'anna@example.com', displayName: 'anna@example.com' },
          purchasingEntity: { __typename: 'Customer' },
        },
        null,
      ],
      customer: { legacyResourceId: anna.id },
      order: null,
      customersCount: { count: 1, precision: 'EXACT' },
      ordersCount: { count: 0, precision: 'AT_LEAST' },
    });
    expect((await ask('{ node(id: "1234") { id } }')).errors?.[0]?.message).toBe("Invalid global id '1234'");
  });

  it('get and lose tags, and the webhooks are told', async () => {
    const { ask, store } = await openSandbox();
    const anna = addCustomer(store, { tags: ['Red'] });
    const kinds: string[] = [];
    store.subscribe((change) => kinds.push(change.kind));
    const id = `gid://shopify/Customer/${anna.id}`;
    const swap = `mutation($id: ID!) {
      a: tagsAdd(id: $id, tags: ["red, New", "apple"]) { node { id ... on Customer { tags } } userErrors { field message } }
      r: tagsRemove(id: $id, tags: ["RED"]) { node { id ... on Customer { tags } } userErrors { field message } }
    }`;
    const { data, cost } = await ask(swap, { id });
    expect(data).toEqual({
      a: { node: { id, tags: ['apple', 'New', 'Red'] }, userErrors: [] },
      r: { node: { id, tags: ['apple', 'New'] }, userErrors: [] },
    });
    expect(cost).toMatchObject({ requestedQueryCost: 20, actualQueryCost: 20 });
    expect(kinds).toEqual([
      'customer_tags_added',
      'customer_updated',
      'customer_tags_removed',
      'customer_updated',
    ]);

    const missing = await ask(swap, { id: 'gid://shopify/Customer/1' });
    expect(at(missing.data, 'a')).toEqual({
      node: null,
      userErrors: [{ field: ['id'], message: 'Customer does not exist' }],
    });
    const wrong = await ask(swap, { id: 'gid://shopify/Metaobject/1' });
    expect(wrong.errors?.[0]?.extensions?.['code']).toBe('RESOURCE_NOT_FOUND');
  });
});
