import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/**
 * Marks deliveries done and empties their payloads, in the transaction that stored what they said.
 * @param now machine time
 */
export async function markDone(tx: ShopTx, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(sql`
    UPDATE inbox SET state = 'done', payload = NULL, finished_at = ${now}, reason = NULL
     WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[]) AND state = 'waiting'`);
}

/**
 * Puts one delivery with the dead letters: kept for a while with its payload, so that it can be replayed when
 * we have learned to read it. @param reason never holds anything of the payload
 */
export async function markDead(tx: ShopTx, id: string, reason: string, now: Date): Promise<void> {
  await tx.query(sql`
    UPDATE inbox SET state = 'dead', finished_at = ${now}, reason = ${reason.slice(0, 500)}
     WHERE shop_id = ${tx.shopId} AND id = ${id} AND state = 'waiting'`);
}
