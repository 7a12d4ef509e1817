import { expect, it } from 'vitest';
import { at, contractShop } from './contract-shop.ts';

const shop = contractShop();
const SET = `mutation($m: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $m) {
  metafields { key value compareDigest } userErrors { field message code } } }`;
const score = (ownerId: string, value: string, more: Record<string, unknown> = {}) => ({
  ownerId,
  namespace: 'regulars_contract',
  key: 'score',
  type: 'number_integer',
  value,
  ...more,
});

it('are set, and read by their full keys', async () => {
  const id = await shop.makeCustomer();
  expect(await shop.run(SET, { m: [score(id, '7')] })).toMatchObject({
    metafields: [{ value: '7' }],
    userErrors: [],
  });
  const { nodes } = at(
    await shop.run(
      'query($id: ID!) { customer(id: $id) { metafields(first: 10, keys: ["regulars_contract.score"]) { nodes { type value } } one: metafield(namespace: "regulars_contract", key: "score") { value } } }',
      { id },
    ),
    'metafields',
  ) as { nodes: unknown[] };
  expect(nodes).toEqual([{ type: 'number_integer', value: '7' }]);
});

it('all or none: one bad value refuses the call', async () => {
  const id = await shop.makeCustomer();
  const refused = await shop.run(SET, { m: [score(id, '7'), { ...score(id, 'seven'), key: 'other' }] });
  expect((refused['userErrors'] as unknown[]).length).toBeGreaterThan(0);
  expect(
    await shop.run(
      'query($id: ID!) { customer(id: $id) { metafield(namespace: "regulars_contract", key: "score") { value } } }',
      { id },
    ),
  ).toEqual({ metafield: null });
});

it('a digest that is stale refuses the change', async () => {
  const id = await shop.makeCustomer();
  const digest = at(await shop.run(SET, { m: [score(id, '1')] }), 'metafields', 0, 'compareDigest');
  expect(await shop.run(SET, { m: [score(id, '2', { compareDigest: digest })] })).toMatchObject({
    userErrors: [],
  });
  const stale = await shop.run(SET, { m: [score(id, '3', { compareDigest: digest })] });
  expect(at(stale, 'userErrors', 0, 'code')).toBe('STALE_OBJECT');
});

it('more than 25 in a call are refused', async () => {
  const id = await shop.makeCustomer();
  const m = Array.from({ length: 26 }, (_, n) => ({ ...score(id, '1'), key: `k_${n}` }));
  const { data, errors } = await shop.ask(SET, { m });
  expect(errors !== undefined || at(data, 'metafieldsSet', 'userErrors', 0) !== undefined).toBe(true);
});
