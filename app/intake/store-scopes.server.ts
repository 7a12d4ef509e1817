import { wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

/**
 * What the merchant lets us do, sorted. Orders older than 60 days that are shown from now on are read.
 * @param now machine time
 */
export async function storeScopes(tx: ShopTx, scopes: readonly string[], now: Date): Promise<void> {
  const { rows } = await tx.query<{ scopes: string[]; imported: boolean }>(sql`
    SELECT scopes, first_imported_at IS NOT NULL AS imported
      FROM shop_settings WHERE shop_id = ${tx.shopId} FOR UPDATE`);
  const before = rows[0];
  await tx.query(sql`
    UPDATE shop_settings SET scopes = ${[...new Set(scopes)].sort()}::text[] WHERE shop_id = ${tx.shopId}`);
  if (before?.imported && showsOlderOrders(before.scopes, scopes)) await wake(tx, tx.shopId, 'import', now);
}

/** From now on orders are shown that were not before. Scopes that were never read say nothing. */
export function showsOlderOrders(before: readonly string[], after: readonly string[]): boolean {
  return before.length > 0 && !before.includes('read_all_orders') && after.includes('read_all_orders');
}
