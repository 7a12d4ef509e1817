/**
 * Facts -> profiles, for the customers of touched_customer. A profile is recomputed whole, never by adding a
 * difference, so duplicates, reordering, refunds, edits, merges and redactions come out right by construction.
 *
 * A customer that exists (not deleted, not merged away) has one profile, orders or none; all others have none.
 * Only rows that differ are written.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { isLeftOutPerson, judgeOrder } from './order-policy-sql.ts';
import type { ShopDay } from './read-shop-day.server.ts';
import { withinTouched } from './within-touched.ts';

/** @returns profiles written and removed; 0 when nothing changed */
export async function computeProfiles(
  tx: ShopTx,
  day: ShopDay,
): Promise<{ written: number; removed: number }> {
  const written = await tx.query(sql`
    INSERT INTO profile AS stored (shop_id, customer_id, orders, spent_minor, biggest_order_minor, first_order_at,
      last_order_at, first_order_on, last_order_on, activity_orders, last_activity_on, fully_refunded_orders,
      refunded_minor, left_out)
    ${profilesFromFacts(tx, day)}
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET
      orders = excluded.orders, spent_minor = excluded.spent_minor,
      biggest_order_minor = excluded.biggest_order_minor, first_order_at = excluded.first_order_at,
      last_order_at = excluded.last_order_at, first_order_on = excluded.first_order_on,
      last_order_on = excluded.last_order_on, activity_orders = excluded.activity_orders,
      last_activity_on = excluded.last_activity_on, fully_refunded_orders = excluded.fully_refunded_orders,
      refunded_minor = excluded.refunded_minor, left_out = excluded.left_out
    WHERE ${PROFILE_DIFFERS}`);
  const removed = await tx.query(sql`
    DELETE FROM profile p USING touched_customer t
     WHERE p.shop_id = ${tx.shopId} AND p.customer_id = t.customer_id AND ${withinTouched('p.customer_id')}
       AND NOT EXISTS (SELECT FROM customer c WHERE c.shop_id = ${tx.shopId} AND c.id = t.customer_id
                          AND ${withinTouched('c.id')} AND ${customerExists(tx)})`);
  return { written: written.rowCount ?? 0, removed: removed.rowCount ?? 0 };
}

/**
 * The accuracy check: how many of the touched customers have another profile than their facts say now.
 * Reads only.
 */
export async function countProfileDrift(tx: ShopTx, day: ShopDay): Promise<number> {
  const { rows } = await tx.query<{ drift: number }>(sql`
    WITH excluded AS MATERIALIZED (${profilesFromFacts(tx, day)}),
    stored AS (SELECT p.* FROM profile p JOIN touched_customer t ON t.customer_id = p.customer_id
                WHERE p.shop_id = ${tx.shopId} AND ${withinTouched('p.customer_id')})
    SELECT count(*)::int AS drift
      FROM excluded FULL JOIN stored ON stored.customer_id = excluded.customer_id
     WHERE stored.customer_id IS NULL OR excluded.customer_id IS NULL OR ${PROFILE_DIFFERS}`);
  return rows[0]?.drift ?? 0;
}

const PROFILE_DIFFERS = sql`
  (stored.orders, stored.spent_minor, stored.biggest_order_minor, stored.first_order_at, stored.last_order_at,
   stored.first_order_on, stored.last_order_on, stored.activity_orders, stored.last_activity_on,
   stored.fully_refunded_orders, stored.refunded_minor, stored.left_out)
  IS DISTINCT FROM
  (excluded.orders, excluded.spent_minor, excluded.biggest_order_minor, excluded.first_order_at,
   excluded.last_order_at, excluded.first_order_on, excluded.last_order_on, excluded.activity_orders,
   excluded.last_activity_on, excluded.fully_refunded_orders, excluded.refunded_minor, excluded.left_out)`;

/** Over a customer row with the alias `c`. */
function customerExists(tx: ShopTx): Sql {
  return sql`(c.deleted_at IS NULL AND NOT EXISTS
    (SELECT FROM customer_alias a WHERE a.shop_id = ${tx.shopId} AND a.old_id = c.id))`;
}

/** The profile rows of the touched customers, in the order of the columns above. */
function profilesFromFacts(tx: ShopTx, day: ShopDay): Sql {
  const order = judgeOrder(day.policy, day.currency);
  return sql`
    WITH who AS (
      SELECT c.id AS customer_id, ${isLeftOutPerson(tx.shopId, day.policy)} AS left_out
        FROM touched_customer t JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = t.customer_id
       WHERE ${withinTouched('c.id')} AND ${customerExists(tx)}
    ), judged AS (
      SELECT o.customer_id, o.processed_at, (o.processed_at AT TIME ZONE ${day.timeZone})::date AS processed_on,
             ${order.isActivity} AS is_activity, ${order.isCounted} AS is_counted,
             ${order.isFullyRefunded} AS is_fully_refunded, ${order.spentMinor} AS spent_minor,
             CASE WHEN o.currency = ${day.currency} THEN o.refunded_minor ELSE 0 END AS refunded_minor
        FROM who JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = who.customer_id
       WHERE ${withinTouched('o.customer_id')}
    ), summed AS (
      SELECT customer_id,
             count(*) FILTER (WHERE is_counted)::int AS orders,
             coalesce(sum(spent_minor) FILTER (WHERE is_counted), 0)::bigint AS spent_minor,
             coalesce(max(spent_minor) FILTER (WHERE is_counted), 0) AS biggest_order_minor,
             min(processed_at) FILTER (WHERE is_counted) AS first_order_at,
             max(processed_at) FILTER (WHERE is_counted) AS last_order_at,
             min(processed_on) FILTER (WHERE is_counted) AS first_order_on,
             max(processed_on) FILTER (WHERE is_counted) AS last_order_on,
             count(*) FILTER (WHERE is_activity)::int AS activity_orders,
             max(processed_on) FILTER (WHERE is_activity) AS last_activity_on,
             count(*) FILTER (WHERE is_fully_refunded)::int AS fully_refunded_orders,
             coalesce(sum(refunded_minor) FILTER (WHERE is_activity), 0)::bigint AS refunded_minor
        FROM judged GROUP BY customer_id
    )
    SELECT ${tx.shopId}::bigint AS shop_id, who.customer_id, coalesce(s.orders, 0) AS orders,
           coalesce(s.spent_minor, 0) AS spent_minor, coalesce(s.biggest_order_minor, 0) AS biggest_order_minor,
           s.first_order_at, s.last_order_at, s.first_order_on, s.last_order_on,
           coalesce(s.activity_orders, 0) AS activity_orders, s.last_activity_on,
           coalesce(s.fully_refunded_orders, 0) AS fully_refunded_orders,
           coalesce(s.refunded_minor, 0) AS refunded_minor, who.left_out
      FROM who LEFT JOIN summed s ON s.customer_id = who.customer_id`;
}
