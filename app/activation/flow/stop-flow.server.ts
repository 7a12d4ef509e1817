import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/** Why a stopped event may have been told all the same: Shopify's answer had not come, and never did. */
export const UNDER_WAY = 'under_way';

/** Nothing that waits is told to Flow any more, runs included. @param now business time */
export async function stopFlow(tx: ShopTx, now: Date): Promise<void> {
  await stopEvents(tx, sql`true`, now);
  await tx.query(
    sql`UPDATE flow_run SET state = 'stopped' WHERE shop_id = ${tx.shopId} AND state = 'running'`,
  );
}

/**
 * What waits does not go out any more. What is on its way to Flow cannot be called back: if Shopify's answer comes, it is
 * noted as told after all (send-flow.server.ts).
 * @param which of flow_event
 * @returns how many were kept back for certain
 */
export async function stopEvents(tx: ShopTx, which: Sql, now: Date): Promise<number> {
  const { rows } = await tx.query<{ kept: boolean }>(sql`
    UPDATE flow_event
       SET state = 'stopped', wait_until = NULL, finished_at = ${now},
           last_error = CASE WHEN attempts > 0 AND last_error IS NULL THEN ${UNDER_WAY} ELSE last_error END
     WHERE shop_id = ${tx.shopId} AND state = 'waiting' AND ${which}
    RETURNING last_error IS DISTINCT FROM ${UNDER_WAY} AS kept`);
  return rows.filter(({ kept }) => kept).length;
}
