import { expect, it } from 'vitest';
import { contractShop } from './contract-shop.ts';

const shop = contractShop();
const TAG = 'tagsAdd(id: "gid://shopify/Customer/1", tags: ["a"]) { userErrors { message } }';

it('a misspelt field is refused by name, as HTTP 200', async () => {
  const { status, errors } = await shop.ask('{ shop { nmae } }');
  expect(status).toBe(200);
  expect(errors?.[0]?.message).toContain("'nmae'");
});

it('every answer has its cost, and what the bucket holds', async () => {
  const { cost } = await shop.ask('{ customers(first: 10) { nodes { id } } }');
  expect(cost.requestedQueryCost).toBeGreaterThan(0);
  expect(cost.actualQueryCost).toBeLessThanOrEqual(cost.requestedQueryCost);
  const { maximumAvailable, currentlyAvailable, restoreRate } = cost.throttleStatus;
  expect(maximumAvailable).toBeGreaterThanOrEqual(1000);
  expect(currentlyAvailable).toBeLessThanOrEqual(maximumAvailable);
  expect(restoreRate).toBeGreaterThan(0);
});

it('a tag mutation costs 10, and aliases add up', async () => {
  const { cost } = await shop.ask(`mutation { a: ${TAG} b: ${TAG} c: ${TAG} }`);
  expect([cost.requestedQueryCost, cost.actualQueryCost]).toEqual([30, 30]);
});

it('above 1000 points a request is refused, whatever the bucket holds', async () => {
  const { errors } = await shop.ask(
    '{ customers(first: 250) { nodes { orders(first: 50) { nodes { id } } } } }',
  );
  expect(errors?.[0]?.extensions).toMatchObject({
    code: 'MAX_COST_EXCEEDED',
    cost: expect.any(Number) as number,
  });
  expect(errors?.[0]?.extensions?.['maxCost']).toBe(1000);
});

it('a list of more than 250 is refused', async () => {
  const ids = Array.from({ length: 251 }, (_, n) => `gid://shopify/Customer/${n + 1}`);
  const { errors } = await shop.ask('query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(errors?.[0]?.extensions?.['code']).toBe('MAX_INPUT_SIZE_EXCEEDED');
});

it('who does not heed throttleStatus is THROTTLED, as HTTP 200, with nothing done', async () => {
  const document = `mutation { ${Array.from({ length: 95 }, (_, n) => `t${n}: ${TAG}`).join(' ')} }`;
  const calls = Array.from({ length: 24 }, () => shop.post(JSON.stringify({ query: document })));
  const bodies = await Promise.all(
    calls.map(async (call) => {
      const response = await call;
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    }),
  );
  const throttled = bodies.filter(({ body }) => JSON.stringify(body['errors'] ?? '').includes('THROTTLED'));
  expect(throttled.length).toBeGreaterThan(0);
  for (const { status, body } of throttled) {
    expect(status).toBe(200);
    expect(body).toMatchObject({
      errors: [{ message: 'Throttled', extensions: { code: 'THROTTLED' } }],
      extensions: { cost: { requestedQueryCost: 950, actualQueryCost: null } },
    });
    expect(body['data'] ?? null).toBeNull();
  }
});
