/** Deliveries that could not be read: listed with their reason, and replayed on request. */
import { sql } from '../../db/sql.ts';
import { wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

export interface DeadLetter {
  id: string;
  topic: string;
  reason: string;
  receivedAt: Date;
  finishedAt: Date;
  /** False: its payload is gone, so it cannot be replayed. */
  replayable: boolean;
}

/** Newest first. */
export async function listDeadLetters(tx: ShopTx, limit = 50): Promise<DeadLetter[]> {
  const { rows } = await tx.query<DeadLetter & Record<string, unknown>>(sql`
    SELECT id, topic, coalesce(reason, '') AS reason, received_at AS "receivedAt", finished_at AS "finishedAt",
           payload IS NOT NULL AS replayable
      FROM inbox WHERE shop_id = ${tx.shopId} AND state = 'dead'
     ORDER BY finished_at DESC, id DESC LIMIT ${limit}`);
  return rows;
}

export type ReplayOutcome =
  | 'queued'
  /** Its payload has been emptied: too old, or it named an erased customer. */
  | 'emptied'
  /** No such dead letter (any more). */
  | 'not_found';

/** @param now machine time */
export async function replayDeadLetter(tx: ShopTx, id: string, now: Date): Promise<ReplayOutcome> {
  if (!/^[1-9]\d{0,18}$/.test(id)) return 'not_found';
  const { rows } = await tx.query<{ replayable: boolean }>(sql`
    SELECT payload IS NOT NULL AS replayable FROM inbox
     WHERE shop_id = ${tx.shopId} AND id = ${id} AND state = 'dead' FOR UPDATE`);
  if (rows[0] === undefined) return 'not_found';
  if (!rows[0].replayable) return 'emptied';
  await tx.query(sql`
    UPDATE inbox SET state = 'waiting', finished_at = NULL, reason = NULL
     WHERE shop_id = ${tx.shopId} AND id = ${id}`);
  await wake(tx, tx.shopId, 'inbox', now);
  return 'queued';
}
