import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export interface OutboxStatus {
  /** Customers that wait to be compared and written. */
  queued: number;
  /** Customers that a writer or a running bulk operation holds. */
  inFlight: number;
  /** (customer, tag) pairs whose last try was given up. */
  failed: number;
  /** Set: nothing is written to the store. */
  stoppedAt: Date | null;
}

export async function readOutboxStatus(tx: ShopTx): Promise<OutboxStatus> {
  const { rows } = await tx.query<OutboxStatus & Record<string, unknown>>(sql`
    SELECT (count(*) FILTER (WHERE NOT held))::int AS queued, (count(*) FILTER (WHERE held))::int AS "inFlight",
           (SELECT count(*)::int FROM (
              SELECT DISTINCT ON (customer_id, tag) outcome FROM tag_write
               WHERE shop_id = ${tx.shopId} ORDER BY customer_id, tag, id DESC) AS last
             WHERE outcome = 'failed') AS failed,
           (SELECT writes_stopped_at FROM shop_settings WHERE shop_id = ${tx.shopId}) AS "stoppedAt"
      FROM (SELECT bulk_id IS NOT NULL OR claimed_until IS NOT NULL AS held
              FROM tag_outbox WHERE shop_id = ${tx.shopId}
                AND (held_by IS NULL OR bulk_id IS NOT NULL OR claimed_until IS NOT NULL)) AS outbox`);
  return rows[0] ?? { queued: 0, inFlight: 0, failed: 0, stoppedAt: null };
}
