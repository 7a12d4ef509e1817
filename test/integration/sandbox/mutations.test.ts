/** Mutations change the store as the acts do: what is read afterwards, the refusals, and what webhooks are told. */
import { describe, expect, it } from 'vitest';
import { addCustomer, addOrder } from '../../unit/sandbox/make-store.ts';
import { API_KEY, API_SECRET, at, callerOf, openSandbox } from './call-sandbox.ts';
import type { Caller } from './call-sandbox.ts';

async function open() {
  const caller = await openSandbox();
  const { sandbox, store } = caller;
  sandbox.access.setScopes(store.shop.domain, SCOPES);
  const kinds: string[] = [];
  store.subscribe((change) => kinds.push(change.kind));
  /** The payload of the only root field. */
  const run = async (document: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await caller.ask(document, variables);
    expect(errors, document).toBeUndefined();
    return Object.values(data)[0] as Record<string, unknown>;
  };
  return { ...caller, kinds, run };
}

const SCOPES = [
  'read_customers', 'write_customers', 'read_orders', 'write_orders', 'read_all_orders', 'read_products',
  'write_products', 'read_customer_merge', 'write_customer_merge', 'read_marketplace_orders',
]; // prettier-ignore

const CREATE = `mutation($input: CustomerInput!) { customerCreate(input: $input) {
  customer { id email firstName tags note defaultEmailAddress { marketingState } defaultAddress { city countryCodeV2 }
    metafield(namespace: "$app", key: "tier") { value namespace } }
  userErrors { field message } } }`;
const UPDATE = `mutation($input: CustomerInput!) { customerUpdate(input: $input) {
  customer { id lastName tags smsMarketingConsent { marketingState } } userErrors { field message } } }`;

