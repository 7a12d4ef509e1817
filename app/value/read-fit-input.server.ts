/**
 * The facts, reduced to what a fit needs: counts of equal customers, never a row a customer. Reads only (its tables
 * are temporary). Columns come back as arrays, one row for all, because a row object for each group would cost more
 * than the fit.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { judgeOrder } from '../history/order-policy-sql.ts';
import type { ShopDay } from '../history/read-shop-day.server.ts';
import { addDays } from '../local-date.ts';
import { learningStretch } from './models/back-test.ts';
import { FREQUENCY_CLASSES } from './models/frequency-classes.ts';
import { tooLittle } from './models/minimum-data.ts';
import { dateOfDay, dayNumberOf, type DayNumber } from './models/purchase-history.ts';
import { RENEWAL_SOURCE } from './models/renewals.ts';
import type { StoreFitInput } from './models/store-fit.ts';
import { makePurchaseDays, makePurchaseSummary } from './purchase-days.server.ts';

/** As of the shop's today. */
export async function readFitInput(tx: ShopTx, day: ShopDay): Promise<StoreFitInput> {
  await makePurchaseDays(tx, day, { asOf: day.today, customers: 'all' });
  await makePurchaseSummary(tx, day.today);
  const customers = await readColumns(
    tx,
    ['x', 'txDays', 'TDays', 'weight'],
    sql`
    SELECT x AS c1, tx_days AS c2, t_days AS c3, count(*) AS c4 FROM purchase_summary GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  );
  const spend = await readColumns(
    tx,
    ['x', 'zbar', 'weight'],
    sql`
    SELECT amount_days AS c1, amount_sum::float8 / amount_days AS c2, count(*) AS c3
      FROM purchase_summary WHERE amount_days > 0 GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const daily = {
    newcomers: await readDays(tx, sql`SELECT min(day) AS day FROM purchase_day GROUP BY customer_id`),
    repeats: await readDays(
      tx,
      sql`SELECT d.day FROM purchase_day d
            JOIN (SELECT customer_id, min(day) AS first FROM purchase_day GROUP BY 1) f USING (customer_id)
           WHERE d.day > f.first`,
    ),
  };
  const today = dayNumberOf(day.today);
  const first = (daily.newcomers[0]?.[0] ?? today) as DayNumber;
  const span = { from: first, to: today };
  const [totals] = await readTotals(tx, day);
  return {
    customers,
    spend,
    size: {
      customers: sumOf(customers.weight),
      repeatCustomers: customers.weight.reduce((sum, n, i) => sum + ((customers.x[i] ?? 0) > 0 ? n : 0), 0),
      spanDays: span.to - span.from,
    },
    renewalShare: totals?.renewalShare ?? 0,
    lastYear: totals?.lastYear ?? 0,
    holdout: await readHoldout(tx, span),
    daily,
    span,
  };
}

/** Calibration on the first two thirds of the time, hold-out the rest, as `npm run ltv` does. */
async function readHoldout(
  tx: ShopTx,
  span: { from: DayNumber; to: DayNumber },
): Promise<StoreFitInput['holdout']> {
  const split = (span.from + Math.floor((2 * (span.to - span.from)) / 3)) as DayNumber;
  const days = span.to - split;
  if (days < 1) return null;
  const at = dateOfDay(split);
  const columns = await readColumns(
    tx,
    ['x', 'txDays', 'TDays', 'actual', 'weight'],
    sql`
    SELECT c1, c2, c3, c4, count(*) AS c5 FROM (
      SELECT count(*) FILTER (WHERE day <= ${at}::date) - 1 AS c1,
             max(day) FILTER (WHERE day <= ${at}::date) - min(day) AS c2,
             ${at}::date - min(day) AS c3,
             count(*) FILTER (WHERE day > ${at}::date) AS c4
        FROM purchase_day GROUP BY customer_id HAVING min(day) <= ${at}::date) one
     GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
  );
  const size = {
    customers: sumOf(columns.weight),
    repeatCustomers: columns.weight.reduce((sum, n, i) => sum + ((columns.x[i] ?? 0) > 0 ? n : 0), 0),
    spanDays: split - span.from,
  };
  if (tooLittle(size)) return null;
  const { actual, ...customers } = columns;
  return {
    days,
    customers,
    actual,
    classMeans: await readClassMeans(tx, { from: span.from, to: split }, days),
  };
}

async function readClassMeans(
  tx: ShopTx,
  calibration: { from: DayNumber; to: DayNumber },
  holdoutDays: number,
): Promise<(number | null)[]> {
  const means: (number | null)[] = FREQUENCY_CLASSES.map(() => null);
  const stretch = learningStretch(calibration, holdoutDays);
  if (!stretch) return means;
  const [inner, end] = [dateOfDay(stretch.split), dateOfDay(calibration.to)];
  const { rows } = await tx.query<{ class: number; mean: number }>(sql`
    SELECT least(x, ${FREQUENCY_CLASSES.length - 1}::int)::int AS class, avg(later)::float8 AS mean FROM (
      SELECT count(*) FILTER (WHERE day <= ${inner}::date) - 1 AS x,
             count(*) FILTER (WHERE day > ${inner}::date AND day <= ${end}::date) AS later
        FROM purchase_day GROUP BY customer_id HAVING min(day) <= ${inner}::date) one
     GROUP BY 1`);
  for (const row of rows) means[row.class] = (row.mean * holdoutDays) / stretch.days;
  return means;
}

async function readTotals(tx: ShopTx, day: ShopDay): Promise<{ renewalShare: number; lastYear: number }[]> {
  const order = judgeOrder(day.policy, day.currency);
  // All that count are in the profiles; only renewals, mostly none, are looked up among the orders.
  const { rows } = await tx.query<{ renewalShare: number; lastYear: number }>(sql`
    SELECT coalesce((SELECT count(*) FROM orders o JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = o.customer_id
                      WHERE o.shop_id = ${tx.shopId} AND o.source_name = ${RENEWAL_SOURCE} AND ${order.isCounted}
                        AND p.orders > 0 AND NOT p.left_out)::float8 / nullif(sum(orders), 0), 0)::float8 AS "renewalShare",
           (SELECT count(*)::int FROM purchase_day WHERE day > ${addDays(day.today, -365)}::date) AS "lastYear"
      FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out`);
  return rows;
}

/** Columns c1, c2, ... of `select`, by name. */
async function readColumns<Name extends string>(
  tx: ShopTx,
  names: readonly Name[],
  select: Sql,
): Promise<Record<Name, number[]>> {
  const { rows } = await tx.query<{ columns: number[][] | null }>(sql`
    SELECT json_build_array(json_agg(c1), json_agg(c2), json_agg(c3)
             ${names.length > 3 ? sql`, json_agg(c4)` : sql``} ${names.length > 4 ? sql`, json_agg(c5)` : sql``}) AS columns
      FROM (${select}) grouped`);
  const columns = rows[0]?.columns ?? [];
  return Object.fromEntries(names.map((name, i) => [name, columns[i] ?? []])) as Record<Name, number[]>;
}

async function readDays(tx: ShopTx, select: Sql): Promise<[number, number][]> {
  const { rows } = await tx.query<{ day: number; n: number }>(sql`
    SELECT (day - DATE '1970-01-01')::int AS day, count(*)::int AS n FROM (${select}) each GROUP BY 1 ORDER BY 1`);
  return rows.map(({ day, n }) => [day, n]);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
