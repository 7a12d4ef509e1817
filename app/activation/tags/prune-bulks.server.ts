import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

const KEEP_DAYS = 30;

/** Finished bulk files are kept for a month: what they did stays in the receipts. `now` is machine time. */
export async function pruneBulks(tx: ShopTx, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_DAYS * 24 * 3_600_000);
  // Of one that was cut off (the app was removed meanwhile) lines may be left.
  await tx.query(sql`
    DELETE FROM tag_bulk_line line USING tag_bulk bulk
     WHERE line.shop_id = ${tx.shopId} AND bulk.shop_id = line.shop_id AND bulk.id = line.bulk_id
       AND bulk.finished_at < ${before}`);
  const { rowCount } = await tx.query(sql`
    DELETE FROM tag_bulk WHERE shop_id = ${tx.shopId} AND finished_at < ${before}`);
  return rowCount ?? 0;
}
