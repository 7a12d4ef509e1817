import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { familyName } from './read-segments.server.ts';
import type { SegmentStatus } from './segment.ts';

export interface SegmentName {
  id: string;
  key: string;
  name: string;
  /** The family in words. */
  family: string;
  status: SegmentStatus;
}

/** Keys, names and statuses only, in the order of the pages: cheap at any size. */
export async function readSegmentNames(tx: ShopTx): Promise<SegmentName[]> {
  const { rows } = await tx.query<SegmentName & Record<string, unknown>>(sql`
    SELECT id, key, name, family, status FROM segment WHERE shop_id = ${tx.shopId} ORDER BY position, id`);
  return rows.map((row) => ({ ...row, family: familyName(row.family) }));
}
