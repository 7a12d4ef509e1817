import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export interface PublishedCutPoints {
  version: number;
  /** The shop-local date to which recency is counted. */
  asOf: string;
  buyers: number;
  frequency: number[];
  monetaryMinor: number[];
  recencyDays: number[];
  /** Upper bounds in days of active, slowing and away. */
  rhythmDays: number[];
  /** Gaps between orders that the rhythm was taken from. */
  gaps: number;
}

/** The store-wide numbers in force, for pages; undefined before the first publication. */
export async function readPublishedCutPoints(tx: ShopTx): Promise<PublishedCutPoints | undefined> {
  const { rows } = await tx.query<PublishedCutPoints & Record<string, unknown>>(sql`
    SELECT version, as_of AS "asOf", buyers, frequency, monetary_minor AS "monetaryMinor",
           recency_days AS "recencyDays", rhythm_days AS "rhythmDays", gaps
      FROM cut_points WHERE shop_id = ${tx.shopId} AND published_at IS NOT NULL
     ORDER BY version DESC LIMIT 1`);
  return rows[0];
}
