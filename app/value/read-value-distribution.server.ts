/**
 * How spent is spread over buyers, and how much of it few of them hold. Over profiles: buyers who are not left out,
 * amounts after refunds. Three passes over one narrow table, no row a customer leaves the database.
 *
 * Concentration is read off the Lorenz curve: buyers from the smallest to the largest, and the share of all spent
 * that the smallest p of them hold, straight between two buyers. So ties need no order, and the top 1 % of 150 buyers
 * is the largest one and half of the next.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { histogramBounds } from './histogram.ts';

export const SPENT_PERCENTILES = [10, 25, 50, 75, 90, 95, 99] as const;
export const TOP_PERCENTS = [1, 5, 10, 20] as const;
/** Every twentieth, and the ends where the curve bends most. */
const LORENZ_PERCENTS = [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 97, 98, 99, 100]; // prettier-ignore

export interface ValueDistribution {
  buyers: number;
  repeatBuyers: number;
  orders: number;
  /** Minor units as text. */
  spentMinor: string;
  /** Minor units, not rounded; percentile_cont over buyers. */
  percentiles: { percent: number; spentMinor: number }[];
  /** Ascending; `toMinor` belongs to the next bin and is null for the last. */
  bins: { fromMinor: string; toMinor: string | null; buyers: number; spentMinor: string }[];
  /** Share of all spent (0 to 1) held by the top x % of buyers; empty when nothing was spent. */
  top: { percent: number; share: number }[];
  /** The Lorenz curve: share of spent held by the smallest x % of buyers; empty when nothing was spent. */
  lorenz: { percent: number; share: number }[];
}

/** Null without buyers. */
export async function readValueDistribution(tx: ShopTx): Promise<ValueDistribution | null> {
  const totals = await readTotals(tx);
  if (totals.buyers === 0) return null;
  const { low, high, quantiles, ...numbers } = totals;
  const bounds = histogramBounds(low ?? 0, high ?? 0);
  const held = numbers.spentMinor === '0' ? new Map<number, number>() : await readLorenz(tx);
  const share = (percent: number) => ({ percent, share: held.get(percent) ?? 0 });
  return {
    ...numbers,
    percentiles: SPENT_PERCENTILES.map((percent, i) => ({ percent, spentMinor: quantiles?.[i] ?? 0 })),
    bins: await readBins(tx, bounds),
    top:
      held.size > 0
        ? TOP_PERCENTS.map((percent) => ({ percent, share: 1 - (held.get(100 - percent) ?? 0) }))
        : [],
    lorenz: held.size > 0 ? LORENZ_PERCENTS.map(share) : [],
  };
}

interface Totals {
  buyers: number;
  repeatBuyers: number;
  orders: number;
  spentMinor: string;
  low: number | null;
  high: number | null;
  quantiles: number[] | null;
}

async function readTotals(tx: ShopTx): Promise<Totals> {
  const { rows } = await tx.query<Totals & Record<string, unknown>>(sql`
    SELECT buyers, "repeatBuyers", orders, "spentMinor", at[1:array_length(at, 1) - 2] AS quantiles,
           at[array_length(at, 1) - 1] AS low, at[array_length(at, 1)] AS high
      FROM (SELECT count(*)::int AS buyers, count(*) FILTER (WHERE orders > 1)::int AS "repeatBuyers",
                   coalesce(sum(orders), 0)::int AS orders, coalesce(sum(spent_minor), 0)::text AS "spentMinor",
                   percentile_cont(${[...SPENT_PERCENTILES.map((percent) => percent / 100), 0.05, 0.99]}::float8[])
                     WITHIN GROUP (ORDER BY spent_minor::float8) AS at
              FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out) all_buyers`);
  const row = rows[0];
  if (!row) throw new TypeError('an aggregate always has one row');
  return row;
}

async function readBins(tx: ShopTx, bounds: readonly number[]): Promise<ValueDistribution['bins']> {
  const { rows } = await tx.query<{ bin: number; buyers: number; spentMinor: string }>(sql`
    SELECT ${bounds.length > 0 ? sql`width_bucket(spent_minor, ${[...bounds]}::bigint[])` : sql`0`} AS bin,
           count(*)::int AS buyers, sum(spent_minor)::text AS "spentMinor"
      FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out GROUP BY 1`);
  const byBin = new Map(rows.map((row) => [row.bin, row]));
  const bins = [0, ...bounds].map((from, bin) => ({
    fromMinor: String(from),
    toMinor: bounds[bin] === undefined ? null : String(bounds[bin]),
    buyers: byBin.get(bin)?.buyers ?? 0,
    spentMinor: byBin.get(bin)?.spentMinor ?? '0',
  }));
  // Nobody below the first bound, nobody above the last: such bins say nothing.
  const first = bins.findIndex((bin) => bin.buyers > 0);
  const last = bins.findLastIndex((bin) => bin.buyers > 0);
  return bins.slice(Math.max(0, first), last + 1);
}

/** Percent of buyers, smallest first -> share of all spent that they hold. */
async function readLorenz(tx: ShopTx): Promise<Map<number, number>> {
  const percents = [...new Set([...LORENZ_PERCENTS, ...TOP_PERCENTS.map((percent) => 100 - percent)])];
  const { rows } = await tx.query<{ percent: number; share: number }>(sql`
    WITH amount AS (
      SELECT spent_minor AS spent, count(*) AS people
        FROM profile WHERE shop_id = ${tx.shopId} AND orders > 0 AND NOT left_out GROUP BY 1
    ), rising AS (
      SELECT spent, people, sum(people) OVER w - people AS before, sum(spent * people) OVER w - spent * people AS held,
             sum(people) OVER () AS everybody, sum(spent * people) OVER () AS total
        FROM amount WINDOW w AS (ORDER BY spent)
    )
    SELECT q.percent, ((r.held + (q.percent * r.everybody / 100.0 - r.before) * r.spent) / r.total)::float8 AS share
      FROM unnest(${percents}::int[]) AS q(percent)
      JOIN rising r ON q.percent * r.everybody / 100.0 > r.before
                   AND q.percent * r.everybody / 100.0 <= r.before + r.people`);
  return new Map([[0, 0], ...rows.map(({ percent, share }) => [percent, share] as const)]);
}
