import { expect, it } from 'vitest';
import { at, contractShop } from './contract-shop.ts';

const shop = contractShop();

it('are read by id as they were made; who is not there is null', async () => {
  const id = await shop.makeCustomer({ tags: ['b', 'a'], locale: 'de' });
  const nodes = (await shop.run(
    'query($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { id tags locale numberOfOrders amountSpent { amount currencyCode } state createdAt updatedAt defaultEmailAddress { marketingState } defaultPhoneNumber { smsMarketingConsent { state } } } } }',
    { ids: [id, 'gid://shopify/Customer/1'] },
  )) as unknown as unknown[];
  expect(nodes).toMatchObject([
    {
      id,
      tags: ['a', 'b'],
      locale: 'de',
      numberOfOrders: '0', // a string: it may be large
      amountSpent: { amount: expect.stringMatching(/^0\.0+$/) as string },
      state: 'DISABLED',
      defaultEmailAddress: { marketingState: 'NOT_SUBSCRIBED' },
      defaultPhoneNumber: null,
    },
    null,
  ]);
});

it('an address that is taken is refused with words', async () => {
  const email = `${shop.mark}-taken@example.com`;
  await shop.makeCustomer({ email });
  const again = await shop.run(
    'mutation($input: CustomerInput!) { customerCreate(input: $input) { customer { id } userErrors { field message } } }',
    { input: { email } },
  );
  expect(again).toMatchObject({
    customer: null,
    userErrors: [{ field: ['email'], message: 'Email has already been taken' }],
  });
});

it('a change moves updatedAt forward, and the search by it finds them in its order', async () => {
  const [first, second] = [await shop.makeCustomer(), await shop.makeCustomer()];
  const read = async (id: string) =>
    String(at(await shop.run('query($id: ID!) { customer(id: $id) { updatedAt } }', { id }), 'updatedAt'));
  const before = await read(first);
  await shop.until('a later second', async () =>
    Date.now() > Date.parse(before) + 1_100 ? true : undefined,
  );
  await shop.run(
    'mutation($input: CustomerInput!) { customerUpdate(input: $input) { userErrors { message } } }',
    { input: { id: first, note: 'changed' } },
  );
  const after = await read(first);
  expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
  await shop.until('the search', async () => {
    const { nodes } = (await shop.run(
      'query($search: String!) { customers(first: 100, query: $search, sortKey: UPDATED_AT) { nodes { id updatedAt } } }',
      { search: `updated_at:>='${before.slice(0, 19)}Z'` },
    )) as { nodes: { id: string; updatedAt: string }[] };
    const times = nodes.map(({ updatedAt }) => Date.parse(updatedAt));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const ids = nodes.map(({ id }) => id);
    return ids.includes(second) && ids.indexOf(first) > ids.indexOf(second) ? true : undefined;
  });
});

it('pages go on at the cursor, each one once, and the list after an id begins there', async () => {
  for (let n = 0; n < 3; n += 1) await shop.makeCustomer();
  const ids: string[] = [];
  let after: string | null = null;
  for (let pages = 0; pages < 3; pages += 1) {
    const page: Record<string, unknown> = await shop.run(
      'query($after: String) { customers(first: 2, after: $after, sortKey: ID) { nodes { id } pageInfo { hasNextPage endCursor } } }',
      { after },
    );
    ids.push(...(page['nodes'] as { id: string }[]).map(({ id }) => id));
    after = at(page, 'pageInfo', 'endCursor') as string | null;
    if (!at(page, 'pageInfo', 'hasNextPage')) break;
  }
  const numbers = ids.map((id) => BigInt(id.split('/').at(-1) ?? 0));
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => (a < b ? -1 : 1)));
  const { nodes } = (await shop.run(
    'query($search: String!) { customers(first: 2, query: $search, sortKey: ID) { nodes { id } } }',
    { search: `id:>${numbers[1]}` },
  )) as { nodes: { id: string }[] };
  expect(nodes[0]?.id).toBe(ids[2]);
});

it('are counted, exactly when no limit is set', async () => {
  const before = Number(at(await shop.run('{ customersCount(limit: null) { count precision } }'), 'count'));
  await shop.makeCustomer();
  const { count, precision } = await shop.until('the count', async () => {
    const answer = await shop.run('{ customersCount(limit: null) { count precision } }');
    return Number(answer['count']) > before ? answer : undefined;
  });
  expect([Number(count) >= before + 1, precision]).toEqual([true, 'EXACT']);
});

it('a deleted one is null from then on', async () => {
  const id = await shop.makeCustomer();
  const remove =
    'mutation($id: ID!) { customerDelete(input: { id: $id }) { deletedCustomerId userErrors { message } } }';
  expect(await shop.run(remove, { id })).toEqual({ deletedCustomerId: id, userErrors: [] });
  expect((await shop.ask('query($id: ID!) { customer(id: $id) { id } }', { id })).data).toEqual({
    customer: null,
  });
});
