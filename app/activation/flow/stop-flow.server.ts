import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/** Nothing that waits is told to Flow any more, runs included. @param now business time */
export async function stopFlow(tx: ShopTx, now: Date): Promise<void> {
  await tx.query(sql`
    UPDATE flow_event SET state = 'stopped', wait_until = NULL, finished_at = ${now}
     WHERE shop_id = ${tx.shopId} AND state = 'waiting'`);
  await tx.query(
    sql`UPDATE flow_run SET state = 'stopped' WHERE shop_id = ${tx.shopId} AND state = 'running'`,
  );
}
