/**
 * Predictions of the touched customers by the fit in force, as of its day for everybody: a customer who is touched
 * later is scored again as of that day, so one by one and all at once end the same. The models are computed for the
 * distinct (x, t_x, T) only and joined back in SQL; only rows that differ are written.
 *
 * Buyers who had ordered by that day have a row, all others none.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import { groupCustomers } from './models/grouped-customers.ts';
import { waitForNextOrder, type PurchaseModel } from './models/purchase-model.ts';
import { riskOf } from './models/risk.ts';
import { scoreGroups } from './models/score-groups.ts';
import { YEAR, type Age } from './models/units.ts';
import { makeTouchedSummary } from './purchase-days.server.ts';
import { readFitInForce, type FitInForce } from './read-fit.server.ts';

/** A next order further off than this is no date that helps anybody. */
const TEN_YEARS = 3650;

/**
 * @param by the fit; default the one in force
 * @returns rows written or removed; 0 while no fit is in force
 */
export async function writePredictions(tx: ShopTx, day: ShopDay, by?: FitInForce): Promise<number> {
  const fit = by ?? (await readFitInForce(tx));
  // Amounts of another currency cannot be carried over: the next fit will be in the new one.
  if (!fit || fit.currency !== day.currency) return 0;
  await makeTouchedSummary(tx, day, fit.asOf);
  const { rows } = await tx.query<{ x: number; tx: number; t: number }>(
    'SELECT DISTINCT x, tx_days AS tx, t_days AS t FROM purchase_summary ORDER BY 1, 2, 3',
  );
  const scored = score(fit, rows);
  const written = await tx.query(sql`
    INSERT INTO prediction AS stored (shop_id, customer_id, fit_version, alive, expected_orders,
                                      expected_value_minor, risk, next_order_from, next_order_on, next_order_to)
    SELECT ${tx.shopId}::bigint, s.customer_id, ${fit.version}::int, m.alive, m.orders,
           round(m.orders * ${amountOf(fit)})::bigint, m.risk, ${fit.asOf}::date + m.next_from, ${fit.asOf}::date + m.next_on,
           ${fit.asOf}::date + m.next_to
      FROM purchase_summary s
      JOIN unnest(${scored.x}::int[], ${scored.tx}::int[], ${scored.t}::int[], ${scored.alive}::float8[],
                  ${scored.orders}::float8[], ${scored.risk}::text[], ${scored.from}::int[], ${scored.on}::int[],
                  ${scored.to}::int[])
           AS m(x, tx_days, t_days, alive, orders, risk, next_from, next_on, next_to)
        USING (x, tx_days, t_days)
    ON CONFLICT (shop_id, customer_id) DO UPDATE SET
      fit_version = excluded.fit_version, alive = excluded.alive, expected_orders = excluded.expected_orders,
      expected_value_minor = excluded.expected_value_minor, risk = excluded.risk,
      next_order_from = excluded.next_order_from, next_order_on = excluded.next_order_on,
      next_order_to = excluded.next_order_to
    WHERE (stored.fit_version, stored.alive, stored.expected_orders, stored.expected_value_minor, stored.risk,
           stored.next_order_from, stored.next_order_on, stored.next_order_to)
      IS DISTINCT FROM
          (excluded.fit_version, excluded.alive, excluded.expected_orders, excluded.expected_value_minor,
           excluded.risk, excluded.next_order_from, excluded.next_order_on, excluded.next_order_to)`);
  const removed = await tx.query(sql`
    DELETE FROM prediction p USING touched_customer t
     WHERE p.shop_id = ${tx.shopId} AND p.customer_id = t.customer_id AND ${withinTouched('p.customer_id')}
       AND NOT EXISTS (SELECT FROM purchase_summary s WHERE s.customer_id = t.customer_id)`);
  return (written.rowCount ?? 0) + (removed.rowCount ?? 0);
}

/** E(M | x, zbar) in minor units: app/value/models/gamma-gamma.ts, `expectedAmount`, with amount_sum = x zbar. */
function amountOf({ amounts, meanAmount }: FitInForce) {
  if (!amounts) return sql`${meanAmount}::float8`;
  const { p, q, gamma } = amounts;
  return sql`(${p}::float8 * (${gamma}::float8 + s.amount_sum) / (${p}::float8 * s.amount_days + ${q}::float8 - 1))`;
}

function score(fit: FitInForce, rows: readonly { x: number; tx: number; t: number }[]) {
  const model: PurchaseModel = {
    name: 'mbgnbd',
    fit: {
      params: fit.params,
      logLikelihood: 0,
      converged: true,
      atEdge: [],
      standardErrors: null,
      sample: 0,
      evaluations: 0,
    },
  };
  const columns = {
    x: rows.map((one) => one.x),
    txDays: rows.map((one) => one.tx),
    TDays: rows.map((one) => one.t),
  };
  const { groups, rowOf } = groupCustomers(columns, 'day');
  const scores = scoreGroups(model, groups, { days: YEAR, annualRate: 0 });
  const of = (values: Float64Array) => Array.from(rowOf, (row) => values[row] as number);
  /** Whole days after the fit's day. */
  const due = (share: number) =>
    rows.map(({ x, t }): number | null => {
      const days = waitForNextOrder(model, x, t as Age, share);
      return days <= TEN_YEARS ? Math.max(1, Math.round(days)) : null;
    });
  const alive = of(scores.alive);
  return {
    ...columns,
    tx: columns.txDays,
    t: columns.TDays,
    alive,
    orders: of(scores.orders),
    risk: alive.map(riskOf),
    from: due(0.25),
    on: due(0.5),
    to: due(0.75),
  };
}
