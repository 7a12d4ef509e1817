/**
 * Every document that the app sends runs as it is sent, with real variables, within the cost of one request. The list is
 * made from the folder of the documents: one that is added must be given its variables here, or this fails. What is put
 * together at run time (tags, Flow) is at the end.
 */
import { readdirSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { composeFlowMutation } from '../../app/activation/flow/flow-mutation.ts';
import { composeTagMutation } from '../../app/activation/tags/tag-mutation.ts';
import { BULK_QUERIES } from '../../app/shopify/documents/bulk-queries.ts';
import * as bulk from '../../app/shopify/documents/bulk.ts';
import * as probes from '../../app/shopify/documents/probe-data.ts';
import { at, bulkEnd, contractShop, linesOf, stage } from './contract-shop.ts';
import { writingVariables } from './writing-variables.ts';

const shop = contractShop();
let customer: string;
let order: string;
let product: string | undefined;
let collection: string | undefined;

beforeAll(async () => {
  customer = await shop.makeCustomer();
  order = await shop.makeOrder({ financialStatus: 'PAID' });
  const found = await shop.run(
    '{ products(first: 1) { nodes { id } } collections(first: 1) { nodes { id } } }',
  );
  product = at(found, 'products', 'nodes', 0, 'id') as string | undefined;
  collection = at(found, 'collections', 'nodes', 0, 'id') as string | undefined;
});

const search = "updated_at:>='2020-01-01T00:00:00Z'";
const some = (id: string | undefined) => (id === undefined ? [] : [id]);

/** By the name of the document: what it is sent with. */
const VARIABLES: Record<string, () => Record<string, unknown> | Promise<Record<string, unknown>>> = {
  ...writingVariables(shop, { customer: () => customer, order: () => order }),
  SEARCH_CUSTOMERS: () => ({ query: 'contract' }),
  READ_SHOP: () => ({}),
  READ_CUSTOMER_NAMES: () => ({ ids: [customer] }),
  READ_CUSTOMER_PICKS: () => ({
    ids: [customer],
    keys: ['custom.birthday'],
    withZip: true,
    withMetafields: true,
  }),
  PROBE_CUSTOMER: () => ({}),
  PROBE_PERSON: () => ({}),
  READ_CUSTOMERS: () => ({ ids: [customer] }),
  READ_ORDERS: () => ({ ids: [order], withLocations: false }),
  READ_ORDER_LINES: () => ({ id: order, after: null }),
  READ_PRODUCTS: () => ({ ids: some(product) }),
  READ_PRODUCT_COLLECTIONS: () => ({ id: product ?? 'gid://shopify/Product/1', after: null }),
  READ_COLLECTIONS: () => ({ ids: some(collection) }),
  READ_COLLECTION_PRODUCTS: () => ({ id: collection ?? 'gid://shopify/Collection/1', after: null }),
  READ_CHANGED_CUSTOMERS: () => ({ search, after: null }),
  READ_CHANGED_ORDERS: () => ({ search, after: null, withLocations: false }),
  READ_CHANGED_PRODUCTS: () => ({ search, after: null }),
  READ_CHANGED_COLLECTIONS: () => ({ search, after: null }),
  READ_CUSTOMERS_PAGE: () => ({ search: 'id:>1', after: null }),
  READ_ORDERS_PAGE: () => ({ search: null, after: null, withLocations: false }),
  READ_PRODUCTS_PAGE: () => ({ search: 'id:>1', after: null }),
  COUNT_CUSTOMERS: () => ({ search: 'id:>1 AND id:<=9999999999999' }),
  COUNT_ORDERS: () => ({ search: 'id:>1 AND id:<=9999999999999' }),
  COUNT_PRODUCTS: () => ({ search: null }),
  RECENT_BULK_QUERIES: () => ({}),
  RECENT_BULK_MUTATIONS: () => ({}),
  RUN_BULK_QUERY: () => ({ query: probes.SMALLEST_BULK_QUERY }),
  READ_BULK_OPERATION: async () => ({ id: await started() }),
  CANCEL_BULK_OPERATION: async () => ({ id: await started() }),
  STAGE_UPLOADS: () => ({
    input: [
      {
        resource: 'BULK_MUTATION_VARIABLES',
        filename: 'v.jsonl',
        mimeType: 'text/jsonl',
        httpMethod: 'POST',
      },
    ],
  }),
  RUN_BULK_MUTATION: async () => ({
    mutation:
      'mutation Contract($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { userErrors { message } } }',
    stagedUploadPath: await stage(shop, [{ id: customer, tags: ['a'] }]),
    clientIdentifier: shop.mark,
  }),
};

async function started(): Promise<unknown> {
  const answer = await shop.run(bulk.RUN_BULK_QUERY, { query: probes.SMALLEST_BULK_QUERY });
  return at(answer, 'bulkOperation', 'id');
}

const FOLDER = new URL('../../app/shopify/documents/', import.meta.url);
const files = await Promise.all(
  readdirSync(FOLDER).map((file) => import(new URL(file, FOLDER).href) as Promise<Record<string, unknown>>),
);
/** Operations; fragments are part of them. */
const documents = files
  .flatMap((file) => Object.entries(file))
  .filter((entry): entry is [string, string] => /^#graphql\s+(query|mutation)\b/.test(String(entry[1])));

it('are all here', () => {
  expect(documents.map(([name]) => name).sort()).toEqual(Object.keys(VARIABLES).sort());
});

it.each(documents)('%s', async (name, document) => {
  const variables = await VARIABLES[name]?.();
  const { data, errors, cost } = await shop.ask(document, variables);
  expect(errors, name).toBeUndefined();
  expect(Object.keys(data).length).toBeGreaterThan(0);
  expect(cost.requestedQueryCost).toBeLessThanOrEqual(1000);
  for (const payload of Object.values(data)) {
    const refused = at(payload, 'userErrors');
    // The app's function is deployed with it: a store that the app is not in has none, and says so.
    if (name.endsWith('_AUTOMATIC_APP')) continue;
    if (Array.isArray(refused) && name !== 'CANCEL_BULK_OPERATION') expect(refused, name).toEqual([]);
  }
});

it('the tags of customers, put together at run time', async () => {
  const id = customer.split('/').at(-1) ?? '';
  const { document, variables } = composeTagMutation([
    { customerId: id, add: ['regulars-a'], remove: ['regulars-b'], removeFirst: false },
  ]);
  expect(at(await shop.run(document, variables), 'add0', 'node', 'tags')).toContain('regulars-a');
});

it.each(Object.entries(BULK_QUERIES))('the bulk query of the %s', async (_kind, query) => {
  const answer = await shop.run(bulk.RUN_BULK_QUERY, { query });
  expect(answer['userErrors']).toEqual([]);
  const operation = await bulkEnd(shop, at(answer, 'bulkOperation', 'id'));
  expect(operation).toMatchObject({ status: 'COMPLETED', errorCode: null });
  expect(await linesOf(operation['url'])).toHaveLength(Number(operation['objectCount']));
});

it('what Flow is told, put together at run time', async () => {
  const { document, variables } = composeFlowMutation([
    { trigger: 'entered', customerId: customer.split('/').at(-1) ?? '', title: 'VIP', detail: 'order' },
    { trigger: 'attention', customerId: null, title: 'A change waits for you', detail: 'Open Regulars.' },
  ]);
  const { data, errors } = await shop.ask(document, variables);
  expect(errors).toBeUndefined();
  expect(Object.keys(data)).toEqual(['trigger0', 'trigger1']);
});
