/**
 * The history of memberships is kept for so many months, which each shop sets for itself. Events lie in a table a month
 * for all shops, made ahead and dropped whole when no shop keeps that month (a function of the database does it, because
 * only owners may); what a shop keeps for less long than others goes row by row, and so do changes of many at once.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { LocalDate } from '../local-date.ts';

/** The default: a year can be compared with the one before, to the day. */
export const HISTORY_MONTHS = 25;
/** Fewer than three would empty the page of what happened lately; nothing looks back further than five years. */
export const HISTORY_BOUNDS = { least: 3, most: 60 } as const;

export interface KeptHistory {
  /** Months made and dropped, for all shops. */
  made: number;
  dropped: number;
  /** Events, and changes of many, of this shop that were forgotten besides. */
  events: number;
  forgotten: number;
}

/** Rows in one transaction. */
const AT_ONCE = 20_000;

/** @param now business time, by which memberships are dated */
export async function keepHistory(
  db: Db,
  shopId: ShopId,
  now: Date,
  { atOnce = AT_ONCE }: { atOnce?: number } = {},
): Promise<KeptHistory> {
  const { made, dropped, months, most } = await db.outsideShops(async (tx) => {
    // Whoever writes to the history at this moment is not held up: the next night will do.
    await tx.query(`SELECT set_config('lock_timeout', '3s', true)`);
    const { rows: kept } = await tx.query<{ months: number; most: number }>(sql`
      SELECT coalesce(max(history_months) FILTER (WHERE id = ${shopId}), ${HISTORY_MONTHS}::int) AS months,
             coalesce(max(history_months), ${HISTORY_MONTHS}::int) AS most
        FROM shop WHERE state <> 'redacted'`);
    const { months = HISTORY_MONTHS, most = HISTORY_MONTHS } = kept[0] ?? {};
    const { rows } = await tx.query<{ kept: { made: number; dropped: number } }>(
      sql`SELECT keep_membership_history((${now}::timestamptz AT TIME ZONE 'UTC')::date, ${most}::int) AS kept`,
    );
    return { ...(rows[0]?.kept ?? { made: 0, dropped: 0 }), months, most };
  });
  const before = oldest(now, months);
  const portion = (statement: Sql) =>
    db.inShop(shopId, async (tx) => (await tx.query(statement)).rowCount ?? 0);
  let events = 0;
  if (months < most) {
    for (let gone = atOnce; gone === atOnce; events += gone) {
      gone = await portion(
        sql`
          DELETE FROM membership_event WHERE shop_id = ${shopId} AND at < ${before} AND id = ANY(ARRAY(
            SELECT id FROM membership_event
             WHERE shop_id = ${shopId} AND at < ${before} LIMIT ${atOnce}))`,
      );
    }
  }
  // Members before the change that they are of: what was begun and broken off is found again.
  for (let gone = atOnce; gone === atOnce;) {
    gone = await portion(
      sql`
        DELETE FROM mass_member m USING (
          SELECT one.change_id, one.customer_id FROM mass_change c
            CROSS JOIN LATERAL (SELECT change_id, customer_id FROM mass_member
                                 WHERE shop_id = ${shopId} AND change_id = c.id LIMIT ${atOnce}) one
           WHERE c.shop_id = ${shopId} AND c.at < ${before} LIMIT ${atOnce}) old
         WHERE m.shop_id = ${shopId} AND m.change_id = old.change_id AND m.customer_id = old.customer_id`,
    );
  }
  for (let gone = atOnce; gone === atOnce;) {
    gone = await portion(
      sql`
        DELETE FROM membership_kept k USING (
          SELECT at, segment_id, customer_id FROM membership_kept
           WHERE shop_id = ${shopId} AND at < ${before} LIMIT ${atOnce}) old
         WHERE k.shop_id = ${shopId} AND k.at = old.at AND k.segment_id = old.segment_id
           AND k.customer_id = old.customer_id`,
    );
  }
  const forgotten = await portion(sql`DELETE FROM mass_change WHERE shop_id = ${shopId} AND at < ${before}`);
  return { made, dropped, events, forgotten };
}

/** The first day that is kept: months begin in UTC, as their tables do. */
export function firstKept(now: Date, months: number): LocalDate {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1))
    .toISOString()
    .slice(0, 10) as LocalDate;
}

const oldest = (now: Date, months: number): Date => new Date(`${firstKept(now, months)}T00:00:00Z`);

export async function readHistoryMonths(tx: ShopTx): Promise<number> {
  const { rows } = await tx.query<{ months: number }>(
    sql`SELECT history_months AS months FROM shop WHERE id = ${tx.shopId}`,
  );
  return rows[0]?.months ?? HISTORY_MONTHS;
}

/** @param months within HISTORY_BOUNDS; the next night deletes what is older */
export async function storeHistoryMonths(tx: ShopTx, months: number): Promise<void> {
  await tx.query(sql`UPDATE shop SET history_months = ${months}::int WHERE id = ${tx.shopId}`);
}

/** How many entries and leavings keeping so many months would delete, each member of a change of many counted. */
export async function reviewHistoryMonths(tx: ShopTx, months: number, now: Date): Promise<number> {
  const before = oldest(now, months);
  const { rows } = await tx.query<{ deleted: number }>(sql`
    SELECT ((SELECT count(*) FROM membership_event WHERE shop_id = ${tx.shopId} AND at < ${before})
            + (SELECT coalesce(sum(members), 0) FROM mass_change
                WHERE shop_id = ${tx.shopId} AND at < ${before}))::int AS deleted`);
  return rows[0]?.deleted ?? 0;
}
