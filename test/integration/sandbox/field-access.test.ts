/** Who may see what: scopes of every field, protected customer data, the last sixty days, switches. */
import { describe, expect, it } from 'vitest';
import { addCustomer, addOrder } from '../../unit/sandbox/make-store.ts';
import {
  at, DOMAIN, finished, linesOf, NOW, openSandbox, RUN_MUTATION, RUN_QUERY, stage, startQuery,
} from './call-sandbox.ts'; // prettier-ignore
import type { Caller } from './call-sandbox.ts';

const DAY_MS = 86_400_000;

function daysAgo(days: number): string {
  return new Date(Date.parse(NOW) - days * DAY_MS).toISOString();
}

async function shopWithOrder(): Promise<Caller & { customer: string; order: string }> {
  const caller = await openSandbox();
  const customer = addCustomer(caller.store, { email: 'anna@example.com', firstName: 'Anna' });
  const line = {
    id: '1', productId: '1', variantId: null, title: 'Tea', sku: null, vendor: null, quantity: 1,
    currentQuantity: 1, priceMinor: 5000, discountMinor: 0, giftCard: false,
  }; // prettier-ignore
  const order = addOrder(caller.store, { customerId: customer.id, email: customer.email, lines: [line] });
  return {
    ...caller,
    customer: `gid://shopify/Customer/${customer.id}`,
    order: `gid://shopify/Order/${order.id}`,
  };
}

