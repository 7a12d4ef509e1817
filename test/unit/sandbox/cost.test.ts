import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { actualCost, requestedCost } from '../../../sandbox/graphql/cost.ts';
import type { CostInput } from '../../../sandbox/graphql/cost.ts';
import { CostBucket } from '../../../sandbox/graphql/cost-bucket.ts';
import { adminSchema } from '../../../sandbox/graphql/schema.ts';

function inputOf(text: string, variables: Record<string, unknown> = {}): CostInput {
  const { definitions } = parse(text);
  const operation = definitions.find((node) => node.kind === 'OperationDefinition');
  if (!operation) throw new Error('no operation');
  const fragments = new Map(
    definitions.filter((node) => node.kind === 'FragmentDefinition').map((node) => [node.name.value, node]),
  );
  return { schema: adminSchema(), operation, fragments, variables };
}
const priceOf = (text: string, variables?: Record<string, unknown>) =>
  requestedCost(inputOf(text, variables));

describe('the requested cost', () => {
  it.each([
    ['an object 1, scalars 0', '{ shop { id name myshopifyDomain } }', 1],
    ['objects inside add up', '{ shop { plan { publicDisplayName } primaryDomain { host } } }', 3],
    [
      'a connection 2 and its page',
      '{ customers(first: 50) { nodes { id tags } pageInfo { hasNextPage } } }',
      52,
    ],
    ['edges are the same as nodes', '{ customers(last: 50) { edges { cursor node { id } } } }', 52],
    ['objects of a node count for each', '{ customers(first: 10) { nodes { amountSpent { amount } } } }', 22],
    [
      'nested pages multiply',
      '{ orders(first: 10) { nodes { lineItems(first: 5) { nodes { id } } } } }',
      2 + 10 * (1 + 2 + 5),
    ],
    [
      'a list without a size counts once',
      '{ order(id: "1") { refunds { totalRefundedSet { shopMoney { amount } } } } }',
      1 + 1 + 2,
    ],
    ['__typename is free', '{ shop { __typename } __typename }', 1],
  ])('%s', (_, text, cost) => {
    expect(priceOf(text)).toBe(cost);
  });

  it('takes sizes and ids from variables', () => {
    expect(priceOf('query($n: Int!) { customers(first: $n) { nodes { id } } }', { n: 250 })).toBe(252);
    const nodes =
      'query($ids: [ID!]!) { nodes(ids: $ids) { id ... on Customer { amountSpent { amount } } } }';
    expect(priceOf(nodes, { ids: ['a', 'b', 'c'] })).toBe(6);
  });

  it('counts the dearest of fragments that exclude each other, and shared fragments once each', () => {
    const text = `query { node(id: "x") {
      ... on Customer { amountSpent { amount } defaultAddress { city } }
      ... on Order { customer { id } }
      ...O
    } } fragment O on Order { refunds { id } }`;
    expect(priceOf(text)).toBe(1 + 2);
  });

  it('leaves out what is skipped', () => {
    const text =
      'query($no: Boolean!) { shop { id } customers(first: 9) @include(if: $no) { nodes { id } } }';
    expect(priceOf(text, { no: false })).toBe(1);
    expect(priceOf(text, { no: true })).toBe(12);
  });

  it('is ten a mutation whatever it selects; aliases add up', () => {
    const one =
      'tagsAdd(id: "x", tags: ["a"]) { node { id ... on Customer { amountSpent { amount } } } userErrors { message } }';
    expect(priceOf(`mutation { ${one} }`)).toBe(10);
    const many = Array.from({ length: 25 }, (_, n) => `a${n}: ${one}`).join('\n');
    expect(priceOf(`mutation { ${many} }`)).toBe(250);
  });
});

describe('the actual cost', () => {
  it('counts what came back', () => {
    const input = inputOf(
      '{ customers(first: 50) { nodes { id a: amountSpent { amount } lastOrder { id } } } }',
    );
    const node = (lastOrder: unknown) => ({ id: '1', a: { amount: '1.0' }, lastOrder });
    expect(actualCost(input, { customers: { nodes: [node(null), node({ id: '2' })] } })).toBe(2 + 2 + 3);
    expect(actualCost(input, { customers: { nodes: [] } })).toBe(2);
    expect(actualCost(input, null)).toBe(0);
  });

  it('of edges, lists and missing objects', () => {
    const input = inputOf(
      '{ c: customers(first: 5) { e: edges { n: node { id } } } nodes(ids: ["1", "2"]) { id } }',
    );
    expect(actualCost(input, { c: { e: [{ n: { id: '1' } }] }, nodes: [null, { id: '2' }] })).toBe(3 + 1);
  });
});

describe('the bucket', () => {
  it('takes, refuses and restores in real time up to its size', () => {
    let now = 1_000_000;
    const bucket = new CostBucket('standard', { now: () => now });
    expect(bucket.status()).toEqual({ maximumAvailable: 2000, currentlyAvailable: 2000, restoreRate: 100 });
    expect(bucket.take(1000)).toBe(true);
    expect(bucket.take(1001)).toBe(false);
    expect(bucket.status().currentlyAvailable).toBe(1000);
    now += 1500;
    expect(bucket.status().currentlyAvailable).toBe(1150);
    bucket.giveBack(500);
    expect(bucket.status().currentlyAvailable).toBe(1650);
    now += 60_000;
    expect(bucket.status().currentlyAvailable).toBe(2000);
    bucket.giveBack(99);
    expect(bucket.status().currentlyAvailable).toBe(2000);
  });

  it('is larger for larger plans, and says so when it is fast', () => {
    expect(new CostBucket('advanced').status()).toMatchObject({ maximumAvailable: 4000, restoreRate: 200 });
    expect(new CostBucket('plus').status()).toMatchObject({ maximumAvailable: 20_000, restoreRate: 1000 });
    expect(new CostBucket('standard', { fast: true }).status().restoreRate).toBe(5000);
  });
});
