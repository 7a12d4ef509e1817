/** Segments, their members, and whether a customer is one. Members are read as settled (segments/segment-index.ts). */
import { GraphQLError } from 'graphql';
import { isTimeZone } from '../../../app/local-date.ts';
import { currencyExponent } from '../../../app/money.ts';
import { SegmentQueryFault } from '../../segment-query/query.ts';
import { findMembers, isMember } from '../../segments/find-members.ts';
import { StoreSubject } from '../../segments/query-subject.ts';
import type { SandboxCustomer, SandboxSegment } from '../../store/model.ts';
import type { Store } from '../../store/store.ts';
import type { GraphContext } from '../context.ts';
import { connect, listOf } from '../connection.ts';
import type { ConnectionArgs, Listing, SortValue } from '../connection.ts';
import { gid, parseGid } from '../gid.ts';
import { byName } from '../list-customers.ts';
import { sortedList } from '../list-records.ts';
import type { ListArgs } from '../list-records.ts';
import { badRequest, NotImplemented } from '../not-implemented.ts';
import { compileSearch } from '../search.ts';
import type { SearchNotes } from '../search.ts';
import { idField, textField, textTest } from '../search-fields.ts';
import { searchIndexOf } from '../search-index.ts';
import { searchNotes } from '../search-report.ts';
import { customerFields } from './customer.ts';
import type { FieldResolvers, Resolver } from './types.ts';

/** Documented for members; everywhere else pages have 250. */
const MEMBERS_PAGE = { most: 1000 };

export const segmentFields: FieldResolvers<SandboxSegment> = {
  id: (segment) => gid('Segment', segment.id),
  name: (segment) => segment.name,
  query: (segment) => segment.query,
  creationDate: (segment) => segment.creationDate,
  lastEditDate: (segment) => segment.lastEditDate,
};

interface MembersArgs extends ConnectionArgs {
  segmentId?: string | null;
  query?: string | null;
  queryId?: string | null;
  sortKey?: string | null;
  reverse?: boolean | null;
  timezone?: string | null;
}

export const segmentQueries: FieldResolvers<unknown> = {
  segments: (_, args: ConnectionArgs & ListArgs, context: GraphContext, info) =>
    connect(
      () => listSegments(context.store, args, searchNotes(args.query, context, info)),
      args,
      context,
      info,
    ),
  segment: (_, args: { id: string }, { store }) => segmentOf(store, args.id),
  segmentsCount: (_, { limit }: { limit?: number | null }, { store }) => {
    const { size } = store.segments;
    const over = typeof limit === 'number' && size > limit;
    return over ? { count: limit, precision: 'AT_LEAST' } : { count: size, precision: 'EXACT' };
  },
  customerSegmentMembers: async (_, args: MembersArgs, context: GraphContext, info) => {
    const { store } = context;
    const asked = whatIsAsked(store, args);
    const { timezone, sortKey, reverse } = args;
    const zone = timezone ?? 'UTC';
    if (!isTimeZone(zone)) throw badRequest(`Invalid timezone '${zone}'`);
    const ids = await membersOf(store, asked.query, zone);
    const order = asked.sortKey ?? sortKey ?? null;
    const listing = await listMembers(store, ids, zone, order, asked.reverse ?? reverse ?? false);
    const page = connect(listing, args, context, info, MEMBERS_PAGE) as { edges: unknown; pageInfo: unknown };
    return {
      totalCount: ids.length,
      edges: () => page.edges,
      pageInfo: () => page.pageInfo,
      statistics: { attributeStatistics: (named: Named) => statisticsOf(store, ids, zone, named) },
    };
  },
  customerSegmentMembersQuery: (_, args: { id: string }, { store }) => membersQuery(store, args.id),
  customerSegmentMembership: (_, args: { customerId: string; segmentIds: string[] }, { store }) => {
    const { type, id } = parseGid(args.customerId);
    const customer = type === 'Customer' ? store.customer(id) : undefined;
    if (!customer) throw new GraphQLError('Customer does not exist', { extensions: { code: 'NOT_FOUND' } });
    // A segment that is gone is left out (assumption).
    const memberships = args.segmentIds.flatMap((segmentId) => {
      const segment = store.segments.get(parseGid(segmentId).id);
      return segment ? { segmentId, isMember: isMember(store, segment.query, customer) } : [];
    });
    return { memberships };
  },
};

