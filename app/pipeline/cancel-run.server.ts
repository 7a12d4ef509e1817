/**
 * A run over everybody that is under way is cancelled: what was in force before it is in force again at once, and the run
 * goes back over everybody, as at its beginning in the background with its progress. It ends as if it had never been
 * begun, but that what has happened meanwhile stands, judged by what is in force at the end.
 *
 * Cancelled numbers are as good as discarded ones (decide-held-change.server.ts): others like them are not proposed again
 * for 30 days, or until the merchant lets new numbers in.
 */
import type { Clock } from '../clock.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import type { Log } from '../log.server.ts';
import { readCutPointsInForce } from '../value/cut-points.server.ts';
import { withdrawCutPoints } from '../value/publish-cut-points.server.ts';
import { readRuns, turnBack, type BackgroundRun } from './background-run.server.ts';
import { returnToPolicy } from './change-policy.server.ts';
import { discardPublished } from './numbers-kept-out.server.ts';
import { recordBrake } from './record-brake.server.ts';
import { markAllDue } from './review-due.server.ts';

export type CancelledRun =
  | 'done'
  /** It is over: there is nothing under way to cancel. */
  | 'gone'
  /** It is on its way back already. */
  | 'already'
  /** It is of a kind that cannot be cancelled, or newer numbers are in force: nothing was done. */
  | 'no_way_back';

/** @param input.id of the run as it was shown */
export async function cancelRun(
  ctx: { db: Db; clock: Clock; log: Log },
  shopId: ShopId,
  { id, actor }: { id: string; actor: string },
): Promise<CancelledRun> {
  const now = ctx.clock.now();
  const outcome = await ctx.db.inShop(shopId, async (tx): Promise<CancelledRun> => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const run = (await readRuns(tx)).find((one) => one.id === id);
    if (!run) return 'gone';
    if (run.cancelledAt) return 'already';
    const total = await putBack(tx, run, { actor, now });
    if (total === null) return 'no_way_back';
    await turnBack(tx, run.kind, { actor, now, total });
    await recordBrake(tx, { at: now, actor, act: 'cancel_run' });
    return 'done';
  });
  ctx.log.info({ shopId, run: id, outcome }, 'a run in the background is cancelled');
  return outcome;
}

/** @returns customers to go back over, 0 while nobody has counted; null: there is no way back, and nothing was done */
async function putBack(
  tx: ShopTx,
  { kind, wayBack }: BackgroundRun,
  { actor, now }: { actor: string; now: Date },
): Promise<number | null> {
  if (!wayBack) return null;
  if (wayBack.policyVersion !== undefined) {
    if (!(await returnToPolicy(tx, { version: wayBack.policyVersion, actor, now }))) return null;
    await withdrawCutPoints(tx, wayBack.cutPoints);
    return 0;
  }
  const day = await readShopDay(tx, now);
  const { version } = await readCutPointsInForce(tx, day);
  if (kind !== 'cut_points' || !wayBack.cutPoints.includes(version)) return null;
  await withdrawCutPoints(tx, wayBack.cutPoints);
  const { publishedAt } = await readCutPointsInForce(tx, day);
  if (!publishedAt) throw new TypeError('numbers that can be cancelled have some before them');
  await discardPublished(tx, { version, affected: await countMoved(tx, wayBack.movesAfter), actor, now });
  // The mark of the version that is in force: so they are evaluated anew, whenever their day is.
  return markAllDue(tx, publishedAt);
}

/** Customers whom new numbers have moved so far. */
async function countMoved(tx: ShopTx, movesAfter: string): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(sql`
    SELECT count(DISTINCT m.customer_id)::int AS n FROM mass_change c
      JOIN mass_member m ON m.shop_id = c.shop_id AND m.change_id = c.id
     WHERE c.shop_id = ${tx.shopId} AND c.id > ${movesAfter}::bigint AND c.cause = 'refit'`);
  return rows[0]?.n ?? 0;
}
