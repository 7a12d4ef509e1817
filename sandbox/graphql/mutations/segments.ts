/** Mutations of segments. Texts as captured where they are known (segments/change-segment.ts). */
import { createSegment, deleteSegment, updateSegment } from '../../segments/change-segment.ts';
import type { SegmentChange } from '../../segments/change-segment.ts';
import { parseSegmentQuery } from '../../segment-query/parse-query.ts';
import { SegmentQueryFault } from '../../segment-query/query.ts';
import type { GraphContext } from '../context.ts';
import { gid, parseGid } from '../gid.ts';
import { badRequest } from '../not-implemented.ts';
import type { FieldResolvers } from '../resolvers/types.ts';

/** How long a search for members takes; with the fast switch no time. An assumption. */
const QUERY_MS = 1000;

export const segmentMutations: FieldResolvers<unknown> = {
  segmentCreate: (_, { name, query }: { name: string; query: string }, { store }) =>
    payload(createSegment(store, { name, query })),
  segmentUpdate: (_, args: { id: string; name?: string | null; query?: string | null }, { store }) =>
    payload(
      updateSegment(store, segmentId(args.id), {
        name: args.name ?? undefined,
        query: args.query ?? undefined,
      }),
    ),
  segmentDelete: (_, { id }: { id: string }, { store }) => {
    const change = deleteSegment(store, segmentId(id));
    return change.outcome === 'done'
      ? { deletedSegmentId: gid('Segment', change.segment.id), userErrors: [] }
      : { deletedSegmentId: null, userErrors: change.userErrors };
  },
  customerSegmentMembersQueryCreate: (
    _,
    { input }: { input: QueryInput },
    { store, sandbox }: GraphContext,
  ) => {
    const asked = queryOf(input, (id) => store.segments.get(id)?.query);
    if ('message' in asked) {
      return { customerSegmentMembersQuery: null, userErrors: [{ ...asked, code: 'INVALID' }] };
    }
    const doneAt = new Date(store.clock.machineNow().getTime() + (sandbox.fast ? 0 : QUERY_MS)).toISOString();
    const id = store.newId('other');
    const { sortKey, reverse } = input;
    const record = { id, query: asked.query, sortKey: sortKey ?? null, reverse: reverse ?? false, doneAt };
    store.membersQueries.put(record);
    const created = { id: gid('CustomerSegmentMembersQuery', id), currentCount: 0, done: false };
    return { customerSegmentMembersQuery: created, userErrors: [] };
  },
};

interface QueryInput {
  segmentId?: string | null;
  query?: string | null;
  sortKey?: string | null;
  reverse?: boolean | null;
}

function queryOf(
  { segmentId: segment, query }: QueryInput,
  find: (id: string) => string | undefined,
): { query: string } | { field: string[] | null; message: string } {
  if (segment && query) {
    return { field: ['input'], message: 'Providing both segment_id and query is not supported.' };
  }
  if (segment) {
    const found = find(segmentId(segment));
    return found === undefined ? { field: null, message: 'Invalid segment ID.' } : { query: found };
  }
  if (!query) return { field: ['input'], message: 'You must provide one of segment_id or query.' };
  try {
    parseSegmentQuery(query);
    return { query };
  } catch (error) {
    if (!(error instanceof SegmentQueryFault)) throw error;
    return { field: null, message: error.message.replace(/^Query /, '') };
  }
}

function payload(change: SegmentChange) {
  return change.outcome === 'done'
    ? { segment: change.segment, userErrors: [] }
    : { segment: null, userErrors: change.userErrors };
}

/** Captured: the id of something else is an error of the field, not of the input. */
function segmentId(text: string): string {
  const { type, id } = parseGid(text);
  if (type !== 'Segment') throw badRequest('invalid id', 'RESOURCE_NOT_FOUND');
  return id;
}
