import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { stopEvents } from './stop-flow.server.ts';

/**
 * Ends a run for those who are in a segment already: what has not gone out does not go out any more.
 * @param now business time
 * @returns how many were kept back, without those on their way; 0 also when there is no such run
 */
export async function stopFlowRun(tx: ShopTx, id: string, now: Date): Promise<number> {
  if (!/^\d{1,18}$/.test(id)) return 0;
  const { rowCount } = await tx.query(sql`
    UPDATE flow_run SET state = 'stopped'
     WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint AND state = 'running'`);
  if (!rowCount) return 0;
  return stopEvents(tx, sql`run_id = ${id}::bigint`, now);
}
