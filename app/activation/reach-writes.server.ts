/** The receipts of what is written to the store besides tags and discounts: segments and the definitions of metafields. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export interface ReachWriteRow {
  /** metafields: the customers whose metafields went with their definitions. */
  kind: 'segment' | 'definition' | 'metafields';
  /** find: it was there already, and is taken as it is. */
  act: 'create' | 'find' | 'update' | 'delete';
  title: string;
  remoteId?: string;
  amount?: number;
}

/** In the transaction that notes what Shopify confirmed. @param at business time */
export async function insertReachWrite(tx: ShopTx, row: ReachWriteRow, at: Date): Promise<void> {
  await tx.query(sql`
    INSERT INTO reach_write (shop_id, kind, act, title, remote_id, amount, at)
    VALUES (${tx.shopId}, ${row.kind}, ${row.act}, ${row.title}, ${row.remoteId ?? null}, ${row.amount ?? 1}, ${at})`);
}

export interface StoreWrite {
  id: string;
  at: Date;
  kind: 'discount' | 'offer_segment' | ReachWriteRow['kind'];
  act: ReachWriteRow['act'];
  title: string;
  amount: number;
  /** Why it failed; null: Shopify confirmed it. */
  reason: string | null;
}

/** Discounts, segments and metafields that were made, changed or removed, newest first. */
export async function readStoreWrites(tx: ShopTx, limit: number): Promise<StoreWrite[]> {
  const { rows } = await tx.query<StoreWrite & Record<string, unknown>>(sql`
    SELECT * FROM (
      (SELECT 'd' || id AS id, at, CASE kind WHEN 'segment' THEN 'offer_segment' ELSE kind END AS kind, act, title,
              1 AS amount, CASE WHEN outcome = 'failed' THEN coalesce(reason, '') END AS reason
         FROM discount_write WHERE shop_id = ${tx.shopId} ORDER BY id DESC LIMIT ${limit})
      UNION ALL
      (SELECT 'r' || id, at, kind, act, title, amount, NULL
         FROM reach_write WHERE shop_id = ${tx.shopId} ORDER BY id DESC LIMIT ${limit})
    ) AS both_of_them ORDER BY at DESC, id DESC LIMIT ${limit}`);
  return rows;
}
