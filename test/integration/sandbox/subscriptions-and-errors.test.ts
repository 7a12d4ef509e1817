/** Subscriptions made through the API, and the errors that any document can meet. */
import { describe, expect, it } from 'vitest';
import {
  at,
  DOMAIN,
  finished,
  linesOf,
  openSandbox,
  RUN_MUTATION,
  stage,
  startQuery,
} from './call-sandbox.ts';

describe('API subscriptions', () => {
  it('are created, listed, changed and deleted', async () => {
    const { ask } = await openSandbox();
    const FIELDS = 'id topic uri filter includeFields metafieldNamespaces format apiVersion { handle }';
    const create = `mutation($topic: WebhookSubscriptionTopic!, $s: WebhookSubscriptionInput!) { webhookSubscriptionCreate(topic: $topic, webhookSubscription: $s) { webhookSubscription { ${FIELDS} } userErrors { field message } } }`;
    const s = {
      uri: 'https://hooks.example.com/orders',
      filter: 'test:false',
      includeFields: ['id', 'updated_at'],
    };
    const created = (await ask(create, { topic: 'ORDERS_CREATE', s })).data['webhookSubscriptionCreate'];
    expect(created).toMatchObject({
      webhookSubscription: {
        topic: 'ORDERS_CREATE',
        ...s,
        format: 'JSON',
        apiVersion: { handle: '2026-10' },
      },
      userErrors: [],
    });
    expect(
      (await ask(create, { topic: 'ORDERS_CREATE', s: { uri: 'http://a.example' } })).data,
    ).toMatchObject({
      webhookSubscriptionCreate: {
        webhookSubscription: null,
        userErrors: [{ message: expect.any(String) as string }],
      },
    });
    const id = at(created, 'webhookSubscription', 'id');
    const { data } = await ask(
      `query($id: ID!) { webhookSubscription(id: $id) { uri } webhookSubscriptionsCount { count }
        webhookSubscriptions(first: 5, topics: [ORDERS_CREATE]) { nodes { id endpoint { ... on WebhookHttpEndpoint { callbackUrl } } } } }`,
      { id },
    );
    expect(data).toEqual({
      webhookSubscription: { uri: s.uri },
      webhookSubscriptionsCount: { count: 1 },
      webhookSubscriptions: { nodes: [{ id, endpoint: { callbackUrl: s.uri } }] },
    });
    const update = `mutation($id: ID!, $s: WebhookSubscriptionInput!) { webhookSubscriptionUpdate(id: $id, webhookSubscription: $s) { webhookSubscription { uri } userErrors { message } } }`;
    expect((await ask(update, { id, s: { uri: 'https://hooks.example.com/2' } })).data).toMatchObject({
      webhookSubscriptionUpdate: { webhookSubscription: { uri: 'https://hooks.example.com/2' } },
    });
    const remove = `mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { message } } }`;
    expect((await ask(remove, { id })).data).toEqual({
      webhookSubscriptionDelete: { deletedWebhookSubscriptionId: id, userErrors: [] },
    });
  });
});

