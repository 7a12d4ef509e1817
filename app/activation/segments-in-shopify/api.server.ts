/**
 * The calls about Shopify's segments: ours, those that limit discounts, anybody's. userErrors come back as what Shopify
 * said; everything else is thrown.
 */
import type { AdminClient, AdminRequestOptions } from '../../shopify/admin-client.ts';
import {
  CREATE_SEGMENT,
  DELETE_SEGMENT,
  LIST_SEGMENTS,
  READ_SEGMENTS,
  UPDATE_SEGMENT,
} from '../../shopify/documents/native-segments.ts';
import { saysGone } from '../../shopify/says-gone.ts';
import type { InShopify } from './names.ts';

const READ_AT_ONCE = 50;
const COST = 10;

export type SaidOfSegment =
  | { ok: true; segment: InShopify }
  /** Undefined: Shopify gave no reason. */
  | { ok: false; said: string | undefined };

const background = (signal?: AbortSignal): AdminRequestOptions => ({
  priority: 'background',
  ...(signal ? { signal } : {}),
});
const segmentGid = (id: string) => `gid://shopify/Segment/${id}`;
const idOf = (gid: string) => gid.slice(gid.lastIndexOf('/') + 1);

/** Those that are there, by id. */
export async function readSegmentsById(
  admin: AdminClient,
  ids: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, InShopify>> {
  const found = new Map<string, InShopify>();
  for (let from = 0; from < ids.length; from += READ_AT_ONCE) {
    const gids = ids.slice(from, from + READ_AT_ONCE).map(segmentGid);
    const { data } = await admin.request(READ_SEGMENTS, { ids: gids }, background(signal));
    for (const node of data.nodes) {
      if (node && 'id' in node) found.set(idOf(node.id), { ...node, id: idOf(node.id) });
    }
  }
  return found;
}

/** All segments of the store, of anybody. */
export async function listSegments(admin: AdminClient, signal?: AbortSignal): Promise<InShopify[]> {
  const all: InShopify[] = [];
  for (let after: string | null = null; ;) {
    const { nodes, pageInfo }: Awaited<ReturnType<typeof segmentPage>> = await segmentPage(
      admin,
      after,
      signal,
    );
    all.push(...nodes.map(({ id, name, query }) => ({ id: idOf(id), name, query })));
    if (!pageInfo.hasNextPage) return all;
    after = pageInfo.endCursor ?? null;
  }
}

async function segmentPage(admin: AdminClient, after: string | null, signal?: AbortSignal) {
  return (await admin.request(LIST_SEGMENTS, { after }, background(signal))).data.segments;
}

/** Not repeatable: whether a lost answer meant success is found out by name and query. */
export async function createSegment(
  admin: AdminClient,
  segment: { name: string; query: string },
  signal?: AbortSignal,
): Promise<SaidOfSegment> {
  const { data } = await admin.request(CREATE_SEGMENT, segment, { ...background(signal), cost: COST });
  return said(data.segmentCreate);
}

export async function updateSegment(
  admin: AdminClient,
  { id, name, query }: { id: string; name: string | null; query: string | null },
  signal?: AbortSignal,
): Promise<SaidOfSegment> {
  const { data } = await admin.request(
    UPDATE_SEGMENT,
    { id: segmentGid(id), ...(name === null ? {} : { name }), ...(query === null ? {} : { query }) },
    { ...background(signal), cost: COST, repeatable: true },
  );
  return said(data.segmentUpdate);
}

/** One that is gone already is removed, too. @returns what Shopify said against it; null: it is gone */
export async function deleteSegment(
  admin: AdminClient,
  id: string,
  signal?: AbortSignal,
): Promise<string | null> {
  const { data } = await admin.request(
    DELETE_SEGMENT,
    { id: segmentGid(id) },
    { ...background(signal), cost: COST, repeatable: true },
  );
  const refused = data.segmentDelete?.userErrors[0]?.message;
  return refused === undefined || saysGone(refused) ? null : refused;
}

function said(
  payload:
    { segment?: InShopify | null | undefined; userErrors: readonly { message: string }[] } | null | undefined,
): SaidOfSegment {
  const segment = payload?.segment;
  return segment
    ? { ok: true, segment: { ...segment, id: idOf(segment.id) } }
    : { ok: false, said: payload?.userErrors[0]?.message };
}