describe('customers', () => {
  it('are created, changed and deleted', async () => {
    const { run, kinds, store } = await open();
    const created = await run(CREATE, {
      input: {
        email: 'eva@example.com',
        firstName: 'Eva',
        tags: ['b, A', 'a'],
        note: 'n',
        addresses: [{ city: 'Bonn', countryCode: 'DE' }],
        emailMarketingConsent: { marketingState: 'SUBSCRIBED', marketingOptInLevel: 'CONFIRMED_OPT_IN' },
        metafields: [{ namespace: '$app', key: 'tier', type: 'single_line_text_field', value: 'gold' }],
      },
    });
    const id = at(created, 'customer', 'id');
    expect(created).toMatchObject({
      customer: {
        email: 'eva@example.com',
        tags: ['A', 'b'],
        defaultEmailAddress: { marketingState: 'SUBSCRIBED' },
        defaultAddress: { city: 'Bonn', countryCodeV2: 'DE' },
        metafield: { value: 'gold', namespace: 'app--1' },
      },
      userErrors: [],
    });
    expect(kinds).toContain('customer_created');
    expect(kinds).toContain('customer_email_consent');

    kinds.length = 0;
    const updated = await run(UPDATE, { input: { id, lastName: 'Falk', tags: ['A', 'c'] } });
    expect(updated).toMatchObject({ customer: { lastName: 'Falk', tags: ['A', 'c'] }, userErrors: [] });
    expect(kinds).toContain('customer_tags_added');
    expect(kinds).toContain('customer_tags_removed');

    const remove = `mutation($id: ID!) { customerDelete(input: {id: $id}) { deletedCustomerId userErrors { field message } } }`;
    expect(await run(remove, { id })).toEqual({ deletedCustomerId: id, userErrors: [] });
    expect(await run(remove, { id })).toMatchObject({
      deletedCustomerId: null,
      userErrors: [{ field: ['id'] }],
    });
    expect([...store.metafields.all()]).toEqual([]);
    const owner = addCustomer(store);
    addOrder(store, { customerId: owner.id });
    const kept = await run(remove, { id: `gid://shopify/Customer/${owner.id}` });
    expect(at(kept, 'userErrors', 0, 'message')).toContain('associated orders');
  });

  it('are refused with userErrors, and then nothing has changed', async () => {
    const { run, ask, store, kinds } = await open();
    addCustomer(store, { email: 'taken@example.com' });
    const errors = async (input: Record<string, unknown>) =>
      (await run(CREATE, { input }))['userErrors'] as unknown;
    expect(await errors({ email: 'Taken@example.com' })).toEqual([
      { field: ['email'], message: 'Email has already been taken' },
    ]);
    expect(await errors({ email: 'nonsense' })).toEqual([{ field: ['email'], message: 'Email is invalid' }]);
    expect(await errors({})).toEqual([
      { field: null, message: 'A name, phone number, or email address must be present' },
    ]);
    expect(await errors({ firstName: 'X', tags: ['x'.repeat(256)] })).toMatchObject([{ field: ['tags'] }]);
    // An unconsented address: the consent fails after the customer was made, and is told loudly.
    expect(
      at(await run(UPDATE, { input: { id: 'gid://shopify/Customer/1', firstName: 'Y' } }), 'userErrors'),
    ).toEqual([{ field: ['id'], message: 'Customer does not exist' }]);
    // What the sandbox does not keep is refused, never dropped.
    const { errors: loud } = await ask(CREATE, { input: { firstName: 'X', taxExempt: true } });
    expect(loud?.[0]?.message).toBe('CustomerInput.taxExempt is not implemented by the sandbox.');
    expect(store.customerCount()).toBe(1);
    expect(kinds).toEqual([]);
  });

  it('are merged by a job, the documented one kept', async () => {
    const { run, store } = await open();
    const anna = addCustomer(store, { email: 'anna@example.com', tags: ['a'] });
    const nameless = addCustomer(store, { firstName: 'N', tags: ['n'] });
    const order = addOrder(store, { customerId: nameless.id });
    const merge = `mutation($one: ID!, $two: ID!) { customerMerge(customerOneId: $one, customerTwoId: $two) {
      job { id done } resultingCustomerId userErrors { field message code } } }`;
    const gidOf = ({ id }: { id: string }) => `gid://shopify/Customer/${id}`;
    const merged = await run(merge, { one: gidOf(anna), two: gidOf(nameless) });
    expect(merged).toMatchObject({ resultingCustomerId: gidOf(anna), userErrors: [], job: { done: false } });
    const jobId = at(merged, 'job', 'id');
    expect(
      await run('query($id: ID!) { job(id: $id) { id done query { shop { name } } } }', { id: jobId }),
    ).toEqual({
      id: jobId,
      done: true,
      query: { shop: { name: 'Test' } },
    });
    expect(
      await run('query($id: ID!) { customerMergeJobStatus(jobId: $id) { status resultingCustomerId } }', {
        id: jobId,
      }),
    ).toEqual({ status: 'COMPLETED', resultingCustomerId: gidOf(anna) });
    expect(store.order(order.id)?.customerId).toBe(anna.id);
    expect(store.customer(anna.id)?.tags).toEqual(['a', 'n']);
    expect(at(await run(merge, { one: gidOf(anna), two: gidOf(nameless) }), 'userErrors', 0, 'code')).toBe(
      'INVALID_CUSTOMER_ID',
    );
  });

  it('consent, in the three states that may be set', async () => {
    const { run, store, kinds } = await open();
    const { id } = addCustomer(store, { email: 'a@example.com', phone: '+491701234567' });
    const email = `mutation($input: CustomerEmailMarketingConsentUpdateInput!) { customerEmailMarketingConsentUpdate(input: $input) {
      customer { defaultEmailAddress { marketingState marketingOptInLevel marketingUpdatedAt } } userErrors { field message code } } }`;
    const input = (marketingState: string) => ({
      input: {
        customerId: `gid://shopify/Customer/${id}`,
        emailMarketingConsent: {
          marketingState,
          marketingOptInLevel: 'CONFIRMED_OPT_IN',
          consentUpdatedAt: '2026-11-01T10:00:00Z',
        },
      },
    });
    expect(await run(email, input('SUBSCRIBED'))).toEqual({
      customer: {
        defaultEmailAddress: {
          marketingState: 'SUBSCRIBED',
          marketingOptInLevel: 'CONFIRMED_OPT_IN',
          marketingUpdatedAt: '2026-11-01T10:00:00.000Z',
        },
      },
      userErrors: [],
    });
    expect(await run(email, input('NOT_SUBSCRIBED'))).toMatchObject({ userErrors: [{ code: 'INVALID' }] });
    const sms = `mutation($input: CustomerSmsMarketingConsentUpdateInput!) { customerSmsMarketingConsentUpdate(input: $input) {
      customer { defaultPhoneNumber { smsMarketingConsent { state } } } userErrors { field message code } } }`;
    expect(
      await run(sms, {
        input: {
          customerId: `gid://shopify/Customer/${id}`,
          smsMarketingConsent: { marketingState: 'UNSUBSCRIBED' },
        },
      }),
    ).toMatchObject({ customer: { defaultPhoneNumber: { smsMarketingConsent: { state: 'UNSUBSCRIBED' } } } });
    expect(kinds).toContain('customer_sms_consent');
  });
});