describe('any document', () => {
  it('gets the real form of an error: misspelt, without scope, too dear, too deep, a list too long', async () => {
    const { ask, sandbox } = await openSandbox();
    const misspelt = await ask('{ customers(first: 1) { nodes { idd } } }');
    expect(misspelt).toMatchObject({
      status: 200,
      errors: [{ message: expect.stringContaining('idd') as string }],
    });
    const nested = '{ customers(first: 100) { nodes { id orders(first: 10) { nodes { id } } } } }';
    const dear = await ask(nested);
    expect(dear.errors?.[0]).toMatchObject({ extensions: { code: 'MAX_COST_EXCEEDED' } });
    expect(dear.cost).toMatchObject({ actualQueryCost: null });
    const long = await ask('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 251 }, () => 'gid://shopify/Customer/1'),
    });
    expect(long.errors?.[0]?.extensions?.['code']).toBe('MAX_INPUT_SIZE_EXCEEDED');
    const cursor = Buffer.from(JSON.stringify({ last_id: '1', last_value: 0, depth: 25_000 })).toString(
      'base64',
    );
    const deep = await ask(`{ customers(first: 1, after: "${cursor}") { nodes { id } } }`);
    expect(deep.errors?.[0]?.message).toContain('25000 objects');
    sandbox.access.setScopes(DOMAIN, ['read_products']);
    const denied = await ask('{ customers(first: 1) { nodes { id } } }');
    expect(denied.errors?.[0]).toMatchObject({
      message: expect.stringContaining('Access denied') as string,
      extensions: { code: 'ACCESS_DENIED' },
    });
  });

  it('may be introspected, and sent as application/graphql; other types are refused', async () => {
    const { ask, post } = await openSandbox();
    const { data } = await ask('{ __schema { queryType { name } } __type(name: "Customer") { name } }');
    expect(data).toEqual({ __schema: { queryType: { name: 'QueryRoot' } }, __type: { name: 'Customer' } });
    const raw = await post('{ shop { name } }', { 'content-type': 'application/graphql' });
    expect(at(await raw.json(), 'data', 'shop', 'name')).toBe('Test');
    const form = await post('query=x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(form.status).toBe(400);
    expect(await form.json()).toEqual({ errors: { query: 'Required parameter missing or invalid' } });
  });

  it('of the usual sorts of an analytics app runs with real variables', async () => {
    const caller = await openSandbox({ seed: { customers: 60, seed: 9 } });
    const { ask, sandbox, store } = caller;
    const good = async (document: string, variables: Record<string, unknown> = {}) => {
      const { data, errors, cost } = await ask(document, variables);
      expect(errors, document).toBeUndefined();
      expect(cost.actualQueryCost ?? 0).toBeLessThanOrEqual(cost.requestedQueryCost);
      return data;
    };
    const id = `gid://shopify/Customer/${[...store.customers()][0]?.id ?? ''}`;
    await good(
      'mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id ... on Customer { tags } } userErrors { field message } } }',
      { id, tags: ['a'] },
    );
    const me = await good(
      '{ currentAppInstallation { id accessScopes { handle } } shop { id name myshopifyDomain currencyCode ianaTimezone plan { publicDisplayName partnerDevelopment shopifyPlus } } }',
    );
    expect(
      await good('query($id: ID) { appInstallation(id: $id) { id } }', {
        id: at(me, 'currentAppInstallation', 'id'),
      }),
    ).toEqual({
      appInstallation: { id: at(me, 'currentAppInstallation', 'id') },
    });
    const delta =
      'query($after: String, $q: String!) { customers(first: 25, after: $after, query: $q, sortKey: UPDATED_AT) { nodes { id updatedAt tags } pageInfo { hasNextPage endCursor } } }';
    const seen: string[] = [];
    for (let after: unknown = null; ;) {
      const page = at(await good(delta, { after, q: "updated_at:>='2020-01-01T00:00:00Z'" }), 'customers');
      seen.push(...(at(page, 'nodes') as { id: string }[]).map((node) => node.id));
      if (!at(page, 'pageInfo', 'hasNextPage')) break;
      after = at(page, 'pageInfo', 'endCursor');
    }
    expect(new Set(seen).size).toBe(60);
    expect(seen.at(-1)).toBe(id);

    const customers = `{ customers(query: "updated_at:>='2020-01-01T00:00:00Z'", sortKey: UPDATED_AT) { edges { node {
      id legacyResourceId createdAt updatedAt state tags numberOfOrders verifiedEmail locale amountSpent { amount currencyCode }
      lastOrder { id processedAt } statistics { rfmGroup predictedSpendTier } defaultAddress { countryCodeV2 provinceCode city zip }
      defaultEmailAddress { emailAddress marketingState marketingOptInLevel marketingUpdatedAt }
      defaultPhoneNumber { phoneNumber smsMarketingConsent { state } } productSubscriberStatus } } } }`;
    const all = await finished(caller, await startQuery(caller, customers));
    expect(all).toMatchObject({ status: 'COMPLETED', rootObjectCount: '60' });
    const orders = `{ orders(query: "updated_at:>='2020-01-01T00:00:00Z'", sortKey: UPDATED_AT) { edges { node {
      id name createdAt processedAt cancelledAt cancelReason test confirmed displayFinancialStatus displayFulfillmentStatus
      currencyCode sourceName tags discountCodes customer { id } totalPriceSet { shopMoney { amount currencyCode } }
      currentTotalPriceSet { shopMoney { amount } } currentShippingPriceSet { shopMoney { amount } } totalRefundedShippingSet { shopMoney { amount } }
      netPaymentSet { shopMoney { amount } } totalTipReceivedSet { shopMoney { amount } } totalOutstandingSet { shopMoney { amount } }
      customerJourneySummary { ready customerOrderIndex daysToConversion firstVisit { source sourceType utmParameters { source medium campaign } } lastVisit { source sourceType } }
      refunds { id createdAt processedAt totalRefundedSet { shopMoney { amount } } }
      lineItems { edges { node { id quantity currentQuantity isGiftCard sku product { id } variant { id } originalTotalSet { shopMoney { amount } } discountedTotalSet { shopMoney { amount } } } } } } } } }`;
    expect(await finished(caller, await startQuery(caller, orders))).toMatchObject({
      status: 'COMPLETED',
      rootObjectCount: String(store.orderCount()),
    });
    const path = await stage(caller, [JSON.stringify({ id, tags: ['bulk'] })]);
    const mutation =
      'mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { field message } } }';
    const started = await good(RUN_MUTATION, { mutation, path });
    const done = await finished(caller, at(started, 'bulkOperationRunMutation', 'bulkOperation', 'id'));
    expect(await linesOf(done.url)).toEqual([{ data: { tagsAdd: { userErrors: [] } }, __lineNumber: 0 }]);
    await good(
      '{ bulkOperations(first: 10, query: "status:completed operation_type:query", sortKey: CREATED_AT, reverse: true) { nodes { id status type objectCount } } }',
    );
    await good('query($id: ID!) { bulkOperation(id: $id) { id status url } }', { id: all.id });
    await good(
      'mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { id } userErrors { field message } } }',
      { id: all.id },
    );
    expect(sandbox.apiLog.counts(DOMAIN).bulkOperations).toBe(3);
  });
});
