/**
 * What the members of a segment bought in a period. An order belongs to a segment when its customer was a member at
 * the moment in which the order was placed: the history of memberships says so. The order that brings somebody in is
 * placed before, so it does not count for the segment; the order that takes somebody out still does.
 *
 * A membership that is older than the history, and one whose first trace is that it ended, is taken from the beginning of
 * the period. In large segments one customer in n is looked at, and sums are multiplied.
 */
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { judgeOrder } from '../../history/order-policy-sql.ts';
import type { ShopDay } from '../../history/read-shop-day.server.ts';
import { inSample, stepFor, type SampleStep } from './sample.ts';
import { withinLimit, type Timed } from './within-limit.server.ts';

export interface Performance {
  /** Customers who were in it at any time of the period. */
  members: number;
  /** Those of them who ordered while they were in it. */
  buyers: number;
  /** Those who ordered twice or more while they were in it. */
  repeatBuyers: number;
  orders: number;
  /** Minor units, as text. */
  spentMinor: string;
  /** 1: everybody was looked at; n: about one customer in n, and the numbers are multiplied. */
  step: SampleStep;
}

export const SAMPLED_MEMBERS = 200_000;
const LIMIT_MS = 20_000;

interface Period {
  /** Business instants: after `from`, up to and including `to`. */
  from: Date;
  to: Date;
}

/** @param segmentId of a segment that keeps members; @param most members that are looked at one by one */
export async function readPerformance(
  tx: ShopTx,
  day: ShopDay,
  { segmentId, from, to }: Period & { segmentId: string },
  most = SAMPLED_MEMBERS,
): Promise<Timed<Performance>> {
  return withinLimit(tx, LIMIT_MS, async () => {
    const step = stepFor(await countMoves(tx, segmentId), most);
    const { rows } = await tx.query<Omit<Performance, 'step'> & Record<string, unknown>>(sql`
      WITH span AS MATERIALIZED (${spansOf(tx.shopId, segmentId, { from, to }, step)}),
           bought AS (${ordersOf(tx.shopId, day, sql`span s`, sql`s.began`, sql`s.ended`)})
      SELECT (SELECT count(DISTINCT customer_id)::int FROM span) AS members, ${sums()} FROM bought`);
    return multiplied(rows[0], step);
  });
}

/** The same of all customers of the store, to compare with. */
export async function readStorePerformance(
  tx: ShopTx,
  day: ShopDay,
  { from, to }: Period,
  most = SAMPLED_MEMBERS,
): Promise<Timed<Performance>> {
  return withinLimit(tx, LIMIT_MS, async () => {
    const { rows: all } = await tx.query<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM profile WHERE shop_id = ${tx.shopId} AND NOT left_out`,
    );
    const step = stepFor(all[0]?.n ?? 0, most);
    const { rows } = await tx.query<Omit<Performance, 'step'> & Record<string, unknown>>(sql`
      WITH person AS MATERIALIZED (
        SELECT p.customer_id FROM profile p
         WHERE p.shop_id = ${tx.shopId} AND NOT p.left_out AND ${inSample('p.customer_id', step)}
      ), bought AS (${ordersOf(tx.shopId, day, sql`person s`, sql`${from}::timestamptz`, sql`${to}::timestamptz`)})
      SELECT (SELECT count(*)::int FROM person) AS members, ${sums()} FROM bought`);
    return multiplied(rows[0], step);
  });
}

async function countMoves(tx: ShopTx, segmentId: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(sql`
    SELECT ((SELECT count(*) FROM membership WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint)
          + (SELECT count(*) FROM membership_event WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint)
          + (SELECT coalesce(sum(members), 0) FROM mass_change
              WHERE shop_id = ${tx.shopId} AND segment_id = ${segmentId}::bigint))::int AS n`);
  return rows[0]?.n ?? 0;
}

/**
 * (customer_id, began, ended): when whom the segment held, as far as it lies in the period. Spans of one
 * customer do not overlap. All of the history is read: who left after the period without a trace of coming was in it.
 */
function spansOf(shopId: string, segmentId: string, { from, to }: Period, step: SampleStep): Sql {
  const ofThis = sql`shop_id = ${shopId} AND segment_id = ${segmentId}::bigint`;
  return sql`
    SELECT customer_id, greatest(began, ${from}::timestamptz) AS began, least(ended, ${to}::timestamptz) AS ended
      FROM (
        SELECT m.customer_id, CASE WHEN m.kind = 'entered' THEN m.at ELSE '-infinity' END AS began,
               CASE WHEN m.kind = 'left' THEN m.at ELSE coalesce(m.next_at, 'infinity') END AS ended
          FROM (
            SELECT customer_id, kind, at, lead(at) OVER one AS next_at, row_number() OVER one AS nth
              FROM (
                SELECT customer_id, kind, at, id FROM membership_event
                 WHERE ${ofThis} AND ${inSample('customer_id', step)}
                 UNION ALL
                SELECT m.customer_id, c.kind, c.at, c.id FROM mass_change c
                  JOIN mass_member m ON m.shop_id = ${shopId} AND m.change_id = c.id
                 WHERE c.shop_id = ${shopId} AND c.segment_id = ${segmentId}::bigint AND ${inSample('m.customer_id', step)}
              ) moved
            WINDOW one AS (PARTITION BY customer_id ORDER BY at, id)
          ) m
         WHERE m.kind = 'entered' OR m.nth = 1
         UNION ALL
        SELECT m.customer_id, m.since, 'infinity' FROM membership m
         WHERE m.shop_id = ${shopId} AND m.segment_id = ${segmentId}::bigint AND ${inSample('m.customer_id', step)}
           AND NOT EXISTS (SELECT FROM membership_event e WHERE e.shop_id = ${shopId} AND e.customer_id = m.customer_id
                              AND e.segment_id = m.segment_id)
           AND NOT EXISTS (SELECT FROM mass_member k JOIN mass_change c ON c.shop_id = ${shopId} AND c.id = k.change_id
                            WHERE k.shop_id = ${shopId} AND k.customer_id = m.customer_id AND c.segment_id = m.segment_id)
      ) spans
     WHERE began < ${to}::timestamptz AND ended > ${from}::timestamptz AND began < ended`;
}

/** One row an order that counts and was placed within its customer's span (after its beginning, its end included). */
function ordersOf(shopId: string, day: ShopDay, spans: Sql, began: Sql, ended: Sql): Sql {
  const order = judgeOrder(day.policy, day.currency);
  return sql`
    SELECT s.customer_id, count(*) AS orders, sum(${order.spentMinor}) AS spent
      FROM ${spans} JOIN orders o ON o.shop_id = ${shopId} AND o.customer_id = s.customer_id
                                 AND o.processed_at > ${began} AND o.processed_at <= ${ended}
     WHERE ${order.isCounted} GROUP BY s.customer_id`;
}

const sums = (): Sql => sql`
  count(*)::int AS buyers, count(*) FILTER (WHERE orders > 1)::int AS "repeatBuyers",
  coalesce(sum(orders), 0)::int AS orders, coalesce(sum(spent), 0)::bigint::text AS "spentMinor"`;

function multiplied(row: Omit<Performance, 'step'> | undefined, step: SampleStep): Performance {
  const { members = 0, buyers = 0, repeatBuyers = 0, orders = 0, spentMinor = '0' } = row ?? {};
  return {
    members: members * step,
    buyers: buyers * step,
    repeatBuyers: repeatBuyers * step,
    orders: orders * step,
    spentMinor: String(BigInt(spentMinor) * BigInt(step)),
    step,
  };
}
