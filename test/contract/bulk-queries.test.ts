import { expect, it } from 'vitest';
import { at, bulkEnd, contractShop, linesOf } from './contract-shop.ts';

const shop = contractShop();
const START =
  'mutation($query: String!) { bulkOperationRunQuery(query: $query, groupObjects: false) { bulkOperation { id status createdAt } userErrors { field message code } } }';

it('reads everything as lines, children beside their parents by __parentId', async () => {
  const id = await shop.makeOrder({ financialStatus: 'PAID' });
  const found = await shop.until('the order in a bulk query', async () => {
    const started = await shop.run(START, {
      query: `{ orders(query: "tag:${shop.mark}") { edges { node { id name lineItems { edges { node { id quantity } } } } } } }`,
    });
    expect(started).toMatchObject({ bulkOperation: { status: 'CREATED' }, userErrors: [] });
    const operation = await bulkEnd(shop, at(started, 'bulkOperation', 'id'));
    expect(operation).toMatchObject({ status: 'COMPLETED', errorCode: null, type: 'QUERY' });
    const lines = await linesOf(operation['url']);
    expect(lines).toHaveLength(Number(operation['objectCount']));
    return lines.length > 0 ? lines : undefined;
  });
  expect(found).toContainEqual(expect.objectContaining({ id }));
  expect(found.filter((line) => line['__parentId'] === id)).toHaveLength(1);
});

it('with nothing to tell there is no file', async () => {
  const started = await shop.run(START, {
    query: `{ customers(query: "tag:${shop.mark}-nobody") { edges { node { id } } } }`,
  });
  const operation = await bulkEnd(shop, at(started, 'bulkOperation', 'id'));
  expect(operation).toMatchObject({ status: 'COMPLETED', url: null, objectCount: '0' });
});

it.each([
  ['no connection in it', '{ shop { name } }'],
  [
    'a connection inside a list',
    '{ orders { edges { node { id refunds { id refundLineItems { edges { node { quantity } } } } } } } }',
  ],
])('%s: refused with words', async (_name, query) => {
  const started = await shop.run(START, { query });
  expect(started['bulkOperation']).toBeNull();
  expect(String(at(started, 'userErrors', 0, 'message'))).toMatch(/\w+/);
});

it('is found again by its text', async () => {
  const query = `{ customers(query: "tag:${shop.mark}-again") { edges { node { id } } } }`;
  const started = await shop.run(START, { query });
  await bulkEnd(shop, at(started, 'bulkOperation', 'id'));
  const { nodes } = (await shop.run(
    '{ bulkOperations(first: 20, query: "operation_type:query", sortKey: CREATED_AT, reverse: true) { nodes { id status createdAt query } } }',
  )) as { nodes: { id: string; query: string }[] };
  expect(nodes.find((one) => one.query === query)?.id).toBe(at(started, 'bulkOperation', 'id'));
});