describe('orders', () => {
  const money = (amount: string) => ({ shopMoney: { amount, currencyCode: 'EUR' } });
  const CREATE_ORDER = `mutation($order: OrderCreateOrderInput!) { orderCreate(order: $order) {
    order { id name tags displayFinancialStatus totalPriceSet { shopMoney { amount } } totalOutstandingSet { shopMoney { amount } }
      discountCodes lineItems(first: 5) { nodes { id quantity } } customer { id } } userErrors { field message code } } }`;

  it('are created, paid, refunded, cancelled and deleted; totals and webhooks follow', async () => {
    const { run, store, kinds } = await open();
    const { id } = addCustomer(store, { email: 'anna@example.com' });
    const created = await run(CREATE_ORDER, {
      order: {
        customer: { toAssociate: { id: `gid://shopify/Customer/${id}` } },
        lineItems: [{ title: 'Tea', quantity: 2, priceSet: money('10.00') }],
        shippingLines: [{ title: 'Post', priceSet: money('5.00') }],
        discountCode: { itemFixedDiscountCode: { code: 'MINUS2', amountSet: money('2.00') } },
        financialStatus: 'PENDING',
        tags: ['gift'],
      },
    });
    expect(created).toMatchObject({
      order: {
        tags: ['gift'],
        displayFinancialStatus: 'PENDING',
        totalPriceSet: { shopMoney: { amount: '23.0' } },
        totalOutstandingSet: { shopMoney: { amount: '23.0' } },
        discountCodes: ['MINUS2'],
      },
      userErrors: [],
    });
    const orderId = String(at(created, 'order', 'id'));
    const pay = `mutation($id: ID!) { orderMarkAsPaid(input: {id: $id}) { order { displayFinancialStatus } userErrors { field message } } }`;
    expect(await run(pay, { id: orderId })).toEqual({
      order: { displayFinancialStatus: 'PAID' },
      userErrors: [],
    });
    expect(at(await run(pay, { id: orderId }), 'userErrors', 0, 'message')).toBe(
      'Order cannot be marked as paid.',
    );
    const refund = `mutation($input: RefundInput!) { refundCreate(input: $input) { refund { id totalRefundedSet { shopMoney { amount } } }
      order { displayFinancialStatus netPaymentSet { shopMoney { amount } } customer { amountSpent { amount } } } userErrors { field message } } }`;
    const line = at(created, 'order', 'lineItems', 'nodes', 0, 'id');
    const refunded = await run(refund, {
      input: {
        orderId,
        refundLineItems: [{ lineItemId: line, quantity: 1, restockType: 'NO_RESTOCK' }],
        transactions: [{ orderId, amount: '9.00', kind: 'REFUND', gateway: 'manual' }],
      },
    });
    expect(refunded).toMatchObject({
      refund: { totalRefundedSet: { shopMoney: { amount: '9.0' } } },
      order: {
        displayFinancialStatus: 'PARTIALLY_REFUNDED',
        netPaymentSet: { shopMoney: { amount: '14.0' } },
        customer: { amountSpent: { amount: '14.0' } },
      },
    });
    const cancel = `mutation($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true, refundMethod: { originalPaymentMethodsRefund: true }) {
      job { done } orderCancelUserErrors { field message code } } }`;
    expect(await run(cancel, { id: orderId })).toMatchObject({
      job: { done: false },
      orderCancelUserErrors: [],
    });
    expect(await run(cancel, { id: orderId })).toMatchObject({
      job: null,
      orderCancelUserErrors: [{ code: 'INVALID' }],
    });
    const gone = `mutation($id: ID!) { orderDelete(orderId: $id) { deletedId userErrors { field code } } }`;
    expect(await run(gone, { id: orderId })).toEqual({ deletedId: orderId, userErrors: [] });
    expect(await run(gone, { id: orderId })).toMatchObject({
      deletedId: null,
      userErrors: [{ code: 'NOT_FOUND' }],
    });
    for (const kind of [
      'order_created',
      'order_paid',
      'refund_created',
      'order_cancelled',
      'order_deleted',
      'customer_purchasing_summary',
    ]) {
      expect(kinds, kind).toContain(kind);
    }
  });

  it('are refused: a date to come, another currency, a field that is not kept', async () => {
    const { run, ask, store } = await open();
    const lineItems = [{ title: 'Tea', quantity: 1, priceSet: money('10.00') }];
    expect(
      await run(CREATE_ORDER, { order: { lineItems, processedAt: '2030-01-01T00:00:00Z' } }),
    ).toMatchObject({
      order: null,
      userErrors: [{ code: 'PROCESSED_AT_INVALID' }],
    });
    const message = async (order: Record<string, unknown>) =>
      (await ask(CREATE_ORDER, { order: { lineItems, ...order } })).errors?.[0]?.message;
    expect(await message({ currency: 'USD' })).toContain('An order in USD');
    expect(await message({ poNumber: 'P1' })).toBe(
      'OrderCreateOrderInput.poNumber is not implemented by the sandbox.',
    );
    expect(store.orderCount()).toBe(0);
  });

  it('and products are tagged by the rules for customers', async () => {
    const { run, store, kinds } = await open();
    const { id } = addOrder(store, { tags: ['Old'] });
    const add = `mutation($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { id ... on Order { tags } ... on Product { tags } } userErrors { field message } } }`;
    expect(await run(add, { id: `gid://shopify/Order/${id}`, tags: ['old', 'b,a'] })).toMatchObject({
      node: { tags: ['a', 'b', 'Old'] },
      userErrors: [],
    });
    expect(kinds).toContain('order_updated');
    expect(await run(add, { id: 'gid://shopify/Product/1', tags: ['x'] })).toEqual({
      node: null,
      userErrors: [{ field: ['id'], message: 'Product does not exist' }],
    });
  });
});

