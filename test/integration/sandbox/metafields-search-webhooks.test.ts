/** Metafields, searches with their lagging index, API subscriptions, and the errors that any document can meet. */
import { describe, expect, it } from 'vitest';
import { searchIndexOf } from '../../../sandbox/graphql/search-index.ts';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
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

const SET = `mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
  metafields { id namespace key type value compareDigest } userErrors { field message code elementIndex } } }`;

describe('metafields', () => {
  async function open() {
    const caller = await openSandbox();
    const ownerId = `gid://shopify/Customer/${addCustomer(caller.store).id}`;
    const set = async (...m: Record<string, unknown>[]) => {
      const { data, errors } = await caller.ask(SET, { m: m.map((one) => ({ ownerId, ...one })) });
      expect(errors).toBeUndefined();
      return data['metafieldsSet'] as { metafields: Record<string, unknown>[] | null; userErrors: unknown[] };
    };
    return { ...caller, ownerId, set };
  }
  const score = (value: string) => ({ key: 'score', type: 'number_integer', value });

  it("are set in the app's own namespace, read, found by definition and deleted", async () => {
    const { ask, set, ownerId, store } = await open();
    const { metafields } = await set(score('7'), {
      namespace: 'custom',
      key: 'note',
      type: 'json',
      value: '{"a":1}',
    });
    expect(metafields).toMatchObject([
      { namespace: 'app--1', key: 'score', value: '7' },
      { namespace: 'custom', key: 'note' },
    ]);
    const define = `mutation { metafieldDefinitionCreate(definition: {name: "Score", namespace: "$app", key: "score", type: "number_integer", ownerType: CUSTOMER}) {
      createdDefinition { id namespace metafieldsCount } userErrors { field message code } } }`;
    expect((await ask(define)).data['metafieldDefinitionCreate']).toMatchObject({
      createdDefinition: { namespace: 'app--1', metafieldsCount: 1 },
      userErrors: [],
    });
    expect(at((await ask(define)).data, 'metafieldDefinitionCreate', 'userErrors', 0, 'code')).toBe('TAKEN');
    const { data, errors } = await ask(
      `query($id: ID!) {
        customer(id: $id) {
          own: metafield(key: "score") { value jsonValue ownerType definition { name } owner { ... on Customer { id } } }
          metafield(namespace: "custom", key: "note") { jsonValue }
          metafields(first: 5, keys: ["custom.note"]) { nodes { key } pageInfo { hasNextPage } }
        }
        shop { metafields(first: 5) { nodes { key } } }
        metafieldDefinitions(first: 5, ownerType: CUSTOMER) { nodes { key type { name } } }
      }`,
      { id: ownerId },
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      customer: {
        own: {
          value: '7',
          jsonValue: 7,
          ownerType: 'CUSTOMER',
          definition: { name: 'Score' },
          owner: { id: ownerId },
        },
        metafield: { jsonValue: { a: 1 } },
        metafields: { nodes: [{ key: 'note' }], pageInfo: { hasNextPage: false } },
      },
      shop: { metafields: { nodes: [] } },
      metafieldDefinitions: { nodes: [{ key: 'score', type: { name: 'number_integer' } }] },
    });
    await set({
      ownerId: `gid://shopify/Shop/${store.shop.id}`,
      key: 'setup',
      type: 'boolean',
      value: 'true',
    });
    expect((await ask('{ shop { metafield(key: "setup") { jsonValue } } }')).data).toEqual({
      shop: { metafield: { jsonValue: true } },
    });
    const remove = `mutation($m: [MetafieldIdentifierInput!]!) { metafieldsDelete(metafields: $m) { deletedMetafields { key } userErrors { message } } }`;
    const gone = { ownerId, namespace: '$app', key: 'score' };
    expect((await ask(remove, { m: [gone, gone] })).data['metafieldsDelete']).toEqual({
      deletedMetafields: [{ key: 'score' }, null],
      userErrors: [],
    });
  });

  it('are compared and set, all or none', async () => {
    const { set, store } = await open();
    const codes = async (...m: Record<string, unknown>[]) =>
      (await set(...m)).userErrors.map((error) => (error as { code: string }).code);
    const first = await set({ ...score('1'), compareDigest: null });
    const digest = first.metafields?.[0]?.['compareDigest'];
    expect(await codes({ ...score('2'), compareDigest: null })).toEqual(['STALE_OBJECT']);
    expect(await codes({ ...score('2'), compareDigest: 'other' })).toEqual(['STALE_OBJECT']);
    expect(await codes({ ...score('2'), compareDigest: digest })).toEqual([]);
    expect(await codes({ ...score('3'), compareDigest: digest })).toEqual(['STALE_OBJECT']);
    expect(await codes(score('9'), { key: 'bad', type: 'date', value: 'soon' })).toEqual(['INVALID_VALUE']);
    expect([...store.metafields.all()].map(({ value }) => value)).toEqual(['2']);
  });

  it('are held to their types, names and number', async () => {
    const { set } = await open();
    const first = async (...m: Record<string, unknown>[]) =>
      (await set(...m)).userErrors[0] as { code: string; field: string[] };
    expect(await first({ key: 'a', type: 'boolean', value: 'true' })).toMatchObject({
      code: 'TOO_SHORT',
      field: ['metafields', '0', 'key'],
    });
    expect(await first({ key: 'k k', type: 'boolean', value: 'true' })).toMatchObject({ code: 'INVALID' });
    expect(await first({ key: 'kk', value: 'true' })).toMatchObject({ code: 'BLANK' });
    expect(await first({ key: 'kk', type: 'bool', value: 'true' })).toMatchObject({ code: 'INCLUSION' });
    expect(await first({ key: 'kk', namespace: 'app--2', type: 'boolean', value: 'true' })).toMatchObject({
      code: 'APP_NOT_AUTHORIZED',
    });
    for (const [type, value] of [
      ['boolean', 'yes'],
      ['number_integer', '1.5'],
      ['number_decimal', 'x'],
      ['json', '{'],
      ['url', 'nowhere'],
      ['money', '{"amount":"1"}'],
      ['list.number_integer', '[1,"x"]'],
      ['product_reference', 'gid://shopify/Order/1'],
    ] as const) {
      expect(await first({ key: 'kk', type, value }), type).toMatchObject({ code: 'INVALID_VALUE' });
    }
    const many = Array.from({ length: 26 }, (_, n) => ({ ...score('1'), key: `key${n}` }));
    expect(await first(...many)).toMatchObject({ code: 'LESS_THAN_OR_EQUAL_TO' });
  });
});

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
