/** "At most one new offer a person in N days": kept for everybody, whatever segments they come into. */
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

export const MOST_GAP_DAYS = 365;

export async function readOfferGap(tx: ShopTx): Promise<number> {
  const { rows } = await tx.query<{ days: number }>(
    sql`SELECT offer_gap_days AS days FROM shop_settings WHERE shop_id = ${tx.shopId}`,
  );
  return rows[0]?.days ?? 0;
}

/** Whoever waits no longer by the new number gets their offer now. @param days 0 to MOST_GAP_DAYS; 0: as many as there are */
export async function storeOfferGap(tx: ShopTx, days: number): Promise<void> {
  await tx.query(sql`UPDATE shop_settings SET offer_gap_days = ${days}::int WHERE shop_id = ${tx.shopId}`);
  await wake(tx, tx.shopId, 'offer-day', AT_ONCE);
}
