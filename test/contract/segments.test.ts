/** Segments as the app uses them: made, renamed by Shopify when the name is taken, counted, deleted. */
import { describe, expect, it } from 'vitest';
import { contractShop } from './contract-shop.ts';

const shop = contractShop();

const CREATE =
  'mutation($name: String!, $query: String!) { segmentCreate(name: $name, query: $query) { segment { id name query } userErrors { field message } } }';
const DELETE =
  'mutation($id: ID!) { segmentDelete(id: $id) { deletedSegmentId userErrors { field message } } }';

async function make(name: string, query: string): Promise<{ id: string; name: string; query: string }> {
  const { segment, userErrors } = await shop.run(CREATE, { name, query });
  expect(userErrors).toEqual([]);
  const made = segment as { id: string; name: string; query: string };
  shop.atTheEnd(() => shop.ask(DELETE, { id: made.id }));
  return made;
}

async function refusal(name: string, query: string): Promise<unknown> {
  const { segment, userErrors } = await shop.run(CREATE, { name, query });
  expect(segment).toBeNull();
  return userErrors;
}

describe('segments', () => {
  it('cost 10 points a mutation, whatever is selected', async () => {
    const name = `${shop.mark} cost`;
    const { data, cost } = await shop.ask(CREATE, { name, query: 'number_of_orders > 3' });
    const { segment } = data['segmentCreate'] as { segment: { id: string } };
    expect(cost).toMatchObject({ requestedQueryCost: 10, actualQueryCost: 10 });
    expect((await shop.ask(DELETE, { id: segment.id })).cost.actualQueryCost).toBe(10);
  });

  it('a name that is taken gets a number', async () => {
    const name = `${shop.mark} twice`;
    expect((await make(name, 'number_of_orders > 1')).name).toBe(name);
    expect((await make(name, 'number_of_orders > 2')).name).toBe(`${name} (2)`);
  });

  it('are refused when blank, too long or not of the language', async () => {
    expect(await refusal(' ', 'number_of_orders > 1')).toEqual([
      { field: ['name'], message: "Name can't be blank" },
    ]);
    expect(await refusal('x'.repeat(256), 'number_of_orders > 1')).toEqual([
      { field: ['name'], message: 'Name is too long (maximum is 255 characters)' },
    ]);
    expect(await refusal(shop.mark, 'not a valid segment query ???')).toEqual([
      { field: ['query'], message: "Query Line 1 Column 6: 'valid' is unexpected." },
      { field: ['query'], message: "Query Line 1 Column 4: 'a' filter cannot be found." },
    ]);
  });

  it('a deleted one is null with NOT_FOUND, and cannot be changed', async () => {
    const { id } = await make(`${shop.mark} gone`, 'number_of_orders > 1');
    await shop.run(DELETE, { id });
    const { data, errors } = await shop.ask('query($id: ID!) { segment(id: $id) { id } }', { id });
    expect(data).toEqual({ segment: null });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND' });
    const { userErrors } = await shop.run(
      'mutation($id: ID!) { segmentUpdate(id: $id, name: "x") { userErrors { field message } } }',
      { id },
    );
    expect(userErrors).toEqual([{ field: ['id'], message: 'Segment does not exist' }]);
  });

  it('hold the customers with their tag, some time after the tag was written', async () => {
    const tag = `${shop.mark}-tag`;
    const customer = await shop.makeCustomer({ tags: [tag] });
    const { id } = await make(`${shop.mark} tagged`, `customer_tags CONTAINS '${tag}'`);
    const members = await shop.until('the member', async () => {
      const found = await shop.run(
        'query($id: ID!) { customerSegmentMembers(segmentId: $id, first: 10) { totalCount edges { node { id } } } }',
        { id },
      );
      return found['totalCount'] === 1 ? found : undefined;
    });
    expect(members['edges']).toEqual([
      { node: { id: customer.replace('/Customer/', '/CustomerSegmentMember/') } },
    ]);
    await shop.until('the membership', async () => {
      const { memberships } = await shop.run(
        'query($customer: ID!, $ids: [ID!]!) { customerSegmentMembership(customerId: $customer, segmentIds: $ids) { memberships { segmentId isMember } } }',
        { customer, ids: [id] },
      );
      const [first] = memberships as { segmentId: string; isMember: boolean }[];
      return first?.isMember ? first : undefined;
    });
  });
});
