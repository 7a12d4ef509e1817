import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

export interface TagStatus {
  /** Customers whose tags wait to be compared and written. */
  customersWaiting: number;
  /** Customers whose tags wait for a person's decision: not among those that wait. */
  customersHeld: number;
  /** Of those that wait, customers whose last try failed: tried again later. */
  customersTryingAgain: number;
  /** (customer, tag) pairs given up on in the last 7 days before `now`. */
  failed: number;
}

/** What the tag writer still has to do. `now` is business time: receipts are dated with it. */
export async function readTagStatus(tx: ShopTx, now: Date): Promise<TagStatus> {
  const weekAgo = new Date(now.getTime() - 7 * 24 * 3_600_000);
  const { rows } = await tx.query<TagStatus & Record<string, unknown>>(sql`
    SELECT (SELECT count(*)::int FROM tag_outbox
             WHERE shop_id = ${tx.shopId} AND held_by IS NULL) AS "customersWaiting",
           (SELECT count(*)::int FROM tag_outbox
             WHERE shop_id = ${tx.shopId} AND held_by IS NOT NULL) AS "customersHeld",
           (SELECT count(*)::int FROM tag_outbox
             WHERE shop_id = ${tx.shopId} AND held_by IS NULL AND last_error IS NOT NULL) AS "customersTryingAgain",
           (SELECT count(*)::int FROM tag_write
             WHERE shop_id = ${tx.shopId} AND outcome = 'failed' AND at >= ${weekAgo}) AS failed`);
  return rows[0] ?? { customersWaiting: 0, customersHeld: 0, customersTryingAgain: 0, failed: 0 };
}
