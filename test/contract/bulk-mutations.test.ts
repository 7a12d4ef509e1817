import { expect, it } from 'vitest';
import { at, bulkEnd, contractShop, linesOf, stage } from './contract-shop.ts';

const shop = contractShop();
const START =
  'mutation($mutation: String!, $path: String!, $mark: String) { bulkOperationRunMutation(mutation: $mutation, stagedUploadPath: $path, clientIdentifier: $mark) { bulkOperation { id status } userErrors { field message code } } }';
const ADD =
  'mutation Contract($id: ID!, $tags: [String!]!) { tagsAdd(id: $id, tags: $tags) { node { ... on Customer { id tags } } userErrors { field message } } }';

it('runs each line, tells of each by its number, and one that fails holds up no other', async () => {
  const [first, second] = [await shop.makeCustomer(), await shop.makeCustomer({ tags: ['mine'] })];
  const path = await stage(shop, [
    { id: first, tags: ['regulars-x'] },
    { id: 'gid://shopify/Customer/1', tags: ['regulars-x'] },
    { id: second, tags: ['regulars-x'] },
  ]);
  const started = await shop.run(START, { mutation: ADD, path, mark: shop.mark });
  expect(started).toMatchObject({ bulkOperation: { id: expect.any(String) as string }, userErrors: [] });
  const operation = await bulkEnd(shop, at(started, 'bulkOperation', 'id'));
  expect(operation).toMatchObject({ status: 'COMPLETED', type: 'MUTATION' });
  const lines = await linesOf(operation['url']);
  const of = (number: number) => lines.find((line) => line['__lineNumber'] === number);
  expect(at(of(0), 'data', 'tagsAdd', 'node', 'tags')).toEqual(['regulars-x']);
  expect(at(of(1), 'data', 'tagsAdd', 'userErrors', 0, 'message')).toMatch(/does not exist/i);
  expect(at(of(2), 'data', 'tagsAdd', 'node', 'tags')).toEqual(['mine', 'regulars-x']);
});

it('two root fields, or a file that is not there: refused with words', async () => {
  const path = await stage(shop, [{ id: 'gid://shopify/Customer/1', tags: ['x'] }]);
  const two =
    'mutation($id: ID!, $tags: [String!]!) { a: tagsAdd(id: $id, tags: $tags) { userErrors { message } } b: tagsRemove(id: $id, tags: $tags) { userErrors { message } } }';
  const refused = await shop.run(START, { mutation: two, path, mark: shop.mark });
  expect(refused['bulkOperation']).toBeNull();
  expect(at(refused, 'userErrors', 0, 'message')).toMatch(/single top level mutation/i);
  const nowhere = await shop.run(START, { mutation: ADD, path: 'tmp/nowhere/vars.jsonl', mark: shop.mark });
  expect(nowhere['bulkOperation']).toBeNull();
  expect(at(nowhere, 'userErrors', 0, 'code')).toBe('NO_SUCH_FILE');
});
