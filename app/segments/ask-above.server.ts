/** "Ask me before changing more than N customers": up to so many, a change is made at once, with a receipt. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export const MOST_ASK_ABOVE = 1_000_000;

export async function readAskAbove(tx: ShopTx): Promise<number> {
  const { rows } = await tx.query<{ limit: number }>(
    sql`SELECT ask_above AS "limit" FROM shop_settings WHERE shop_id = ${tx.shopId}`,
  );
  return rows[0]?.limit ?? 0;
}

/** @param limit 0 to MOST_ASK_ABOVE; 0: always ask */
export async function storeAskAbove(tx: ShopTx, limit: number): Promise<void> {
  await tx.query(sql`UPDATE shop_settings SET ask_above = ${limit}::int WHERE shop_id = ${tx.shopId}`);
}
