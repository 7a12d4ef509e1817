/**
 * What a segment's tag, and all that hangs on it, changes: those who came in since the share was last set and got it
 * against those who were held out, by intention to treat. Everybody counts on the side they were drawn for, from the
 * moment they came in to now (or the end of the control group), whether they are still in, got the tag late or had it
 * taken away.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { judgeOrder } from '../../history/order-policy-sql.ts';
import type { ShopDay } from '../../history/read-shop-day.server.ts';
import { compareShare, type ComparedShare } from '../../segments/analysis/comparison.ts';
import { isClear, meanDifference, type Interval, type Mean } from '../../segments/analysis/intervals.ts';
import { withinLimit, type Timed } from '../../segments/analysis/within-limit.server.ts';

export interface Side {
  people: number;
  /** Who ordered after they came in. */
  buyers: number;
  orders: number;
  /** Minor units, as text. */
  spentMinor: string;
}

export interface Lift {
  buckets: number;
  since: Date;
  endedAt: Date | null;
  /** Who got it, and the control group. */
  given: Side;
  control: Side;
  /** Share that ordered: given (a) minus control (b). */
  ordered: ComparedShare;
  /** Spent a person, minor units: given minus control; null: too few on a side. */
  spent: { difference: Interval | null; clear: boolean };
}

const LIMIT_MS = 20_000;

/** @returns null: the segment never had a control group */
export async function readLift(tx: ShopTx, day: ShopDay, segmentId: string): Promise<Timed<Lift> | null> {
  const { rows: groups } = await tx.query<{ buckets: number; since: Date; endedAt: Date | null }>(sql`
    SELECT buckets, since, ended_at AS "endedAt" FROM control_group
     WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint`);
  const group = groups[0];
  if (!group) return null;
  return withinLimit(tx, LIMIT_MS, async () => {
    const order = judgeOrder(day.policy, day.currency);
    const { rows } = await tx.query<Side & { heldOut: boolean; mean: number; variance: number | null }>(sql`
      WITH person AS MATERIALIZED (
        SELECT customer_id, at, held_out FROM control_assignment
         WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint AND at >= ${group.since}
      ), bought AS MATERIALIZED (
        SELECT s.customer_id, count(*) AS orders, sum(${order.spentMinor}) AS spent
          FROM person s JOIN orders o ON o.shop_id = ${tx.shopId} AND o.customer_id = s.customer_id
                                     AND o.processed_at > s.at AND o.processed_at <= ${group.endedAt ?? day.now}
         WHERE ${order.isCounted} GROUP BY s.customer_id
      )
      SELECT p.held_out AS "heldOut", count(*)::int AS people, count(b.customer_id)::int AS buyers,
             coalesce(sum(b.orders), 0)::int AS orders, coalesce(sum(b.spent), 0)::bigint::text AS "spentMinor",
             avg(coalesce(b.spent, 0))::float8 AS mean, var_samp(coalesce(b.spent, 0))::float8 AS variance
        FROM person p LEFT JOIN bought b USING (customer_id) GROUP BY p.held_out`);
    const side = (heldOut: boolean) => rows.find((row) => row.heldOut === heldOut);
    const [given, control] = [sideOf(side(false)), sideOf(side(true))];
    const difference = meanDifference(meanOf(side(false)), meanOf(side(true))) ?? null;
    return {
      ...group,
      given,
      control,
      ordered: compareShare(
        'ordered',
        { some: given.buyers, of: given.people },
        { some: control.buyers, of: control.people },
      ),
      spent: { difference, clear: isClear(difference ?? undefined) },
    };
  });
}

const sideOf = (row: Side | undefined): Side => ({
  people: row?.people ?? 0,
  buyers: row?.buyers ?? 0,
  orders: row?.orders ?? 0,
  spentMinor: row?.spentMinor ?? '0',
});

const meanOf = (row: { people: number; mean: number; variance: number | null } | undefined): Mean => ({
  n: row?.people ?? 0,
  mean: row?.mean ?? 0,
  variance: row?.variance ?? 0,
});
