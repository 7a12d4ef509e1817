import { expect, it } from 'vitest';
import { at, contractShop } from './contract-shop.ts';

const shop = contractShop();
const change = (act: 'tagsAdd' | 'tagsRemove', id: string, tags: string[]) =>
  shop.run(
    `mutation($id: ID!, $tags: [String!]!) { ${act}(id: $id, tags: $tags) { node { ... on Customer { id tags } } userErrors { field message } } }`,
    { id, tags },
  );

it('are split at commas, trimmed, one of each whatever its case, the first spelling stays', async () => {
  const id = await shop.makeCustomer();
  const first = await change('tagsAdd', id, ['VIP', 'b, a', ' c ']);
  expect(first).toMatchObject({ node: { id, tags: ['a', 'b', 'c', 'VIP'] }, userErrors: [] });
  expect(at(await change('tagsAdd', id, ['vip', 'A']), 'node', 'tags')).toEqual(['a', 'b', 'c', 'VIP']);
  expect(at(await change('tagsRemove', id, ['vip', 'not there']), 'node', 'tags')).toEqual(['a', 'b', 'c']);
});

it('twice the same does no harm, and the answer has the tags as they are now', async () => {
  const id = await shop.makeCustomer({ tags: ['kept'] });
  for (let n = 0; n < 2; n += 1) {
    expect(await change('tagsAdd', id, ['regulars-x'])).toMatchObject({
      node: { tags: ['kept', 'regulars-x'] },
      userErrors: [],
    });
  }
  for (let n = 0; n < 2; n += 1) {
    expect(at(await change('tagsRemove', id, ['regulars-x']), 'node', 'tags')).toEqual(['kept']);
  }
});

it('at most 255 characters each and 250 a customer; what is refused changes nothing', async () => {
  const id = await shop.makeCustomer();
  expect(at(await change('tagsAdd', id, ['x'.repeat(256)]), 'userErrors', 0, 'message')).toMatch(/too long/i);
  const many = Array.from({ length: 250 }, (_, n) => `t${n}`);
  expect((at(await change('tagsAdd', id, many), 'node', 'tags') as string[]).length).toBe(250);
  const refused = await change('tagsAdd', id, ['one too many']);
  expect(at(refused, 'userErrors', 0, 'message')).toMatch(/250/);
});

it('of a customer that is not there: a userError, and the other aliases are done', async () => {
  const id = await shop.makeCustomer();
  const answer = await shop.run(
    'mutation($a: ID!, $b: ID!) { gone: tagsAdd(id: $a, tags: ["x"]) { node { id } userErrors { message } } there: tagsAdd(id: $b, tags: ["x"]) { node { ... on Customer { tags } } userErrors { message } } }',
    { a: 'gid://shopify/Customer/1', b: id },
  );
  expect(at(answer, 'gone', 'userErrors', 0, 'message')).toMatch(/does not exist/i);
  expect(at(answer, 'there', 'node', 'tags')).toEqual(['x']);
});
