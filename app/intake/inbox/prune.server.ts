/**
 * What the inbox forgets: payloads of dead letters after 7 days; whole rows, and with them the ids that tell
 * duplicates, after 14 days (Shopify retries for 4 hours, and may deliver a day late).
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
export const DEAD_PAYLOAD_DAYS = 7;
export const DEDUPLICATION_DAYS = 14;

/** @param now machine time. @returns how many payloads were emptied and rows removed */
export async function pruneInbox(tx: ShopTx, now: Date): Promise<{ emptied: number; removed: number }> {
  const before = (days: number) => new Date(now.getTime() - days * DAY_MS);
  const emptied = await tx.query(sql`
    UPDATE inbox SET payload = NULL
     WHERE shop_id = ${tx.shopId} AND state = 'dead' AND payload IS NOT NULL
       AND finished_at < ${before(DEAD_PAYLOAD_DAYS)}`);
  const removed = await tx.query(sql`
    DELETE FROM inbox
     WHERE shop_id = ${tx.shopId} AND state <> 'waiting' AND finished_at < ${before(DEDUPLICATION_DAYS)}`);
  return { emptied: emptied.rowCount ?? 0, removed: removed.rowCount ?? 0 };
}
