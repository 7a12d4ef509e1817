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

/** The cohorts as of the shop's today, oldest first; "earlier" ones, if any, are the first row. */
export async function readCohorts(tx: ShopTx, day: ShopDay): Promise<Cohort[]> {
  const order = judgeOrder(day.policy, day.currency);
  const current = monthOf(day.today);
  const since = `${firstShownMonth(current)}-01`;
  const { rows } = await tx.query<CountedCohort & Record<string, unknown>>(sql`
    WITH buyer AS MATERIALIZED (
      SELECT customer_id,
             (extract(year FROM first_order_on) * 12 + extract(month FROM first_order_on))::int AS began,
             CASE WHEN first_order_on >= ${since}::date THEN to_char(first_order_on, 'YYYY-MM') END AS month
        FROM profile
       WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out AND first_order_on <= ${day.today}::date
    ), sized AS (
      SELECT month, count(*)::int AS customers FROM buyer GROUP BY 1
    ), of_customer AS (
      SELECT b.month, b.customer_id,
             (extract(year FROM o.ordered_on) * 12 + extract(month FROM o.ordered_on))::int - b.began AS index,
             sum(o.spent) AS spent
        FROM buyer b
        JOIN (SELECT o.customer_id, (o.processed_at AT TIME ZONE ${day.timeZone})::date AS ordered_on,
                     ${order.spentMinor} AS spent
                FROM orders o
               WHERE o.shop_id = ${tx.shopId} AND o.customer_id IS NOT NULL AND ${order.isCounted}) o
          ON o.customer_id = b.customer_id
       WHERE o.ordered_on <= ${day.today}::date
       GROUP BY 1, 2, 3
    ), of_month AS (
      SELECT month, index, count(*)::int AS active, sum(spent)::text AS spent
        FROM of_customer WHERE index BETWEEN 0 AND ${COHORT_MONTHS - 1}::int GROUP BY 1, 2
    )
    SELECT s.month, s.customers,
           coalesce(json_agg(json_build_object('index', m.index, 'active', m.active, 'spentMinor', m.spent))
                      FILTER (WHERE m.index IS NOT NULL), '[]') AS months
      FROM sized s LEFT JOIN of_month m ON m.month IS NOT DISTINCT FROM s.month
     GROUP BY s.month, s.customers`);
  return fillCohorts(rows, current);
}
