/**
 * The history of memberships is kept for so many months. Events lie in a table a month, made ahead and dropped whole
 * (a function of the database does it, because only owners may); changes of many at once go row by row.
 */
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';

export const HISTORY_MONTHS = 25;

export interface KeptHistory {
  /** Months made and dropped, for all shops. */
  made: number;
  dropped: number;
  /** Changes of many that were forgotten, of this shop. */
  forgotten: number;
}

/** @param now business time, by which memberships are dated */
export async function keepHistory(
  db: Db,
  shopId: ShopId,
  now: Date,
  months = HISTORY_MONTHS,
): Promise<KeptHistory> {
  const { made, dropped } = await db.outsideShops(async (tx) => {
    // Whoever writes to the history at this moment is not held up: the next night will do.
    await tx.query(`SELECT set_config('lock_timeout', '3s', true)`);
    const { rows } = await tx.query<{ kept: { made: number; dropped: number } }>(
      sql`SELECT keep_membership_history((${now}::timestamptz AT TIME ZONE 'UTC')::date, ${months}::int) AS kept`,
    );
    return rows[0]?.kept ?? { made: 0, dropped: 0 };
  });
  const forgotten = await db.inShop(shopId, async (tx) => {
    const { rowCount } = await tx.query(sql`
      WITH old AS (
        SELECT id FROM mass_change
         WHERE shop_id = ${shopId} AND at < date_trunc('month', ${now}::timestamptz AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                                              - make_interval(months => ${months}::int)
      ), members AS (
        DELETE FROM mass_member m USING old WHERE m.shop_id = ${shopId} AND m.change_id = old.id
      )
      DELETE FROM mass_change c USING old WHERE c.shop_id = ${shopId} AND c.id = old.id`);
    return rowCount ?? 0;
  });
  return { made, dropped, forgotten };
}
