import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/** What the merchant lets us do, sorted. */
export async function storeScopes(tx: ShopTx, scopes: readonly string[]): Promise<void> {
  await tx.query(sql`
    UPDATE shop_settings SET scopes = ${[...new Set(scopes)].sort()}::text[] WHERE shop_id = ${tx.shopId}`);
}
