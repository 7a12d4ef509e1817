import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import {
  noCutPoints,
  rhythmBounds,
  SPENT_PERCENTS,
  type CutPoints,
  type StoreNumbers,
} from './cut-points.ts';

const FIFTHS = [0.2, 0.4, 0.6, 0.8];

/** Computes the store's numbers from the stored profiles and orders, as of today. Writes nothing. */
export async function computeStoreNumbers(tx: ShopTx, day: ShopDay): Promise<StoreNumbers> {
  const order = judgeOrder(day.policy, day.currency);
  const spentAt = SPENT_PERCENTS.map((percent) => percent / 100);
  const { rows } = await tx.query<{
    buyers: number;
    frequency: number[] | null;
    monetaryMinor: number[] | null;
    recencyDays: number[] | null;
    spentPercentiles: number[] | null;
    gaps: number;
    gapQuantiles: number[] | null;
  }>(sql`
    WITH buyer AS MATERIALIZED (
      SELECT customer_id, orders, spent_minor, last_order_on
        FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out
    ), ordered_day AS (
      SELECT DISTINCT o.customer_id, (o.processed_at AT TIME ZONE ${day.timeZone})::date AS ordered_on
        FROM orders o JOIN buyer b ON b.customer_id = o.customer_id
       WHERE o.shop_id = ${tx.shopId} AND b.orders > 1 AND ${order.isCounted}
    ), gap AS (
      SELECT ordered_on - lag(ordered_on) OVER (PARTITION BY customer_id ORDER BY ordered_on) AS days
        FROM ordered_day
    )
    SELECT b.*, g.* FROM (
      SELECT count(*)::int AS buyers,
             percentile_cont(${FIFTHS}::float8[]) WITHIN GROUP (ORDER BY orders::float8) AS frequency,
             percentile_cont(${FIFTHS}::float8[]) WITHIN GROUP (ORDER BY spent_minor::float8) AS "monetaryMinor",
             percentile_cont(${FIFTHS}::float8[])
               WITHIN GROUP (ORDER BY (${day.today}::date - last_order_on)::float8) AS "recencyDays",
             percentile_cont(${spentAt}::float8[])
               WITHIN GROUP (ORDER BY spent_minor::float8) AS "spentPercentiles"
        FROM buyer) b,
      (SELECT count(days)::int AS gaps,
              percentile_cont(ARRAY[0.75, 0.9]::float8[]) WITHIN GROUP (ORDER BY days::float8) AS "gapQuantiles"
         FROM gap WHERE days IS NOT NULL) g`);
  const row = rows[0];
  if (!row) throw new TypeError('an aggregate always has one row');
  const spent = row.spentPercentiles ?? [];
  return {
    asOf: day.today,
    buyers: row.buyers,
    frequency: row.frequency ?? [],
    monetaryMinor: row.monetaryMinor ?? [],
    recencyDays: row.recencyDays ?? [],
    rhythmDays: rhythmBounds(row.gaps, row.gapQuantiles?.[0] ?? null, row.gapQuantiles?.[1] ?? null),
    gaps: row.gaps,
    spentPercentiles: {
      75: spent[0] ?? null,
      80: spent[1] ?? null,
      90: spent[2] ?? null,
      95: spent[3] ?? null,
      99: spent[4] ?? null,
    },
  };
}

/** The numbers in force: the newest published ones, or version 0 before the first publication. */
export async function readCutPointsInForce(tx: ShopTx, day: Pick<ShopDay, 'today'>): Promise<CutPoints> {
  return (await readOne(tx, sql`published_at IS NOT NULL`)) ?? noCutPoints(day.today);
}

/** One version, in force or not. */
export function readCutPoints(tx: ShopTx, version: number): Promise<CutPoints | null> {
  return readOne(tx, sql`version = ${version}::int`);
}

async function readOne(tx: ShopTx, which: Sql): Promise<CutPoints | null> {
  const { rows } = await tx.query<CutPoints & Record<string, unknown>>(sql`
    SELECT version, published_at AS "publishedAt", as_of AS "asOf", buyers, frequency,
           monetary_minor AS "monetaryMinor", recency_days AS "recencyDays", rhythm_days AS "rhythmDays",
           gaps, spent_percentiles AS "spentPercentiles"
      FROM cut_points WHERE shop_id = ${tx.shopId} AND ${which}
     ORDER BY version DESC LIMIT 1`);
  return rows[0] ?? null;
}

/** The instant of the newest publication, which marks the customers who are to be evaluated by it. */
export async function readPublishedAt(tx: ShopTx): Promise<Date | null> {
  const { rows } = await tx.query<{ at: Date }>(sql`
    SELECT published_at AS at FROM cut_points
     WHERE shop_id = ${tx.shopId} AND published_at IS NOT NULL ORDER BY version DESC LIMIT 1`);
  return rows[0]?.at ?? null;
}
