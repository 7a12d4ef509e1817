import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';

export interface KnownShop {
  shopId: ShopId;
  domain: string;
  state: 'installed' | 'uninstalled' | 'redacting' | 'redacted';
}

/** @returns undefined when there never was such a shop */
export async function readShopByDomain(db: Db, domain: string): Promise<KnownShop | undefined> {
  return db.outsideShops(async (tx) => {
    const { rows } = await tx.query<KnownShop & Record<string, unknown>>(sql`
      SELECT id AS "shopId", domain, state FROM shop WHERE domain = ${domain}`);
    return rows[0];
  });
}