/** Captured: null, and a top-level error. */
function segmentOf(store: Store, text: string): SandboxSegment {
  const { type, id } = parseGid(text);
  if (type !== 'Segment') throw badRequest('invalid id', 'RESOURCE_NOT_FOUND');
  const segment = store.segments.get(id);
  if (!segment) throw new GraphQLError('Segment does not exist', { extensions: { code: 'NOT_FOUND' } });
  return segment;
}

export function listSegments(store: Store, args: ListArgs, notes?: SearchNotes): Listing<SandboxSegment> {
  const search = compileSearch<SandboxSegment>(
    args.query,
    byName({ id: idField((one) => one.id), name: textField((one) => one.name) }),
    (word, quoted) => {
      const test = textTest(word, quoted);
      return ({ name, query }) => test(`${name} | ${query}`);
    },
    notes,
  );
  const sorts: Record<string, (segment: SandboxSegment) => string | number> = {
    CREATION_DATE: (segment) => segment.creationDate,
    LAST_EDIT_DATE: (segment) => segment.lastEditDate,
    ID: () => 0,
    RELEVANCE: () => 0,
  };
  const value = sorts[args.sortKey ?? 'CREATION_DATE'];
  if (!value) throw new NotImplemented(`Sorting segments by ${args.sortKey}`);
  const index = searchIndexOf(store);
  const searched = Boolean(args.query?.trim());
  const found = [...store.segments.all()].filter(
    (one) => !searched || (!index.hides(`segment ${one.id}`) && search.test(one)),
  );
  return sortedList(found, (one) => ({ value: value(one), id: one.id }), args.reverse ?? false);
}

interface Asked {
  query: string;
  sortKey?: string | null;
  reverse?: boolean;
}

/** Which of the three says it; texts are an assumption, after those of customerSegmentMembersQueryCreate. */
function whatIsAsked(store: Store, { segmentId, query, queryId }: MembersArgs): Asked {
  if ([segmentId, query, queryId].filter((one) => one !== undefined && one !== null).length !== 1) {
    throw badRequest('You must provide one of segment_id, query or query_id.');
  }
  if (segmentId) {
    const segment = store.segments.get(parseGid(segmentId).id);
    if (!segment) throw badRequest('Invalid segment ID.');
    return { query: segment.query };
  }
  if (queryId) {
    const found = store.membersQueries.get(parseGid(queryId).id);
    if (!found) throw badRequest('Invalid query ID.');
    if (!isDone(store, found.doneAt)) throw badRequest('The query is still running.');
    return { query: found.query, sortKey: found.sortKey, reverse: found.reverse };
  }
  return { query: query ?? '' };
}

async function membersOf(store: Store, query: string, zone: string): Promise<readonly number[]> {
  try {
    return await findMembers(store, query, zone);
  } catch (error) {
    if (error instanceof SegmentQueryFault) throw badRequest(error.messages.join(' '));
    throw error;
  }
}

export async function membersQuery(store: Store, text: string) {
  const { type, id } = parseGid(text);
  const found = type === 'CustomerSegmentMembersQuery' ? store.membersQueries.get(id) : undefined;
  if (!found) return null;
  const done = isDone(store, found.doneAt);
  const currentCount = done ? (await membersOf(store, found.query, 'UTC')).length : 0;
  return { __typename: type, id: text, done, currentCount };
}

function isDone(store: Store, doneAt: string): boolean {
  return store.clock.machineNow().toISOString() >= doneAt;
}

// --- members ---------------------------------------------------------------------------------------------

/** The customer is made once, and only for those of the page. */
export class Member {
  readonly id: string;
  readonly #store: Store;
  #customer: SandboxCustomer | undefined;

  constructor(store: Store, id: number) {
    this.#store = store;
    this.id = String(id);
  }

