/** What the tests of the sandbox's segments ask, as an app would. */
import { expect } from 'vitest';
import { at, type Caller } from './call-sandbox.ts';

export const CREATE =
  'mutation($name: String!, $query: String!) { segmentCreate(name: $name, query: $query) { segment { id name query creationDate lastEditDate } userErrors { field message } } }';
export const UPDATE =
  'mutation($id: ID!, $name: String, $query: String) { segmentUpdate(id: $id, name: $name, query: $query) { segment { id name query } userErrors { field message } } }';
export const DELETE =
  'mutation($id: ID!) { segmentDelete(id: $id) { deletedSegmentId userErrors { field message } } }';
export const MEMBERS =
  'query($id: ID, $query: String, $queryId: ID, $after: String, $first: Int = 1000, $sort: String, $reverse: Boolean = false, $zone: String) { customerSegmentMembers(segmentId: $id, query: $query, queryId: $queryId, after: $after, first: $first, sortKey: $sort, reverse: $reverse, timezone: $zone) { totalCount edges { node { id displayName numberOfOrders amountSpent { amount } lastOrderId defaultEmailAddress { emailAddress } } } pageInfo { hasNextPage endCursor } statistics { attributeStatistics(attributeName: "amount_spent") { sum average } } } }';
export const MEMBERSHIP =
  'query($customer: ID!, $segments: [ID!]!) { customerSegmentMembership(customerId: $customer, segmentIds: $segments) { memberships { segmentId isMember } } }';

export async function create({ ask }: Caller, name: string, query: string): Promise<string> {
  const { data } = await ask(CREATE, { name, query });
  expect(at(data, 'segmentCreate', 'userErrors')).toEqual([]);
  return String(at(data, 'segmentCreate', 'segment', 'id'));
}

export async function refusals({ ask }: Caller, name: string, query: string): Promise<unknown> {
  const { data } = await ask(CREATE, { name, query });
  expect(at(data, 'segmentCreate', 'segment')).toBeNull();
  return at(data, 'segmentCreate', 'userErrors');
}

export async function members(caller: Caller, variables: Record<string, unknown>): Promise<string[]> {
  const { data, errors } = await caller.ask(MEMBERS, variables);
  expect(errors).toBeUndefined();
  const edges = at(data, 'customerSegmentMembers', 'edges') as { node: { id: string } }[];
  return edges.map(({ node }) => node.id.replace('gid://shopify/CustomerSegmentMember/', ''));
}

export async function isMember({ ask }: Caller, customer: string, segment: string): Promise<unknown> {
  const { data } = await ask(MEMBERSHIP, {
    customer: `gid://shopify/Customer/${customer}`,
    segments: [segment],
  });
  return at(data, 'customerSegmentMembership', 'memberships', 0, 'isMember');
}
