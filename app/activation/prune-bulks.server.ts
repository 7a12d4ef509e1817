import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

const KEEP_DAYS = 30;

/** Finished bulk files are kept for a month: what they did stays in the receipts. `now` is machine time. */
export async function pruneBulks(tx: ShopTx, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_DAYS * 24 * 3_600_000);
  const { rowCount } = await tx.query(sql`
    DELETE FROM tag_bulk WHERE shop_id = ${tx.shopId} AND finished_at < ${before}`);
  return rowCount ?? 0;
}
