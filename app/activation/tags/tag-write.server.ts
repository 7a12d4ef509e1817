/**
 * The receipts: every (customer, tag) pair that was changed or given up on. A failure that was already noted
 * last for the same pair is not noted again, so a customer that can never take a tag leaves one line.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';

export interface TagWriteRow {
  customerId: ShopifyId;
  tag: string;
  act: 'add' | 'remove';
  outcome: 'confirmed' | 'failed';
  reason?: string;
}

/** @param options.at business time. @param options.remoteAt when Shopify had done it at the latest, by its clock */
export async function insertTagWrites(
  tx: ShopTx,
  rows: readonly TagWriteRow[],
  { at, way, remoteAt = null }: { at: Date; way: 'single' | 'bulk'; remoteAt?: Date | null },
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(sql`
    INSERT INTO tag_write (shop_id, customer_id, tag, act, outcome, at, way, reason, remote_at)
    SELECT ${tx.shopId}::bigint, row.customer_id, row.tag, row.act, row.outcome, ${at}, ${way}, row.reason,
           CASE WHEN row.outcome = 'confirmed' THEN ${remoteAt}::timestamptz END
      FROM unnest(${rows.map((row) => row.customerId)}::bigint[], ${rows.map((row) => row.tag)}::text[],
                  ${rows.map((row) => row.act)}::text[], ${rows.map((row) => row.outcome)}::text[],
                  ${rows.map((row) => row.reason ?? null)}::text[])
           AS row(customer_id, tag, act, outcome, reason)
     WHERE row.outcome = 'confirmed' OR NOT EXISTS (
       SELECT 1 FROM (
         SELECT earlier.outcome, earlier.act, earlier.reason FROM tag_write AS earlier
          WHERE earlier.shop_id = ${tx.shopId} AND earlier.customer_id = row.customer_id AND earlier.tag = row.tag
          ORDER BY earlier.id DESC LIMIT 1) AS last
        WHERE last.outcome = 'failed' AND last.act = row.act AND last.reason IS NOT DISTINCT FROM row.reason)`);
}
