/**
 * Every document of the import, of re-reads, of reconciliation and of tags runs as the app sends it, with real
 * variables, within the cost of one request. A document that is added to one of these files must be given its
 * variables here.
 */
import { beforeAll, expect, it } from 'vitest';
import { composeTagMutation } from '../../app/activation/tag-mutation.ts';
import { BULK_QUERIES } from '../../app/shopify/documents/bulk-queries.ts';
import * as bulk from '../../app/shopify/documents/bulk.ts';
import * as names from '../../app/shopify/documents/customer-names.ts';
import * as picks from '../../app/shopify/documents/customer-picks.ts';
import * as probes from '../../app/shopify/documents/probe-data.ts';
import * as again from '../../app/shopify/documents/read-again.ts';
import * as changed from '../../app/shopify/documents/read-changed.ts';
import * as pages from '../../app/shopify/documents/read-pages.ts';
import * as mutations from '../../app/shopify/documents/recent-bulk-mutations.ts';
import * as queries from '../../app/shopify/documents/recent-bulk-queries.ts';
import * as shopDocuments from '../../app/shopify/documents/shop.ts';
import { at, bulkEnd, contractShop, linesOf, stage } from './contract-shop.ts';

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

const documents = [
  bulk,
  names,
  picks,
  probes,
  again,
  changed,
  pages,
  mutations,
  queries,
  shopDocuments,
].flatMap((file) =>
  Object.entries(file).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].startsWith('#graphql'),
  ),
);

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
