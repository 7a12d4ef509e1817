/** The store in one line of numbers: over customers that count (left-out people are counted apart). */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export interface StoreSummary {
  customers: number;
  /** Customers with at least one counted order. */
  buyers: number;
  oneTimeBuyers: number;
  repeatBuyers: number;
  /** Counted orders of customers; guest orders belong to nobody. */
  orders: number;
  /** Minor units, after refunds; text because it may pass 2^53. */
  spentMinor: string;
  /** People left out of everything computed. */
  leftOut: number;
}

export async function readStoreSummary(tx: ShopTx): Promise<StoreSummary> {
  const { rows } = await tx.query<StoreSummary & Record<string, unknown>>(sql`
    SELECT count(*) FILTER (WHERE NOT left_out)::int AS customers,
           count(*) FILTER (WHERE NOT left_out AND orders > 0)::int AS buyers,
           count(*) FILTER (WHERE NOT left_out AND orders = 1)::int AS "oneTimeBuyers",
           count(*) FILTER (WHERE NOT left_out AND orders > 1)::int AS "repeatBuyers",
           coalesce(sum(orders) FILTER (WHERE NOT left_out), 0)::int AS orders,
           coalesce(sum(spent_minor) FILTER (WHERE NOT left_out), 0)::text AS "spentMinor",
           count(*) FILTER (WHERE left_out)::int AS "leftOut"
      FROM profile WHERE shop_id = ${tx.shopId}`);
  const [summary] = rows;
  if (!summary) throw new TypeError('an aggregate always has one row');
  return summary;
}
