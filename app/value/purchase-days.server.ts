/**
 * What the value models read of the facts, as a temporary table of one transaction:
 * purchase_day(customer_id, day, amount), one row for each customer and local day with an order that counts.
 * Subscription renewals come by contract and are left out; people who are left out by policy are, too.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import type { LocalDate } from '../local-date.ts';
import { RENEWAL_SOURCE } from './models/renewals.ts';

export interface PurchaseDaysOptions {
  /** Days up to and including this one. */
  asOf: LocalDate;
  /** All buyers, or those of touched_customer. */
  customers: 'all' | 'touched';
}

/** Makes or refills the table. @returns rows */
export async function makePurchaseDays(
  tx: ShopTx,
  day: ShopDay,
  options: PurchaseDaysOptions,
): Promise<number> {
  await tx.query(`SET LOCAL client_min_messages = warning`);
  await tx.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS purchase_day
      (customer_id bigint NOT NULL, day date NOT NULL, amount bigint) ON COMMIT DROP`);
  await tx.query('TRUNCATE purchase_day');
  const { rowCount } = await tx.query(
    sql`INSERT INTO purchase_day (customer_id, day, amount) ${purchaseDays(tx, day, options)}`,
  );
  await tx.query('ANALYZE purchase_day');
  return rowCount ?? 0;
}

/** The rows of purchase_day: customer_id, day, amount. */
function purchaseDays(tx: ShopTx, day: ShopDay, { asOf, customers }: PurchaseDaysOptions): Sql {
  const order = judgeOrder(day.policy, day.currency);
  const who =
    customers === 'all'
      ? sql`true`
      : sql`p.customer_id IN (SELECT customer_id FROM touched_customer) AND ${withinTouched('p.customer_id')}
              AND ${withinTouched('o.customer_id')}`;
  return sql`
    SELECT o.customer_id, (o.processed_at AT TIME ZONE ${day.timeZone})::date AS day,
           sum(${order.spentMinor}) FILTER (WHERE o.currency = ${day.currency})::bigint AS amount
      FROM profile p JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = p.customer_id
     WHERE p.shop_id = ${tx.shopId} AND p.orders > 0 AND NOT p.left_out AND ${who}
       AND ${order.isCounted} AND o.source_name IS DISTINCT FROM ${RENEWAL_SOURCE}
       AND (o.processed_at AT TIME ZONE ${day.timeZone})::date <= ${asOf}::date
     GROUP BY 1, 2`;
}

/**
 * purchase_day -> purchase_summary(customer_id, x, tx_days, t_days, amount_days, amount_sum): the first purchase day
 * makes the customer and is left out of everything repeated. Amounts in minor units.
 */
export async function makePurchaseSummary(tx: ShopTx, asOf: LocalDate): Promise<void> {
  await fillSummary(tx, asOf, sql`SELECT * FROM purchase_day`);
}

/** The same of the touched customers straight from the facts, without the table between. */
export async function makeTouchedSummary(tx: ShopTx, day: ShopDay, asOf: LocalDate): Promise<void> {
  await tx.query(`SET LOCAL client_min_messages = warning`);
  await fillSummary(tx, asOf, purchaseDays(tx, day, { asOf, customers: 'touched' }));
}

async function fillSummary(tx: ShopTx, asOf: LocalDate, days: Sql): Promise<void> {
  await tx.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS purchase_summary
      (customer_id bigint PRIMARY KEY, x int NOT NULL, tx_days int NOT NULL, t_days int NOT NULL,
       amount_days int NOT NULL, amount_sum bigint NOT NULL) ON COMMIT DROP`);
  await tx.query('TRUNCATE purchase_summary');
  await tx.query(sql`
    INSERT INTO purchase_summary
    SELECT customer_id, count(*) - 1, max(day) - min(day), ${asOf}::date - min(day),
           count(amount) FILTER (WHERE nth > 1), coalesce(sum(amount) FILTER (WHERE nth > 1), 0)
      FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY day) AS nth FROM (${days}) one) d
     GROUP BY customer_id`);
  await tx.query('ANALYZE purchase_summary');
}
