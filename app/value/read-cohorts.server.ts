/** Cohorts: customers by the month of their first order that counts, and what became of them. Months are shop-local. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';

export interface CohortMonth {
  /** Months since the month of the first order, 0 = that month. */
  index: number;
  /** Customers of the cohort who ordered in that month, and their share. */
  active: number;
  retention: number;
  /** Spent up to the end of that month by all of the cohort, per customer, minor units. */
  cumulativePerCustomerMinor: number;
}

export interface Cohort {
  /** "2026-03" */
  month: string;
  customers: number;
  /** Every month up to the current one, also those in which nobody ordered. */
  months: CohortMonth[];
}

/** @param since "2025-01": the first cohort that is wanted */
export async function readCohorts(tx: ShopTx, day: ShopDay, since: string): Promise<Cohort[]> {
  const order = judgeOrder(day.policy, day.currency);
  const { rows } = await tx.query<Cohort & Record<string, unknown>>(sql`
    WITH month_of AS (
      SELECT o.customer_id, date_trunc('month', p.first_order_on)::date AS first,
             date_trunc('month', o.processed_at AT TIME ZONE ${day.timeZone})::date AS month,
             sum(${order.spentMinor}) AS spent
        FROM profile p JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = p.customer_id
       WHERE p.shop_id = ${tx.shopId} AND p.orders > 0 AND NOT p.left_out AND ${order.isCounted}
         AND p.first_order_on >= (${since} || '-01')::date
         AND (o.processed_at AT TIME ZONE ${day.timeZone})::date <= ${day.today}::date
       GROUP BY 1, 2, 3
    ), counted AS (
      SELECT first, ((extract(year FROM month) - extract(year FROM first)) * 12
                     + extract(month FROM month) - extract(month FROM first))::int AS index,
             count(*)::int AS active, sum(spent) AS spent
        FROM month_of GROUP BY 1, 2
    ), sized AS (
      SELECT first, active AS customers,
             ((extract(year FROM ${day.today}::date) - extract(year FROM first)) * 12
              + extract(month FROM ${day.today}::date) - extract(month FROM first))::int AS last
        FROM counted WHERE index = 0
    ), filled AS (
      SELECT s.first, s.customers, i.index, coalesce(c.active, 0) AS active,
             sum(coalesce(c.spent, 0)) OVER (PARTITION BY s.first ORDER BY i.index) AS cumulative
        FROM sized s CROSS JOIN LATERAL generate_series(0, s.last) AS i(index)
        LEFT JOIN counted c ON c.first = s.first AND c.index = i.index
    )
    SELECT to_char(first, 'YYYY-MM') AS month, customers,
           json_agg(json_build_object('index', index, 'active', active, 'retention', active::float8 / customers,
                                      'cumulativePerCustomerMinor', cumulative::float8 / customers)
                    ORDER BY index) AS months
      FROM filled GROUP BY first, customers ORDER BY first`);
  return rows;
}
