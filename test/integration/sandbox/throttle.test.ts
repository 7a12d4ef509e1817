import { describe, expect, it } from 'vitest';
import { addCustomer } from '../../unit/sandbox/make-store.ts';
import { at, DOMAIN, openSandbox } from './call-sandbox.ts';

const PAGE = '{ customers(first: 249) { nodes { id amountSpent { amount } defaultAddress { city } } } }'; // 2 + 249 x 3

describe('points', () => {
  it('are taken, given back, refused when they are gone, and restored in real time', async () => {
    const { ask, sandbox } = await openSandbox({ fast: false });
    const first = await ask(PAGE);
    expect(first.cost).toMatchObject({
      requestedQueryCost: 749,
      actualQueryCost: 2,
      throttleStatus: { maximumAvailable: 2000, restoreRate: 100 },
    });
    expect(first.cost.throttleStatus.currentlyAvailable).toBeGreaterThanOrEqual(1998);

    const tags = Array.from({ length: 100 }, (_, n) => `t${n}: tagsAdd(id: "gid://shopify/Customer/1", tags: ["a"]) { userErrors { message } }`); // prettier-ignore
    const write = `mutation { ${tags.join(' ')} }`;
    const [one, two, three] = [await ask(write), await ask(write), await ask(write)];
    expect([one.cost.requestedQueryCost, one.cost.actualQueryCost]).toEqual([1000, 1000]);
    expect(two.errors).toBeUndefined();
    expect(three).toMatchObject({
      status: 200,
      data: {},
      errors: [
        {
          message: 'Throttled',
          extensions: {
            code: 'THROTTLED',
            documentation: 'https://shopify.dev/api/usage/rate-limits',
          },
        },
      ],
      cost: { requestedQueryCost: 1000, actualQueryCost: null, throttleStatus: { restoreRate: 100 } },
    });
    expect(three.cost.throttleStatus.currentlyAvailable).toBeLessThan(1000);
    expect(sandbox.apiLog.counts(DOMAIN)).toEqual({ requests: 4, throttled: 1, bulkOperations: 0 });

    // Restored at 100 a second: what is missing for a small request is there in a moment.
    const before = three.cost.throttleStatus.currentlyAvailable;
    const startedAt = Date.now();
    let now = before;
    while (now < before + 20) now = (await ask('{ __typename }')).cost.throttleStatus.currentlyAvailable;
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(150);
  });

  it('are not what a request above 1000 or an array above 250 is about', async () => {
    const { ask } = await openSandbox({ stores: [{ domain: DOMAIN, plan: 'plus', seed: { empty: true } }] });
    const wide = await ask('{ customers(first: 250) { nodes { orders(first: 5) { nodes { id } } } } }');
    expect(wide.errors).toEqual([
      {
        message: expect.stringMatching(
          /^Query cost is 2002, which exceeds the single query max cost limit \(1000\)\.\n\nSee https/,
        ) as string,
        extensions: {
          code: 'MAX_COST_EXCEEDED',
          cost: 2002,
          maxCost: 1000,
          documentation: 'https://shopify.dev/api/usage/limits#rate-limits',
        },
      },
    ]);
    const full = wide.cost.throttleStatus;
    expect(full.currentlyAvailable).toBe(full.maximumAvailable);

    const add =
      'mutation($tags: [String!]!) { tagsAdd(id: "gid://shopify/Customer/1", tags: $tags) { userErrors { message } } }';
    const many = await ask(add, { tags: Array.from({ length: 251 }, (_, n) => `t${n}`) });
    expect(many.errors?.[0]).toMatchObject({
      message: 'The input array size of 251 is greater than the maximum allowed of 250.',
      extensions: { code: 'MAX_INPUT_SIZE_EXCEEDED' },
    });
    const literal = `{ nodes(ids: [${'"gid://shopify/Customer/1",'.repeat(251)}]) { id } }`;
    expect((await ask(literal)).errors?.[0]?.extensions?.['code']).toBe('MAX_INPUT_SIZE_EXCEEDED');
    expect((await ask(add, { tags: Array.from({ length: 250 }, (_, n) => `t${n}`) })).errors).toBeUndefined();
  });

  it('belong to one store', async () => {
    const other = 'other.myshopify.com';
    const { ask, sandbox, store } = await openSandbox({
      stores: [
        { domain: DOMAIN, seed: { empty: true } },
        { domain: other, plan: 'advanced', seed: { empty: true } },
      ],
    });
    const anna = addCustomer(store);
    const response = await fetch(`${sandbox.url}/admin/api/2026-10/graphql.json`, {
      method: 'POST',
      headers: { 'x-shopify-access-token': sandbox.accessTokenFor(other) },
      body: JSON.stringify({
        query: `{ node(id: "gid://shopify/Customer/${anna.id}") { id } shop { myshopifyDomain } }`,
      }),
    });
    const body: unknown = await response.json();
    expect(at(body, 'data')).toEqual({ node: null, shop: { myshopifyDomain: other } });
    expect(at(body, 'extensions', 'cost', 'throttleStatus', 'maximumAvailable')).toBe(4000);
    expect((await ask('{ shop { id } }')).cost.throttleStatus.maximumAvailable).toBe(2000);
  });
});