describe('products and collections', () => {
  it('are made, filled, listed and searched', async () => {
    const { run, ask } = await open();
    const collection = await run(
      'mutation { collectionCreate(input: {title: "Summer Tea"}) { collection { id handle } userErrors { message } } }',
    );
    const id = at(collection, 'collection', 'id');
    const product = await run(
      `mutation($c: [ID!]!) { productCreate(product: {title: "Green Tea", vendor: "Hill", tags: ["green"], collectionsToJoin: $c}) { product { id } userErrors { message } } }`,
      { c: [id] },
    );
    const productId = at(product, 'product', 'id');
    const { data, errors } = await ask(
      `query($id: ID!, $p: ID!) {
        collection(id: $id) { title productsCount { count } hasProduct(id: $p) products(first: 5) { nodes { id title } } }
        collections(first: 5, query: "title:summer") { nodes { id } }
        collectionsCount { count precision }
        products(first: 5, query: "vendor:hill tag:green") { nodes { id collections(first: 3) { nodes { id } } } }
        node(id: $id) { id ... on Collection { handle } }
      }`,
      { id, p: productId },
    );
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      collection: { productsCount: { count: 1 }, hasProduct: true, products: { nodes: [{ id: productId }] } },
      collections: { nodes: [{ id }] },
      collectionsCount: { count: 1, precision: 'EXACT' },
      products: { nodes: [{ id: productId, collections: { nodes: [{ id }] } }] },
      node: { handle: 'summer-tea' },
    });
    const emptied = await run(
      'mutation($id: ID!, $p: [ID!]!) { collectionRemoveProducts(id: $id, productIds: $p) { job { id } userErrors { message } } }',
      { id, p: [productId] },
    );
    expect(emptied).toMatchObject({ job: { id: expect.stringContaining('gid://shopify/Job/') as string } });
    expect(await run('query($id: ID!) { collection(id: $id) { productsCount { count } } }', { id })).toEqual({
      productsCount: { count: 0 },
    });
  });
});

describe('two stores with equal ids', () => {
  it('never mix', async () => {
    const { startSandbox } = await import('../../../sandbox/server.ts');
    const domains = ['one.myshopify.com', 'two.myshopify.com'] as const;
    const sandbox = await startSandbox({
      apiKey: API_KEY,
      apiSecret: API_SECRET,
      fast: true,
      stores: domains.map((domain) => ({ domain, seed: { empty: true } })),
    });
    try {
      const [one, two] = domains.map((domain) => callerOf(sandbox, domain)) as [Caller, Caller];
      const id = '7000';
      addCustomer(one.store, { id, email: 'one@example.com', tags: ['of one'] });
      addCustomer(two.store, { id, email: 'two@example.com' });
      const gid = `gid://shopify/Customer/${id}`;
      const add = `mutation { tagsAdd(id: "${gid}", tags: ["x"]) { node { ... on Customer { email tags } } }
        metafieldsSet(metafields: [{ownerId: "${gid}", key: "tier", type: "boolean", value: "true"}]) { userErrors { message } } }`;
      expect((await two.ask(add)).data).toMatchObject({
        tagsAdd: { node: { email: 'two@example.com', tags: ['x'] } },
      });
      const read = `{ customer(id: "${gid}") { email tags metafields(first: 5) { nodes { key } } } customers(first: 5, query: "tag:x") { nodes { id } } }`;
      expect((await one.ask(read)).data).toEqual({
        customer: { email: 'one@example.com', tags: ['of one'], metafields: { nodes: [] } },
        customers: { nodes: [] },
      });
      const stolen = await two.post(JSON.stringify({ query: read }), { 'x-sandbox-shop': domains[0] });
      expect(stolen.status).toBe(401);
    } finally {
      await sandbox.close();
    }
  });
});
