/**
 * Segments made, changed and deleted, by the API and by a merchant alike. Order of the checks and texts as captured:
 * presence and length before grammar, then the limit; a name that is taken gets a number.
 */
import { SegmentQueryFault } from '../segment-query/query.ts';
import { parseSegmentQuery } from '../segment-query/parse-query.ts';
import { laterThan } from '../acts/act.ts';
import { searchIndexOf } from '../graphql/search-index.ts';
import type { UserError } from '../graphql/mutations/attempt.ts';
import type { Id, SandboxSegment } from '../store/model.ts';
import type { Store } from '../store/store.ts';

export const MOST_SEGMENTS = 6000;
const LONGEST_NAME = 255;
const LONGEST_QUERY = 5000;
const MOST_NUMBERS = 100;

export type SegmentChange =
  { outcome: 'done'; segment: SandboxSegment } | { outcome: 'refused'; userErrors: UserError[] };

export function createSegment(store: Store, input: { name: string; query: string }): SegmentChange {
  const faults = [...nameFaults(input.name), ...queryFaults(input.query)];
  if (faults.length > 0) return refused(faults);
  if (store.segments.size >= MOST_SEGMENTS) {
    const message = 'Segment limit reached. Delete an existing segment to create more.';
    return refused([{ field: null, message }]);
  }
  const name = freeName(store, input.name.trim());
  if (name === undefined) return refused([TAKEN]);
  const segment: SandboxSegment = {
    id: store.newId('other'),
    name,
    query: input.query,
    creationDate: store.clock.now().toISOString(),
    lastEditDate: laterThan(null, store),
  };
  store.segments.put(segment);
  searchIndexOf(store).hide(`segment ${segment.id}`);
  store.emit({ kind: 'segment_created', segmentId: segment.id });
  return { outcome: 'done', segment };
}

export function updateSegment(
  store: Store,
  id: Id,
  change: { name?: string | undefined; query?: string | undefined },
): SegmentChange {
  const before = store.segments.get(id);
  if (!before) return refused([MISSING]);
  if (change.name === undefined && change.query === undefined) {
    return refused([{ field: null, message: 'At least one attribute to change must be present' }]);
  }
  const faults = [
    ...(change.name === undefined ? [] : nameFaults(change.name)),
    ...(change.query === undefined ? [] : queryFaults(change.query)),
  ];
  if (faults.length > 0) return refused(faults);
  const name = change.name === undefined ? before.name : freeName(store, change.name.trim(), id);
  if (name === undefined) return refused([TAKEN]);
  const segment: SandboxSegment = {
    ...before,
    name,
    query: change.query ?? before.query,
    lastEditDate: laterThan(before.lastEditDate, store),
  };
  store.segments.put(segment);
  store.emit({ kind: 'segment_updated', segmentId: id });
  return { outcome: 'done', segment };
}

/** Discounts that name it keep naming it and then reach nobody by it: what Shopify does is not known (assumption). */
export function deleteSegment(store: Store, id: Id): SegmentChange {
  const segment = store.segments.get(id);
  if (!segment) return refused([MISSING]);
  store.segments.delete(id);
  store.emit({ kind: 'segment_deleted', segmentId: id });
  return { outcome: 'done', segment };
}

const TAKEN: UserError = { field: ['name'], message: 'Name has already been taken' };
const MISSING: UserError = { field: ['id'], message: 'Segment does not exist' };

function refused(userErrors: UserError[]): SegmentChange {
  return { outcome: 'refused', userErrors };
}

function nameFaults(name: string): UserError[] {
  return lengthFaults('name', name, [...name.trim()].length, LONGEST_NAME);
}

function queryFaults(query: string): UserError[] {
  const faults = lengthFaults('query', query, [...query].length, LONGEST_QUERY);
  if (faults.length > 0) return faults;
  try {
    parseSegmentQuery(query);
    return [];
  } catch (error) {
    if (!(error instanceof SegmentQueryFault)) throw error;
    return error.messages.map((message) => ({ field: ['query'], message }));
  }
}

function lengthFaults(field: string, text: string, length: number, most: number): UserError[] {
  const word = field === 'name' ? 'Name' : 'Query';
  if (text.trim() === '') return [{ field: [field], message: `${word} can't be blank` }];
  if (length <= most) return [];
  return [{ field: [field], message: `${word} is too long (maximum is ${most} characters)` }];
}

/** "VIP", then "VIP (2)"; a name that has a number already counts on from it. */
function freeName(store: Store, wanted: string, own?: Id): string | undefined {
  const taken = new Set<string>();
  for (const { id, name } of store.segments.all()) if (id !== own) taken.add(name);
  if (!taken.has(wanted)) return wanted;
  const [, stem = wanted, number] = /^(.*) \((\d+)\)$/s.exec(wanted) ?? [];
  const first = number === undefined ? 2 : Number(number) + 1;
  for (let n = first; n <= MOST_NUMBERS; n += 1) if (!taken.has(`${stem} (${n})`)) return `${stem} (${n})`;
  return undefined;
}
