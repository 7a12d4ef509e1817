import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { SegmentKind } from './segment.ts';

export interface SegmentFlags {
  key: string;
  kind: SegmentKind;
  trial: boolean;
  /** A change waits for approval. */
  hasDraft: boolean;
  /** Why it is kept as it is, though it is on. */
  unavailable: string | null;
}

/** By key: what the list shows besides name, status and size. */
export async function readSegmentFlags(tx: ShopTx): Promise<Map<string, SegmentFlags>> {
  const { rows } = await tx.query<SegmentFlags & Record<string, unknown>>(sql`
    SELECT key, kind, trial, draft IS NOT NULL AS "hasDraft", unavailable FROM segment WHERE shop_id = ${tx.shopId}`);
  return new Map(rows.map((row) => [row.key, row]));
}
