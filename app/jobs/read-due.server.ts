import { sql } from '../db/sql.ts';
import type { DueShop, Work } from '../db/shop-due.server.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';

/** The wake-up as it stands, to be settled after looking for work; null when nobody asked. */
export async function readDue(db: Db, shopId: ShopId, work: Work): Promise<DueShop | null> {
  return db.outsideShops(async (tx) => {
    const { rows } = await tx.query<DueShop & Record<string, unknown>>(sql`
      SELECT shop_id AS "shopId", work, version FROM shop_due WHERE shop_id = ${shopId} AND work = ${work}`);
    return rows[0] ?? null;
  });
}
