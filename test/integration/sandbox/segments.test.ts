import { describe, expect, it } from 'vitest';
import { at, openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';
import { addCustomer, addOrder } from '../../unit/sandbox/make-store.ts';

const CREATE =
  'mutation($name: String!, $query: String!) { segmentCreate(name: $name, query: $query) { segment { id name query creationDate lastEditDate } userErrors { field message } } }';
const UPDATE =
  'mutation($id: ID!, $name: String, $query: String) { segmentUpdate(id: $id, name: $name, query: $query) { segment { id name query } userErrors { field message } } }';
const DELETE =
  'mutation($id: ID!) { segmentDelete(id: $id) { deletedSegmentId userErrors { field message } } }';
const MEMBERS =
  'query($id: ID, $query: String, $queryId: ID, $after: String, $first: Int = 1000, $sort: String, $reverse: Boolean = false, $zone: String) { customerSegmentMembers(segmentId: $id, query: $query, queryId: $queryId, after: $after, first: $first, sortKey: $sort, reverse: $reverse, timezone: $zone) { totalCount edges { node { id displayName numberOfOrders amountSpent { amount } lastOrderId defaultEmailAddress { emailAddress } } } pageInfo { hasNextPage endCursor } statistics { attributeStatistics(attributeName: "amount_spent") { sum average } } } }';
const MEMBERSHIP =
  'query($customer: ID!, $segments: [ID!]!) { customerSegmentMembership(customerId: $customer, segmentIds: $segments) { memberships { segmentId isMember } } }';

async function create({ ask }: Caller, name: string, query: string): Promise<string> {
  const { data } = await ask(CREATE, { name, query });
  expect(at(data, 'segmentCreate', 'userErrors')).toEqual([]);
  return String(at(data, 'segmentCreate', 'segment', 'id'));
}

async function refusals({ ask }: Caller, name: string, query: string): Promise<unknown> {
  const { data } = await ask(CREATE, { name, query });
  expect(at(data, 'segmentCreate', 'segment')).toBeNull();
  return at(data, 'segmentCreate', 'userErrors');
}

async function members(caller: Caller, variables: Record<string, unknown>): Promise<string[]> {
  const { data, errors } = await caller.ask(MEMBERS, variables);
  expect(errors).toBeUndefined();
  const edges = at(data, 'customerSegmentMembers', 'edges') as { node: { id: string } }[];
  return edges.map(({ node }) => node.id.replace('gid://shopify/CustomerSegmentMember/', ''));
}

async function isMember({ ask }: Caller, customer: string, segment: string): Promise<unknown> {
  const { data } = await ask(MEMBERSHIP, {
    customer: `gid://shopify/Customer/${customer}`,
    segments: [segment],
  });
  return at(data, 'customerSegmentMembership', 'memberships', 0, 'isMember');
}

describe('segments', () => {
  it('are made, changed, read and deleted; a deleted one is null with NOT_FOUND and in no list', async () => {
    const caller = await openSandbox();
    const { ask } = caller;
    const made = await ask(CREATE, { name: ' VIP ', query: "customer_tags CONTAINS 'vip'" });
    expect(made.cost).toMatchObject({ requestedQueryCost: 10, actualQueryCost: 10 });
    expect(at(made.data, 'segmentCreate', 'segment')).toMatchObject({
      name: 'VIP',
      query: "customer_tags CONTAINS 'vip'",
    });
    const id = String(at(made.data, 'segmentCreate', 'segment', 'id'));
    const changed = await ask(UPDATE, { id, query: 'number_of_orders > 3' });
    expect(at(changed.data, 'segmentUpdate', 'segment')).toEqual({
      id,
      name: 'VIP',
      query: 'number_of_orders > 3',
    });
    const read = await ask(
      'query($id: ID!) { segment(id: $id) { name } node(id: $id) { ... on Segment { name } } segmentsCount { count precision } }',
      { id },
    );
    expect(read.data).toEqual({
      segment: { name: 'VIP' },
      node: { name: 'VIP' },
      segmentsCount: { count: 1, precision: 'EXACT' },
    });

    const deleted = await ask(DELETE, { id });
    expect(at(deleted.data, 'segmentDelete')).toEqual({ deletedSegmentId: id, userErrors: [] });
    const gone = await ask(
      'query($id: ID!) { segment(id: $id) { name } segments(first: 5) { nodes { id } } }',
      { id },
    );
    expect(gone.data).toEqual({ segment: null, segments: { nodes: [] } });
    expect(gone.errors?.[0]).toMatchObject({
      message: 'Segment does not exist',
      path: ['segment'],
      extensions: { code: 'NOT_FOUND' },
    });
    for (const [mutation, field] of [
      [UPDATE, 'segmentUpdate'],
      [DELETE, 'segmentDelete'],
    ] as const) {
      const { data } = await ask(mutation, { id, name: 'x' });
      expect(at(data, field, 'userErrors')).toEqual([{ field: ['id'], message: 'Segment does not exist' }]);
    }
    const wrong = await ask(DELETE, { id: 'gid://shopify/Customer/1' });
    expect(wrong.errors?.[0]).toMatchObject({
      message: 'invalid id',
      extensions: { code: 'RESOURCE_NOT_FOUND' },
    });
  });

  it('are refused in Shopify’s words: presence and length before grammar', async () => {
    const caller = await openSandbox();
    expect(await refusals(caller, ' ', '')).toEqual([
      { field: ['name'], message: "Name can't be blank" },
      { field: ['query'], message: "Query can't be blank" },
    ]);
    expect(await refusals(caller, 'x'.repeat(256), 'number_of_orders > 1'.padEnd(5001))).toEqual([
      { field: ['name'], message: 'Name is too long (maximum is 255 characters)' },
      { field: ['query'], message: 'Query is too long (maximum is 5000 characters)' },
    ]);
    expect(await refusals(caller, 'x', 'not a valid segment query ???')).toEqual([
      { field: ['query'], message: "Query Line 1 Column 6: 'valid' is unexpected." },
      { field: ['query'], message: "Query Line 1 Column 4: 'a' filter cannot be found." },
    ]);
    const id = await create(caller, 'x'.repeat(255), "customer_tags CONTAINS 'O\\'Neil'");
    const { data } = await caller.ask(UPDATE, { id });
    expect(at(data, 'segmentUpdate', 'userErrors')).toEqual([
      { field: null, message: 'At least one attribute to change must be present' },
    ]);
  });

  it('of a name that is taken get a number', async () => {
    const caller = await openSandbox();
    const names: unknown[] = [];
    for (const name of ['VIP', 'VIP', 'VIP', 'VIP (2)']) {
      const { data } = await caller.ask(CREATE, { name, query: 'number_of_orders > 1' });
      names.push(at(data, 'segmentCreate', 'segment', 'name'));
    }
    expect(names).toEqual(['VIP', 'VIP (2)', 'VIP (3)', 'VIP (4)']);
  });

  it('end at 6,000', async () => {
    const caller = await openSandbox();
    for (let n = 0; n < 6000; n += 1) {
      caller.store.segments.put({
        id: String(n + 1),
        name: `s${n}`,
        query: 'number_of_orders > 1',
        creationDate: '',
        lastEditDate: '',
      });
    }
    expect(await refusals(caller, 'one more', 'number_of_orders > 1')).toEqual([
      { field: null, message: 'Segment limit reached. Delete an existing segment to create more.' },
    ]);
  });

  it('are listed by name and time, and found by search when the index has seen them', async () => {
    const caller = await openSandbox();
    await create(caller, 'Beta', 'number_of_orders > 1');
    await fetch(`${caller.sandbox.url}/control/search-index`, { method: 'POST', body: '{"lagMs":60000}' });
    await create(caller, 'Alpha', 'number_of_orders > 2');
    const list = async (args: string) => {
      const { data } = await caller.ask(`{ segments(first: 10, ${args}) { nodes { name } } }`);
      return (at(data, 'segments', 'nodes') as { name: string }[]).map(({ name }) => name);
    };
    expect(await list('sortKey: ID, reverse: true')).toEqual(['Alpha', 'Beta']);
    expect(await list('query: "name:alpha"')).toEqual([]);
    await fetch(`${caller.sandbox.url}/control/search-index`, {
      method: 'POST',
      body: '{"advanceMs":60001}',
    });
    expect(await list('query: "name:alpha"')).toEqual(['Alpha']);
  });
});

describe('members', () => {
  it('are those that the query fits, with totals, statistics and fields', async () => {
    const caller = await openSandbox();
    const anna = addCustomer(caller.store, { firstName: 'Anna', email: 'anna@example.com', tags: ['VIP'] });
    const ben = addCustomer(caller.store, { firstName: 'Ben', tags: ['vip'] });
    const carl = addCustomer(caller.store, { firstName: 'Carl' });
    const order = addOrder(caller.store, { customerId: anna.id, totalMinor: 12_050, receivedMinor: 12_050 });
    const id = await create(caller, 'VIP', "customer_tags CONTAINS 'vip'");
    const { data, cost } = await caller.ask(MEMBERS, { id });
    expect(at(data, 'customerSegmentMembers')).toMatchObject({
      totalCount: 2,
      edges: [
        {
          node: {
            id: `gid://shopify/CustomerSegmentMember/${anna.id}`,
            displayName: 'Anna',
            numberOfOrders: '1',
            amountSpent: { amount: '120.5' },
            lastOrderId: `gid://shopify/Order/${order.id}`,
            defaultEmailAddress: { emailAddress: 'anna@example.com' },
          },
        },
        {
          node: {
            id: `gid://shopify/CustomerSegmentMember/${ben.id}`,
            numberOfOrders: '0',
            lastOrderId: null,
          },
        },
      ],
      statistics: { attributeStatistics: { sum: 120.5, average: 60.25 } },
    });
    expect(cost.requestedQueryCost).toBeLessThanOrEqual(1000);
    expect(await members(caller, { query: 'number_of_orders = 0' })).toEqual([ben.id, carl.id]);
    expect(
      await members(caller, { query: "NOT customer_tags CONTAINS 'vip' OR amount_spent > 100" }),
    ).toEqual([anna.id, carl.id]);
    expect(
      await members(caller, { query: 'number_of_orders >= 0', sort: 'amount_spent', reverse: true }),
    ).toEqual([anna.id, carl.id, ben.id]);
    expect(await isMember(caller, anna.id, id)).toBe(true);
    expect(await isMember(caller, carl.id, id)).toBe(false);
  });

  it('come in pages of up to 1,000, and not of more', async () => {
    const caller = await openSandbox({ seed: { customers: 2500, seed: 4 } });
    const all: string[] = [];
    let after: unknown = null;
    for (const expected of [1000, 1000, 500]) {
      const { data } = await caller.ask(MEMBERS, { query: 'number_of_orders >= 0', after });
      const page = at(data, 'customerSegmentMembers') as {
        totalCount: number;
        edges: { node: { id: string } }[];
        pageInfo: { endCursor: string };
      };
      expect(page.totalCount).toBe(2500);
      expect(page.edges).toHaveLength(expected);
      all.push(...page.edges.map(({ node }) => node.id));
      after = page.pageInfo.endCursor;
    }
    expect(new Set(all).size).toBe(2500);
    const { errors } = await caller.ask(
      '{ customerSegmentMembers(query: "number_of_orders > 1", first: 1001) { totalCount } }',
    );
    expect(errors?.[0]?.message).toContain('first cannot exceed 1000');
  });

  it('by tag of a generated store agree with a search for the tag, before and after tags change', async () => {
    const caller = await openSandbox({ seed: { customers: 3000, seed: 9 } });
    const tag = [...caller.store.tagCounts().keys()][0] ?? '';
    const count = async (query: string) => {
      const { data } = await caller.ask(
        'query($query: String!) { customerSegmentMembers(query: $query, first: 1) { totalCount } }',
        { query },
      );
      return at(data, 'customerSegmentMembers', 'totalCount');
    };
    expect(await count(`customer_tags CONTAINS '${tag}'`)).toBe(caller.store.tagCounts().get(tag));
    const some = [...caller.store.customers()].slice(0, 40);
    for (const customer of some)
      caller.store.putCustomer({ ...customer, tags: [...customer.tags, 'regulars-new'] });
    expect(await count("customer_tags CONTAINS 'regulars-new'")).toBe(40);
    expect(await count("customer_tags NOT CONTAINS 'regulars-new'")).toBe(2960);
    const both = `customer_tags CONTAINS 'regulars-new' AND number_of_orders > 0`;
    expect(await count(both)).toBe(
      some.filter(({ id }) => caller.store.ordersOf(id).some(({ test }) => !test)).length,
    );
  });

  it('are found by each filter from what the store knows of a customer and her orders', async () => {
    const caller = await openSandbox();
    const anna = addCustomer(caller.store, {
      createdAt: '2026-11-20T23:30:00.000Z',
      locale: 'de',
      state: 'ENABLED',
      address: { address1: null, city: 'Berlin', provinceCode: 'BE', countryCode: 'DE', zip: null },
      emailMarketing: { state: 'SUBSCRIBED', optInLevel: null, updatedAt: null },
      smsMarketing: { state: 'PENDING', updatedAt: null },
      statistics: { rfmGroup: 'LOYAL', predictedSpendTier: 'HIGH' },
    });
    addCustomer(caller.store, { createdAt: '2025-01-01T00:00:00.000Z' });
    const tea = { id: '1', productId: '7', variantId: null, title: 'Tea', sku: null, vendor: null, quantity: 2, currentQuantity: 2, priceMinor: 2_500, discountMinor: 0, giftCard: false }; // prettier-ignore
    const processedAt = '2026-11-21T10:00:00.000Z';
    addOrder(caller.store, { customerId: anna.id, processedAt, totalMinor: 5_000, lines: [tea] });
    for (const query of [
      'customer_added_date = 2026-11-20',
      "customer_countries CONTAINS 'DE'",
      "customer_regions CONTAINS 'DE-BE'",
      "customer_language = 'de'",
      "customer_account_status = 'ENABLED'",
      "email_subscription_status = 'SUBSCRIBED'",
      "sms_subscription_status = 'PENDING'",
      "rfm_group = 'LOYAL'",
      "predicted_spend_tier = 'HIGH'",
      'first_order_date = 2026-11-21',
      'products_purchased MATCHES (id = 7, quantity = 2, date = 2026-11-21)',
      'orders_placed MATCHES (amount = 50, date = 2026-11-21)',
    ]) {
      expect(await members(caller, { query }), query).toEqual([anna.id]);
    }
  });

  it('settle with a lag that a test lets pass', async () => {
    const caller = await openSandbox();
    const turn = (body: object) =>
      fetch(`${caller.sandbox.url}/control/segment-index`, { method: 'POST', body: JSON.stringify(body) });
    const anna = addCustomer(caller.store, { tags: [] });
    const id = await create(caller, 'VIP', "customer_tags CONTAINS 'vip' OR number_of_orders > 0");
    await turn({ lagMs: 30_000 });
    const gid = `gid://shopify/Customer/${anna.id}`;
    await caller.ask('mutation($id: ID!) { tagsAdd(id: $id, tags: ["vip"]) { userErrors { message } } }', {
      id: gid,
    });
    expect(await isMember(caller, anna.id, id)).toBe(false);
    expect(await members(caller, { id })).toEqual([]);
    await turn({ advanceMs: 30_001 });
    expect(await isMember(caller, anna.id, id)).toBe(true);
    expect(await members(caller, { id })).toEqual([anna.id]);
    const ben = addCustomer(caller.store);
    await turn({ advanceMs: 30_001 });
    addOrder(caller.store, { customerId: ben.id });
    expect(await members(caller, { id })).toEqual([anna.id]);
    await turn({ catchUp: true });
    expect(await members(caller, { id })).toEqual([anna.id, ben.id]);
  });

  it('follow the day of the business clock, in the zone that is asked for', async () => {
    const caller = await openSandbox();
    const anna = addCustomer(caller.store);
    addOrder(caller.store, { customerId: anna.id, processedAt: '2026-11-20T23:30:00.000Z' });
    const query = 'last_order_date = -2d';
    expect(await members(caller, { query })).toEqual([anna.id]);
    expect(await members(caller, { query, zone: 'Europe/Berlin' })).toEqual([]);
    expect(await members(caller, { query: 'last_order_date < -30d' })).toEqual([]);
    caller.sandbox.clock.advanceDays(30, 'UTC');
    expect(await members(caller, { query: 'last_order_date < -30d' })).toEqual([anna.id]);
  });

  it('are found by a query that runs for a while', async () => {
    const caller = await openSandbox();
    const anna = addCustomer(caller.store, { tags: ['vip'] });
    const run = (input: object) =>
      caller.ask(
        'mutation($input: CustomerSegmentMembersQueryInput!) { customerSegmentMembersQueryCreate(input: $input) { customerSegmentMembersQuery { id done currentCount } userErrors { field code message } } }',
        { input },
      );
    const { data } = await run({ query: "customer_tags CONTAINS 'vip'" });
    const made = at(data, 'customerSegmentMembersQueryCreate', 'customerSegmentMembersQuery') as {
      id: string;
    };
    expect(made).toMatchObject({ done: false, currentCount: 0 });
    const read = await caller.ask(
      'query($id: ID!) { customerSegmentMembersQuery(id: $id) { done currentCount } }',
      made,
    );
    expect(read.data).toEqual({ customerSegmentMembersQuery: { done: true, currentCount: 1 } });
    expect(await members(caller, { queryId: made.id })).toEqual([anna.id]);
    const bad = await run({ query: 'nonsense here' });
    expect(at(bad.data, 'customerSegmentMembersQueryCreate', 'userErrors')).toEqual([
      { field: null, code: 'INVALID', message: "Line 1 Column 9: 'here' is unexpected." },
    ]);
    const both = await run({ query: 'number_of_orders > 1', segmentId: 'gid://shopify/Segment/1' });
    expect(at(both.data, 'customerSegmentMembersQueryCreate', 'userErrors', 0, 'message')).toBe(
      'Providing both segment_id and query is not supported.',
    );
  });
});

describe('around segments', () => {
  it('snapshots, restores and resets hold them', async () => {
    const caller = await openSandbox();
    const { control } = caller.sandbox;
    await create(caller, 'One', 'number_of_orders > 1');
    control.snapshot('one');
    await create(caller, 'Two', 'number_of_orders > 2');
    await control.restore('one');
    expect([...caller.store.segments.all()].map(({ name }) => name)).toEqual(['One']);
    await control.reset();
    expect(caller.store.segments.size).toBe(0);
  });

  it('a merchant changes them by the control API', async () => {
    const caller = await openSandbox();
    const id = await create(caller, 'Mine', 'number_of_orders > 1');
    const act = async (name: string, body: object) => {
      const response = await fetch(`${caller.sandbox.url}/control/${name}`, {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return { status: response.status, ...((await response.json()) as object) };
    };
    expect(await act('update-segment', { segment: id, query: 'amount_spent > 10' })).toMatchObject({
      status: 200,
      result: { name: 'Mine', query: 'amount_spent > 10' },
    });
    expect(await act('update-segment', { segment: id, query: 'amount_spent >' })).toMatchObject({
      status: 422,
      error: 'Query Line 1 Column 14: The query ends too early.',
    });
    expect(await act('delete-segment', { segment: 'Mine' })).toMatchObject({ status: 200 });
    expect(caller.store.segments.size).toBe(0);
  });

  it('need the scopes of customers', async () => {
    const caller = await openSandbox();
    caller.sandbox.access.setScopes(caller.store.shop.domain, ['read_customers']);
    const read = await caller.ask('{ segments(first: 1) { nodes { id } } }');
    expect(read.data).toEqual({ segments: { nodes: [] } });
    const { errors } = await caller.ask(CREATE, { name: 'x', query: 'number_of_orders > 1' });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'ACCESS_DENIED' });
  });
});
