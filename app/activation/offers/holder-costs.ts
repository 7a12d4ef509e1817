import { sql, type Sql } from '../../db/sql.ts';
import type { ShopId } from '../../db/tenancy.server.ts';

/**
 * What each person counts for in the bound on the cost of an offer, a row each: who holds it or has used it up with
 * the most that it can cost for them (`most_minor`; otherwise 0), and whoever has ordered with it with what it has
 * taken off: since they hold it (`taken_minor`), and before, when they held it another time (`earlier_minor`). So
 * what somebody saved stays in the sum when they have left; those who were erased are one row, of customer 0.
 * @param options.bounded offers whose holders are counted
 * @param options.costBounded those of them with a bound on cost: only their orders are read
 * @param options.where of `offer_id`: whether the rows are asked for at all
 * @returns rows (offer_id, customer_id, holds, most_minor, taken_minor, earlier_minor)
 */
export function holderCosts(
  shopId: ShopId,
  { bounded, costBounded, where }: { bounded: readonly string[]; costBounded: readonly string[]; where: Sql },
): Sql {
  return sql`
    SELECT offer_id, customer_id, bool_or(holds) AS holds, sum(most_minor) AS most_minor,
           sum(taken_minor) AS taken_minor, sum(earlier_minor) AS earlier_minor
      FROM (
        SELECT offer_id, customer_id, ended_at IS NULL AS holds,
               CASE WHEN ended_at IS NULL OR end_cause = 'used' THEN most_minor ELSE 0 END AS most_minor,
               0 AS taken_minor, 0 AS earlier_minor
          FROM offer_holder
         WHERE shop_id = ${shopId} AND offer_id = ANY(${[...bounded]}::bigint[]) AND ${where}
        UNION ALL
        SELECT u.offer_id, u.customer_id, false, 0,
               CASE WHEN u.at < h.since THEN 0 ELSE u.taken_minor END,
               CASE WHEN u.at < h.since THEN u.taken_minor ELSE 0 END
          FROM (SELECT offer_id, customer_id, at, taken_minor FROM offer_order
                 WHERE shop_id = ${shopId} AND state = 'used' AND offer_id = ANY(${[...costBounded]}::bigint[])
                   AND ${where}) u
          LEFT JOIN offer_holder h ON h.shop_id = ${shopId} AND h.offer_id = u.offer_id AND h.customer_id = u.customer_id
        UNION ALL
        SELECT offer_id, 0, false, 0, 0, erased_taken_minor
          FROM (SELECT id AS offer_id, erased_taken_minor FROM offer
                 WHERE shop_id = ${shopId} AND id = ANY(${[...costBounded]}::bigint[]) AND erased_taken_minor > 0) erased
         WHERE ${where}
      ) each_row
     GROUP BY offer_id, customer_id`;
}

/** Of a row of `holderCosts`: who may still use it counts with the most that it can cost, unless they took more. */
export function countedCost(mostMinor: Sql): Sql {
  return sql`(earlier_minor + greatest(${mostMinor}, taken_minor))`;
}
