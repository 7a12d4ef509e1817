/**
 * Cohorts from the facts, counted by PostgreSQL in one statement: at most 25 rows of 24 months come back, whatever
 * the size of the store. People who are left out and orders without a customer are in no cohort.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import {
  COHORT_MONTHS,
  fillCohorts,
  firstShownMonth,
  monthOf,
  type Cohort,
  type CountedCohort,
} from './cohorts.ts';

/**
 * The cohorts as of the shop's today, oldest first; "earlier" ones, if any, are the first row. The month of an order is
 * found among the first instants of the shop's months, which costs a tenth of turning every instant into a local date;
 * one-time buyers, most of a store, are read from their profile alone.
 */
export async function readCohorts(tx: ShopTx, day: ShopDay): Promise<Cohort[]> {
  const order = judgeOrder(day.policy, day.currency);
  const current = monthOf(day.today);
  // Customer by customer in memory: at a million customers the default would go to disk several times over.
  await tx.query(`SET LOCAL work_mem = '64MB'`);
  const starts = await readMonthStarts(tx, day);
  if (starts.length === 0) return [];
  const shown = starts.length - COHORT_MONTHS;
  const { rows } = await tx.query<CountedCohort & Record<string, unknown>>(sql`
    WITH buyer AS MATERIALIZED (
      SELECT customer_id, orders, spent_minor,
             width_bucket(first_order_at, ${starts}::timestamptz[]) AS born
        FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out
    ), of_customer AS (
      SELECT b.born, width_bucket(o.processed_at, ${starts}::timestamptz[]) - b.born AS index, b.customer_id,
             sum(${order.spentMinor})::bigint AS spent
        FROM buyer b JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = b.customer_id
       WHERE b.orders > 1 AND ${order.isCounted}
       GROUP BY 1, 2, 3
    ), of_month AS (
      SELECT born, index, count(*) AS active, sum(spent) AS spent FROM of_customer GROUP BY 1, 2
       UNION ALL
      SELECT born, 0, count(*), sum(spent_minor) FROM buyer WHERE orders = 1 GROUP BY 1
    ), of_cohort AS (
      SELECT greatest(born, ${shown}::int) AS cohort, index, sum(active)::int AS active, sum(spent)::text AS spent
        FROM of_month WHERE index BETWEEN 0 AND ${COHORT_MONTHS - 1}::int GROUP BY 1, 2
    ), sized AS (
      SELECT greatest(born, ${shown}::int) AS cohort, count(*)::int AS customers FROM buyer GROUP BY 1
    )
    SELECT CASE WHEN s.cohort > ${shown}::int
                THEN to_char((${starts}::timestamptz[])[s.cohort] AT TIME ZONE ${day.timeZone}, 'YYYY-MM') END AS month,
           s.customers,
           coalesce(json_agg(json_build_object('index', m.index, 'active', m.active, 'spentMinor', m.spent))
                      FILTER (WHERE m.index IS NOT NULL), '[]') AS months
      FROM sized s LEFT JOIN of_cohort m USING (cohort)
     GROUP BY s.cohort, s.customers`);
  return fillCohorts(rows, current);
}

/** The first instants of the shop's months, from the first order's (24 months at least) to the running one. */
async function readMonthStarts(tx: ShopTx, day: ShopDay): Promise<Date[]> {
  const { rows } = await tx.query<{ start: Date }>(sql`
    SELECT month AT TIME ZONE ${day.timeZone} AS start
      FROM (SELECT least(min(first_order_on), ${`${firstShownMonth(monthOf(day.today))}-01`}::date) AS first
              FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out) f,
           generate_series(date_trunc('month', f.first::timestamp), ${day.today}::date::timestamp, interval '1 month') AS month
     ORDER BY 1`);
  return rows.map(({ start }) => start);
}
