import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { Proposal } from './propose-change.server.ts';
import type { SegmentChange } from './segment-change.ts';

/** @returns ids of the segments that are on and would be off after the change, also of those whose rule cannot be read */
export async function readTurnedOff(
  tx: ShopTx,
  change: SegmentChange,
  { targets }: Pick<Proposal, 'targets'>,
): Promise<string[]> {
  if (change.act !== 'turn_off') {
    return targets.flatMap(({ before, after }) =>
      before.status !== 'draft' && after.status === 'draft' ? [after.id] : [],
    );
  }
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT id FROM segment
     WHERE shop_id = ${tx.shopId} AND key = ANY(${[...change.keys]}::text[]) AND status <> 'draft'`);
  return rows.map(({ id }) => id);
}
