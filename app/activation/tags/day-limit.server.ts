/**
 * The merchant's limit on tags written a day: what is over waits for the shop's midnight. A tag added or removed is one
 * write; what runs in a bulk operation counts from its start. The limit is of tags: metafields and Flow go on meanwhile,
 * and a tag that goes on giving its customer a discount that is over for them does not wait for it (claim-batch.server.ts).
 */
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { addDays, localDateOf, startOfDay, type LocalDate } from '../../local-date.ts';

export interface DayLimit {
  /** Null: no limit. */
  limit: number | null;
  /** Confirmed today. */
  written: number;
  /** Under way in bulk operations. */
  underWay: number;
  /** The shop's next midnight (business time). */
  until: Date;
  /** Somebody's tags wait for it: one customer's are written together, so it may be before the last write. */
  reached: boolean;
  /** The shop's date. */
  today: LocalDate;
}

/** @param now business time */
export async function readDayLimit(tx: ShopTx, now: Date): Promise<DayLimit> {
  const { rows } = await tx.query<{ limit: number | null; timeZone: string }>(sql`
    SELECT writes_a_day AS limit, iana_timezone AS "timeZone" FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const { limit = null, timeZone = 'UTC' } = rows[0] ?? {};
  const today = localDateOf(now, timeZone);
  const until = startOfDay(addDays(today, 1), timeZone);
  const { rows: used } = await tx.query<{ written: number; underWay: number; reached: boolean }>(sql`
    SELECT coalesce((SELECT writes FROM tag_day WHERE shop_id = ${tx.shopId} AND day = ${today}::date), 0) AS written,
           coalesce((SELECT reached FROM tag_day WHERE shop_id = ${tx.shopId} AND day = ${today}::date), false) AS reached,
           CASE WHEN ${limit}::int IS NULL THEN 0
                ELSE (SELECT coalesce(sum(cardinality(line.tags)), 0)::int
                        FROM tag_bulk_line line
                        JOIN tag_bulk bulk ON bulk.shop_id = line.shop_id AND bulk.id = line.bulk_id
                       WHERE line.shop_id = ${tx.shopId} AND bulk.state NOT IN ('done', 'failed'))
           END AS "underWay"`);
  const { written = 0, underWay = 0, reached = false } = used[0] ?? {};
  return { limit, until, today, written, underWay, reached: reached && limit !== null };
}

/** What a claim has found: whether anybody's tags are over the limit of the day. */
export async function noteReached(tx: ShopTx, day: DayLimit, reached: boolean): Promise<void> {
  if (day.reached === reached) return;
  await tx.query(sql`
    INSERT INTO tag_day (shop_id, day, reached) VALUES (${tx.shopId}, ${day.today}::date, ${reached})
    ON CONFLICT (shop_id, day) DO UPDATE SET reached = excluded.reached`);
}

/** Tags that may be written today yet; Infinity without a limit. */
export function leftToday({ limit, written, underWay }: DayLimit): number {
  return limit === null ? Infinity : Math.max(0, limit - written - underWay);
}

export async function countWrites(tx: ShopTx, writes: number, now: Date): Promise<void> {
  if (writes === 0) return;
  const { rows } = await tx.query<{ timeZone: string }>(sql`
    SELECT iana_timezone AS "timeZone" FROM shop_settings WHERE shop_id = ${tx.shopId}`);
  const today = localDateOf(now, rows[0]?.timeZone ?? 'UTC');
  await tx.query(sql`
    INSERT INTO tag_day (shop_id, day, writes) VALUES (${tx.shopId}, ${today}::date, ${writes})
    ON CONFLICT (shop_id, day) DO UPDATE SET writes = tag_day.writes + excluded.writes`);
}

export const DAY_LIMIT_BOUNDS = { least: 1, most: 10_000_000 };

/** "500" -> 500, "" -> null (no limit), anything else a sentence for beside the field. */
export function parseDayLimit(
  text: string,
): { ok: true; limit: number | null } | { ok: false; message: string } {
  const plain = text.trim().replace(/[,  ]/g, '');
  if (plain === '') return { ok: true, limit: null };
  const limit = /^\d{1,9}$/.test(plain) ? Number(plain) : NaN;
  if (!(limit >= DAY_LIMIT_BOUNDS.least && limit <= DAY_LIMIT_BOUNDS.most)) {
    return { ok: false, message: 'Enter a whole number from 1 to 10,000,000, or nothing for no limit.' };
  }
  return { ok: true, limit };
}

export async function storeDayLimit(tx: ShopTx, limit: number | null): Promise<void> {
  await tx.query(sql`UPDATE shop_settings SET writes_a_day = ${limit}::int WHERE shop_id = ${tx.shopId}`);
  // By the new limit it is not known yet.
  await tx.query(sql`UPDATE tag_day SET reached = false WHERE shop_id = ${tx.shopId} AND reached`);
  await wake(tx, tx.shopId, 'outbox', AT_ONCE);
}
