import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

export interface CustomerScore {
  /** 1 (lowest) to 5 (highest). */
  r: number;
  f: number;
  m: number;
  /** The local date to which recency was counted when the cut points were published. */
  asOf: string | null;
}

/** Buyers have scores; everybody else has none. */
export async function readScore(tx: ShopTx, id: ShopifyId): Promise<CustomerScore | undefined> {
  const { rows } = await tx.query<CustomerScore & Record<string, unknown>>(sql`
    SELECT s.r, s.f, s.m, c.as_of AS "asOf"
      FROM score s LEFT JOIN cut_points c ON c.shop_id = s.shop_id AND c.version = s.cut_points_version
     WHERE s.shop_id = ${tx.shopId} AND s.customer_id = ${id}`);
  return rows[0];
}
