/**
 * What a cancelled run moved is taken back, for the customers of touched_customer: whoever it took out is the member that
 * they were, since when they were, and holds the offer that ended with it; whoever it brought in never was one; waits and
 * holds are those of before. Only where
 * that was the last thing that happened to them there; what an order or a day has brought about since stands.
 *
 * Everybody is evaluated after it, by what is in force again. So it comes before that wherever memberships are evaluated
 * while a run goes back: what it takes back is never taken for the doing of a customer who orders meanwhile, starts no
 * automation and gives no offer. Done again it does nothing, because it is then what happened last.
 */
import { afterMembership } from '../activation/after-membership.server.ts';
import { holdAgain } from '../activation/offers/hold-again.ts';
import { queueChanged } from '../activation/tags/queue-changed.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { undoneMoves, type Undoing } from '../segments/undone-moves.ts';
import { writeMoves } from '../segments/write-moves.ts';
import type { RunKind, WayBack } from './background-run.server.ts';

interface Cancelled {
  kind: Extract<RunKind, 'policy' | 'cut_points'>;
  wayBack: WayBack;
  cancelledAt: Date;
}

/** @param options.heldBy the held change that their tags wait for */
export async function takeBack(
  tx: ShopTx,
  { now, heldBy }: { now: Date; heldBy: string | null },
): Promise<void> {
  const { rows } = await tx.query<Cancelled & Record<string, unknown>>(sql`
    SELECT kind, way_back AS "wayBack", cancelled_at AS "cancelledAt" FROM background_run
     WHERE shop_id = ${tx.shopId} AND cancelled_at IS NOT NULL`);
  for (const run of rows) {
    if ((await reverse(tx, run, now)) === 0) continue;
    await queueChanged(tx, now, { heldBy });
    await afterMembership(tx, { now, scope: 'moved' });
    // What follows in the same transaction is about later moves.
    await tx.query('TRUNCATE membership_change');
  }
}

/** @returns memberships that began or ended by it */
async function reverse(tx: ShopTx, { kind, wayBack, cancelledAt }: Cancelled, now: Date): Promise<number> {
  const cause = kind === 'policy' ? 'policy' : 'refit';
  const { movesAfter, movesTo = movesAfter, begunAt } = wayBack;
  const undoing: Undoing = {
    moves: (one) => sql`
      ${one}.id > ${movesAfter}::bigint AND ${one}.id <= ${movesTo}::bigint AND ${one}.cause = ${cause}`,
    kept: (one) => sql`
      ${one}.at BETWEEN ${begunAt}::timestamptz AND ${cancelledAt}::timestamptz AND ${one}.cause = ${cause}`,
  };
  const { context, cutPoints } = await readRuleDay(tx, now);
  const { rows } = await tx.query<{ moved: number }>(sql`
    WITH before AS MATERIALIZED (${undoneMoves(tx.shopId, undoing, { touched: true })}
    ), stored AS MATERIALIZED (
      SELECT m.customer_id, m.segment_id, m.held_until FROM membership m
       WHERE m.shop_id = ${tx.shopId} AND ${withinTouched('m.customer_id')}
    ), explained AS MATERIALIZED (
      SELECT b.customer_id, b.segment_id, b.kind = 'left' AS entered, b.held_until, ${cause}::text AS cause,
             g.rule_version, g.status = 'live' AS live, coalesce(b.evidence, '{}') AS evidence
        FROM before b
        JOIN segment g ON g.shop_id = ${tx.shopId} AND g.id = b.segment_id AND g.status IN ('live', 'paused')
        LEFT JOIN stored s ON s.customer_id = b.customer_id AND s.segment_id = b.segment_id
       WHERE b.kind <> 'kept' AND (b.kind = 'left') = (s.customer_id IS NULL)
         AND (b.kind = 'entered' OR b.since IS NOT NULL AND EXISTS (
               SELECT FROM profile p WHERE p.shop_id = ${tx.shopId} AND p.customer_id = b.customer_id))
    ), renewed AS MATERIALIZED (
      SELECT b.customer_id, b.segment_id, b.held_until FROM before b
        JOIN stored s ON s.customer_id = b.customer_id AND s.segment_id = b.segment_id
       WHERE b.kind = 'kept' AND s.held_until IS DISTINCT FROM b.held_until
    ), holders AS (${holdAgain(tx.shopId, sql`(SELECT * FROM before WHERE kind = 'left')`)}
    ), ${writeMoves(tx.shopId, { now, today: context.today, version: cutPoints.version, rejoining: [], cause, undoing })}
    SELECT count(*)::int AS moved FROM explained`);
  return rows[0]?.moved ?? 0;
}
