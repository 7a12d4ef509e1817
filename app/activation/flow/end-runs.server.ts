import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/**
 * Runs for those who were in a segment already are at their end: nobody of them waits, and the change that they belong
 * to brings no more (a large one is followed in steps). Until then they can be stopped.
 * @param id of one run; default: all
 * @returns how many have ended now
 */
export async function endRuns(tx: ShopTx, id: string | null = null): Promise<number> {
  const { rowCount } = await tx.query(sql`
    UPDATE flow_run r SET state = 'done'
     WHERE r.shop_id = ${tx.shopId} AND r.state = 'running' AND (${id}::bigint IS NULL OR r.id = ${id}::bigint)
       AND NOT EXISTS (SELECT FROM flow_event e WHERE e.shop_id = r.shop_id AND e.run_id = r.id AND e.state = 'waiting')
       AND NOT EXISTS (SELECT FROM segment_change c WHERE c.shop_id = r.shop_id AND c.approval_id = r.id
                          AND c.state = 'applying')`);
  return rowCount ?? 0;
}
