/** The shop's sets: segments that exclude each other by priority, and tiers. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { loadSegments } from './load-segments.server.ts';
import type { SegmentStatus, SetKind } from './segment.ts';

export interface SegmentSet {
  id: string;
  name: string;
  kind: SetKind;
  /** By rank, the first that holds wins. */
  segments: { key: string; name: string; status: SegmentStatus }[];
}

/** Those with segments in them, in the order in which they were made. */
export async function readSets(tx: ShopTx): Promise<SegmentSet[]> {
  const { rows } = await tx.query<{ id: string; name: string; kind: SetKind }>(
    sql`SELECT id, name, kind FROM segment_set WHERE shop_id = ${tx.shopId} ORDER BY id`,
  );
  const all = await loadSegments(tx);
  return rows
    .map((set) => ({
      ...set,
      segments: all
        .filter(({ setId }) => setId === set.id)
        .sort((a, b) => (a.setRank ?? 0) - (b.setRank ?? 0))
        .map(({ key, name, status }) => ({ key, name, status })),
    }))
    .filter(({ segments }) => segments.length > 0);
}
