import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { CustomerPicks, PickedMetafield } from './picks.ts';

export interface Picks extends CustomerPicks {
  /** read_locations is granted: orders tell where they were sold in person, and what the place is called. */
  locations: boolean;
}

/** What is read besides: what the merchant picked, and what the granted scopes allow. */
export async function readPicks(tx: ShopTx): Promise<Picks> {
  const { rows } = await tx.query<{
    postalCodes: boolean;
    metafields: PickedMetafield[];
    locations: boolean;
  }>(sql`
    SELECT postal_codes AS "postalCodes", metafields, 'read_locations' = ANY(scopes) AS locations
      FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  return rows[0] ?? { postalCodes: false, metafields: [], locations: false };
}
