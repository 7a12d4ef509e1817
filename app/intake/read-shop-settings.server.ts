import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export interface ShopSettings {
  name: string;
  currency: string;
  timeZone: string;
  tagPrefix: string;
  /** The first import has been loaded and worked out: pages have something to show. */
  firstImportedAt: Date | null;
  lastSyncedAt: Date | null;
  writesStoppedAt: Date | null;
}

/** @returns undefined when the shop has no settings row: it was never set up, or has been forgotten */
export async function readShopSettings(tx: ShopTx): Promise<ShopSettings | undefined> {
  const { rows } = await tx.query<ShopSettings & Record<string, unknown>>(sql`
    SELECT name, currency, iana_timezone AS "timeZone", tag_prefix AS "tagPrefix",
           first_imported_at AS "firstImportedAt", last_synced_at AS "lastSyncedAt",
           writes_stopped_at AS "writesStoppedAt"
      FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  return rows[0];
}
