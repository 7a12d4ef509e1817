/** Who is in a segment of the sandbox: by query, in pages, by each filter, with a lag and by the day. */
import { describe, expect, it } from 'vitest';
import { at, openSandbox } from './call-sandbox.ts';
import { MEMBERS, create, members, isMember } from './call-segments.ts';
import { addCustomer, addOrder } from '../../unit/sandbox/make-store.ts';

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
