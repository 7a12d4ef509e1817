/**
 * Scores of the touched customers, by the cut points in force; the same functions as scores.ts, set-based.
 * Buyers have a row, all others none. Only rows that differ are written.
 */
import { join, sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { CutPoints } from './cut-points.ts';

/** @returns rows written or removed */
export async function writeScores(tx: ShopTx, cutPoints: CutPoints): Promise<number> {
  const written = await tx.query(sql`
    INSERT INTO score AS stored (shop_id, customer_id, r, f, m, cut_points_version)
    ${scoresFromProfiles(tx, cutPoints)}
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET
      r = excluded.r, f = excluded.f, m = excluded.m, cut_points_version = excluded.cut_points_version
    WHERE ${SCORE_DIFFERS}`);
  const removed = await tx.query(sql`
    DELETE FROM score s USING touched_customer t
     WHERE s.shop_id = ${tx.shopId} AND s.customer_id = t.customer_id AND ${withinTouched('s.customer_id')}
       AND NOT EXISTS (SELECT FROM profile p WHERE p.shop_id = ${tx.shopId} AND p.customer_id = t.customer_id
                          AND ${withinTouched('p.customer_id')} AND ${IS_BUYER})`);
  return (written.rowCount ?? 0) + (removed.rowCount ?? 0);
}

/** The accuracy check: how many of the touched customers have other scores than their profiles say. Reads only. */
export async function countScoreDrift(tx: ShopTx, cutPoints: CutPoints): Promise<number> {
  const { rows } = await tx.query<{ drift: number }>(sql`
    WITH excluded AS MATERIALIZED (${scoresFromProfiles(tx, cutPoints)}),
    stored AS (SELECT s.* FROM score s JOIN touched_customer t ON t.customer_id = s.customer_id
                WHERE s.shop_id = ${tx.shopId} AND ${withinTouched('s.customer_id')})
    SELECT count(*)::int AS drift FROM excluded FULL JOIN stored ON stored.customer_id = excluded.customer_id
     WHERE stored.customer_id IS NULL OR excluded.customer_id IS NULL OR ${SCORE_DIFFERS}`);
  return rows[0]?.drift ?? 0;
}

const IS_BUYER = sql`(p.orders > 0 AND NOT p.left_out)`;

const SCORE_DIFFERS = sql`
  (stored.r, stored.f, stored.m, stored.cut_points_version)
  IS DISTINCT FROM (excluded.r, excluded.f, excluded.m, excluded.cut_points_version)`;

function scoresFromProfiles(tx: ShopTx, cutPoints: CutPoints): Sql {
  const age = sql`(${cutPoints.asOf}::date - p.last_order_on)`;
  return sql`
    SELECT ${tx.shopId}::bigint AS shop_id, p.customer_id,
           (5 - ${countBelow(age, cutPoints.recencyDays)})::smallint AS r,
           (1 + ${countBelow(sql`p.orders`, cutPoints.frequency)})::smallint AS f,
           (1 + ${countBelow(sql`p.spent_minor`, cutPoints.monetaryMinor)})::smallint AS m,
           ${cutPoints.version}::int AS cut_points_version
      FROM touched_customer t JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = t.customer_id
     WHERE ${withinTouched('p.customer_id')} AND ${IS_BUYER}`;
}

/** How many cut points are strictly below the value. */
function countBelow(value: Sql, cutPoints: readonly number[]): Sql {
  if (cutPoints.length === 0) return sql`0`;
  const comparisons = cutPoints.map((cut) => sql`(${cut}::float8 < ${value}::float8)::int`);
  return sql`(${join(comparisons, ' + ')})`;
}