describe('scopes', () => {
  it('are those of every field, not of root fields only: null, with the error at its path', async () => {
    const { ask, sandbox, order } = await shopWithOrder();
    sandbox.access.setScopes(DOMAIN, ['read_orders']);
    const { data, errors, status } = await ask(
      '{ orders(first: 1) { nodes { id customer { id } lineItems(first: 1) { nodes { product { id } } } } } }',
    );
    expect(status).toBe(200);
    expect(errors?.[0]).toEqual({
      message: 'Access denied for customer field. Required access: `read_customers` access scope.',
      locations: [{ line: 1, column: 33 }],
      path: ['orders', 'nodes', 0, 'customer'],
      extensions: {
        code: 'ACCESS_DENIED',
        documentation: 'https://shopify.dev/api/usage/access-scopes',
        requiredAccess: '`read_customers` access scope.',
      },
    });
    expect(errors?.[1]).toMatchObject({
      message: 'Access denied for product field. Required access: `read_products` access scope.',
      path: ['orders', 'nodes', 0, 'lineItems', 'nodes', 0, 'product'],
    });
    expect(at(data, 'orders', 'nodes', 0)).toEqual({
      id: order,
      customer: null,
      lineItems: { nodes: [{ product: null }] },
    });
  });

  it('are looked at through connections, nodes of any type and counts', async () => {
    const { ask, sandbox, customer, order } = await shopWithOrder();
    sandbox.access.setScopes(DOMAIN, ['read_customers']);
    // A connection may not be null, so the null goes up.
    const denied = async (query: string) => {
      const { data, errors } = await ask(query);
      return [data, errors?.map(({ path, extensions }) => [path, extensions?.['code']])];
    };
    expect(await denied('{ orders(first: 1) { nodes { id } } }')).toEqual([
      {},
      [[['orders'], 'ACCESS_DENIED']],
    ]);
    expect(await denied('{ customers(first: 1) { nodes { orders(first: 1) { nodes { id } } } } }')).toEqual([
      {},
      [[['customers', 'nodes', 0, 'orders'], 'ACCESS_DENIED']],
    ]);
    expect(await denied('{ ordersCount { count } shop { name } }')).toEqual([
      { ordersCount: null, shop: { name: 'Test' } },
      [[['ordersCount'], 'ACCESS_DENIED']],
    ]);
    const nodes = await ask('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: [customer, order] });
    expect(nodes.data['nodes']).toEqual([{ id: customer }, null]);
    expect(nodes.errors).toMatchObject([{ path: ['nodes', 1], extensions: { code: 'ACCESS_DENIED' } }]);
    const node = await ask('query($id: ID!) { node(id: $id) { id } }', { id: order });
    expect([node.data['node'], node.errors?.[0]?.extensions?.['code']]).toEqual([null, 'ACCESS_DENIED']);
  });

  it('to write are asked for by what is changed, and nothing changes without them', async () => {
    const { ask, sandbox, store, customer } = await shopWithOrder();
    const add = `mutation { tagsAdd(id: "${customer}", tags: ["a"]) { userErrors { message } } }`;
    sandbox.access.setScopes(DOMAIN, ['read_customers', 'write_orders']);
    const denied = await ask(add);
    expect(denied.errors?.[0]?.message).toBe(
      'Access denied for tagsAdd field. Required access: `write_customers` access scope.',
    );
    expect(denied.data).toEqual({ tagsAdd: null });
    expect([...store.customers()][0]?.tags).toEqual([]);
    sandbox.access.setScopes(DOMAIN, ['write_customers']);
    expect((await ask(add)).errors).toBeUndefined();
    expect([...store.customers()][0]?.tags).toEqual(['a']);
  });

  it('do not bind the token for scripts, which also outlives those of the app', async () => {
    const { sandbox, post } = await shopWithOrder();
    sandbox.access.setScopes(DOMAIN, []);
    const { access_token } = sandbox.control.accessToken(DOMAIN, { allScopes: true });
    const body = JSON.stringify({ query: '{ orders(first: 1) { nodes { customer { email } } } }' });
    sandbox.access.expireTokens(DOMAIN, { refreshToo: true });
    expect((await post(body)).status).toBe(401);
    const response = await post(body, { 'x-shopify-access-token': access_token });
    expect(await response.json()).toMatchObject({
      data: { orders: { nodes: [{ customer: { email: 'anna@example.com' } }] } },
    });
  });

  it('that a bulk query lacks end it with ACCESS_DENIED; lines of a bulk mutation say so one by one', async () => {
    const caller = await shopWithOrder();
    caller.sandbox.access.setScopes(DOMAIN, ['read_orders']);
    const id = await startQuery(caller, '{ orders { edges { node { id customer { id } } } } }');
    expect(await finished(caller, id)).toMatchObject({ status: 'FAILED', errorCode: 'ACCESS_DENIED' });
    const mutation = 'mutation($id: ID!) { tagsAdd(id: $id, tags: ["x"]) { userErrors { message } } }';
    const path = await stage(caller, [JSON.stringify({ id: caller.customer })]);
    const { data } = await caller.ask(RUN_MUTATION, { mutation, path });
    const done = await finished(caller, at(data, 'bulkOperationRunMutation', 'bulkOperation', 'id'));
    expect(done.status).toBe('COMPLETED');
    expect(await linesOf(done.url)).toMatchObject([
      { data: { tagsAdd: null }, errors: [{ extensions: { code: 'ACCESS_DENIED' } }], __lineNumber: 0 },
    ]);
  });
});

describe('protected customer data', () => {
  const PEOPLE =
    '{ customers(first: 1) { nodes { id firstName email tags defaultEmailAddress { emailAddress marketingState } } } }';

  it('of level 2 is null with an error beside it, when only level 1 is approved', async () => {
    const { ask, sandbox, customer } = await shopWithOrder();
    expect((await ask(PEOPLE)).errors).toBeUndefined();
    sandbox.control.switches(DOMAIN, { protectedData: 1 });
    const { data, errors } = await ask(PEOPLE);
    expect(at(data, 'customers', 'nodes', 0)).toMatchObject({
      id: customer,
      firstName: null,
      email: null,
      tags: [],
      // The address itself may not be null: the null goes up to where it may.
      defaultEmailAddress: null,
    });
    expect(errors?.map(({ path }) => (path as string[]).slice(3).join('.')).sort()).toEqual([
      'defaultEmailAddress.emailAddress',
      'email',
      'firstName',
    ]);
    expect(errors?.[0]?.message).toBe(
      'This app is not approved to use the firstName field. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.',
    );
    expect(errors?.[0]?.extensions?.['code']).toBe('ACCESS_DENIED');
  });

  it('of level 1 is closed altogether without any approval', async () => {
    const { ask, sandbox, customer } = await shopWithOrder();
    sandbox.control.switches(DOMAIN, { protectedData: 0 });
    const { data, errors } = await ask(
      'query($id: ID!) { shop { name } customer(id: $id) { id } order(id: "gid://shopify/Order/1") { id } }',
      { id: customer },
    );
    expect(errors?.map(({ message }) => message.split('.')[0])).toEqual([
      'This app is not approved to access the Customer object',
      'This app is not approved to access the Order object',
    ]);
    expect(data).toEqual({ shop: { name: 'Test' }, customer: null, order: null });
    sandbox.control.switches(DOMAIN, { protectedData: 2 });
    expect((await ask('{ orders(first: 1) { nodes { id } } }')).errors).toBeUndefined();
  });
});

describe('without read_all_orders', () => {
  it('orders of more than sixty days ago do not exist, by whatever way they are asked for', async () => {
    const caller = await openSandbox();
    const { ask, sandbox, store } = caller;
    const anna = addCustomer(store);
    const old = addOrder(store, { customerId: anna.id, createdAt: daysAgo(61), processedAt: daysAgo(61) });
    const fresh = addOrder(store, { customerId: anna.id, createdAt: daysAgo(59), processedAt: daysAgo(59) });
    const gid = (id: string) => `gid://shopify/Order/${id}`;
    const query = `query($old: ID!, $ids: [ID!]!, $anna: ID!) {
      orders(first: 5) { nodes { id } }
      searched: orders(first: 5, query: "test:false OR test:true") { nodes { id } }
      ordersCount { count }
      order(id: $old) { id }
      nodes(ids: $ids) { id }
      customer(id: $anna) { numberOfOrders orders(first: 5) { nodes { id } } }
    }`;
    const variables = {
      old: gid(old.id),
      ids: [old.id, fresh.id].map(gid),
      anna: `gid://shopify/Customer/${anna.id}`,
    };
    const all = await ask(query, variables);
    expect(all.errors).toBeUndefined();
    expect(at(all.data, 'ordersCount', 'count')).toBe(2);

    sandbox.access.setScopes(DOMAIN, ['read_orders', 'read_customers']);
    const { data, errors } = await ask(query, variables);
    expect(errors).toBeUndefined();
    const only = { nodes: [{ id: gid(fresh.id) }] };
    expect(data).toEqual({
      orders: only,
      searched: only,
      ordersCount: { count: 1 },
      order: null,
      nodes: [null, { id: gid(fresh.id) }],
      customer: { numberOfOrders: '2', orders: only },
    });
    const bulk = await finished(caller, await startQuery(caller, '{ orders { edges { node { id } } } }'));
    expect((await linesOf(bulk.url)).map(({ id }) => id)).toEqual([gid(fresh.id)]);

    // The sixty days are those of the business clock.
    sandbox.clock.advanceDays(2, 'UTC');
    expect(at((await ask('{ ordersCount { count } }')).data, 'ordersCount', 'count')).toBe(0);
  });
});

describe('switches', () => {
  const BODY = JSON.stringify({ query: '{ shop { id } }' });

  it('close the door: an address that is not listed, a frozen and a locked store', async () => {
    const { post, sandbox } = await openSandbox();
    sandbox.control.switches(DOMAIN, { ipAllowlist: 'blocked' });
    expect((await post(BODY)).status).toBe(403);
    sandbox.control.switches(DOMAIN, { ipAllowlist: 'ok', shopStatus: 'frozen' });
    expect((await post(BODY)).status).toBe(402);
    sandbox.control.switches(DOMAIN, { shopStatus: 'locked' });
    expect((await post(BODY)).status).toBe(423);
    sandbox.control.switches(DOMAIN, { shopStatus: 'open' });
    expect((await post(BODY)).status).toBe(200);
  });

  it('refuse bulk operations: queries, mutations, or both without a list of addresses', async () => {
    const caller = await openSandbox();
    const { ask, sandbox } = caller;
    const runs = async () => {
      const path = await stage(caller, ['{}']);
      const mutation = 'mutation($id: ID!) { tagsAdd(id: $id, tags: ["x"]) { userErrors { message } } }';
      const query = await ask(RUN_QUERY, { query: '{ orders { edges { node { id } } } }' });
      const change = await ask(RUN_MUTATION, { mutation, path });
      return [query, change].map(({ errors, data }) =>
        errors ? [errors[0]?.extensions?.['code'], Object.values(data)[0]] : 'ok',
      );
    };
    const denied = ['ACCESS_DENIED', null];
    sandbox.control.switches(DOMAIN, { bulkQueries: false });
    expect(await runs()).toEqual([denied, 'ok']);
    sandbox.control.switches(DOMAIN, { bulkQueries: true, bulkMutations: false });
    expect(await runs()).toEqual(['ok', denied]);
    sandbox.control.switches(DOMAIN, { bulkMutations: true, ipAllowlist: 'missing' });
    expect(await runs()).toEqual([denied, denied]);
    expect([...caller.store.bulkOperations()]).toHaveLength(2);
    expect((await ask('{ shop { id } }')).errors).toBeUndefined();
  });
});