  get customer(): SandboxCustomer {
    this.#customer ??= this.#store.customer(this.id);
    if (!this.#customer) throw badRequest('The customer is gone.', 'NOT_FOUND');
    return this.#customer;
  }
}

const ofCustomer =
  (name: string): Resolver<Member> =>
  (member, args: never, context, info) =>
    (customerFields[name] as Resolver<SandboxCustomer>)(member.customer, args, context, info);

const SAME = [
  'amountSpent', 'defaultAddress', 'defaultEmailAddress', 'defaultPhoneNumber', 'displayName', 'firstName',
  'lastName', 'note', 'numberOfOrders',
]; // prettier-ignore

export const segmentMemberFields: FieldResolvers<Member> = {
  ...Object.fromEntries(SAME.map((name) => [name, ofCustomer(name)])),
  id: (member) => gid('CustomerSegmentMember', member.id),
  lastOrderId: ({ customer }, _: unknown, { store }) => {
    const { lastOrder } = new StoreSubject(store, customer, 'UTC').totals;
    return lastOrder ? gid('Order', lastOrder.id) : null;
  },
  // Read here: what they are given must be seen to be read.
  metafield: ({ customer }, args: { namespace?: string; key: string }, context, info) =>
    customerFields['metafield']?.(customer, args as never, context, info),
  metafields: ({ customer }, args: ConnectionArgs, context, info) =>
    customerFields['metafields']?.(customer, args as never, context, info),
};

const SORTS: Readonly<Record<string, (subject: StoreSubject, customer: SandboxCustomer) => SortValue>> = {
  created_at: (_, customer) => customer.createdAt,
  first_order_date: (subject) => subject.firstOrderDate ?? '',
  last_order_date: (subject) => subject.lastOrderDate ?? '',
  // The sandbox has no checkouts that were left.
  last_abandoned_order_date: () => '',
  number_of_orders: (subject) => subject.numberOfOrders,
  amount_spent: (subject) => subject.amountSpent,
};

/** Without a sort key by id (assumption). */
async function listMembers(
  store: Store,
  ids: readonly number[],
  zone: string,
  sortKey: string | null,
  reverse: boolean,
): Promise<Listing<Member>> {
  let sorted = ids;
  const values = new Map<number, SortValue>();
  if (sortKey !== null) {
    const sort = Object.hasOwn(SORTS, sortKey) ? SORTS[sortKey] : undefined;
    if (!sort) throw badRequest(`Invalid sort key '${sortKey}'`);
    for await (const [id, customer] of customersOf(store, ids)) {
      values.set(id, sort(new StoreSubject(store, customer, zone), customer));
    }
    const value = (id: number) => values.get(id) ?? '';
    sorted = ids
      .filter((id) => values.has(id))
      .sort((a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a - b));
  }
  const keyOf = (id: number) => ({ value: values.get(id) ?? 0, id: String(id) });
  const inner = listOf(reverse ? sorted.toReversed() : sorted, keyOf, reverse);
  return {
    keyOf: (member) => keyOf(Number(member.id)),
    reversed: reverse,
    *after(key) {
      for (const id of inner.after(key)) yield new Member(store, id);
    },
    *before(key) {
      for (const id of inner.before(key)) yield new Member(store, id);
    },
  };
}

interface Named {
  attributeName: string;
}

async function statisticsOf(store: Store, ids: readonly number[], zone: string, { attributeName }: Named) {
  const major = 10 ** currencyExponent(store.shop.currency);
  const values: Record<string, (subject: StoreSubject) => number> = {
    amount_spent: (subject) => Math.round(subject.amountSpent * major),
    number_of_orders: (subject) => subject.numberOfOrders * major,
  };
  const value = Object.hasOwn(values, attributeName) ? values[attributeName] : undefined;
  if (!value) throw new NotImplemented(`Statistics of ${attributeName}`);
  let sum = 0;
  for await (const [, customer] of customersOf(store, ids))
    sum += value(new StoreSubject(store, customer, zone));
  return { average: ids.length === 0 ? 0 : sum / ids.length / major, sum: sum / major };
}

/** In stretches, so that others are served. */
async function* customersOf(store: Store, ids: readonly number[]): AsyncGenerator<[number, SandboxCustomer]> {
  let since = performance.now();
  for (const id of ids) {
    const customer = store.customer(String(id));
    if (customer) yield [id, customer];
    if (performance.now() - since > 10) {
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    }
  }
}
