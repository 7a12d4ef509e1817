/**
 * A fit that is in force, applied: everybody's predictions and the memberships that rest on them, in chunks under the
 * shop's lock. Killed anywhere and run again it ends the same; paused, it goes on where it was asked to. While another
 * order policy is worked out or taken back it waits: what it moved would be by a policy that may be cancelled.
 */
import { afterMembership } from '../activation/after-membership.server.ts';
import { queueChanged } from '../activation/tags/queue-changed.server.ts';
import type { Clock } from '../clock.ts';
import { waitForShop, wakeUnlessDue } from '../db/shop-due.server.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { touchCustomersAfter } from '../history/touched-customers.server.ts';
import type { Log } from '../log.server.ts';
import { evaluateSegments } from '../segments/evaluate-memberships.server.ts';
import { loadEvaluatedSegments } from '../segments/load-segments.server.ts';
import { compileSegments } from '../segments/membership-difference.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { scheduleReviews } from '../segments/schedule-reviews.server.ts';
import { rulesOf, withMates } from '../segments/segment.ts';
import { usesPredictions } from '../segments/uses-predictions.ts';
import { readFitInForce } from '../value/read-fit.server.ts';
import { markFitApplied } from '../value/store-fit.server.ts';
import { writePredictions } from '../value/write-predictions.server.ts';
import { meetChange } from './follow-change.server.ts';
import { finishRun, isUnderWay, noteProgress, startRun } from './background-run.server.ts';
import { openHoldOfUnapproved } from './held-change.server.ts';
import { closeLoss, holdLoss } from './hold-loss.server.ts';
import { countCustomers } from './start-change.server.ts';
import { takeBack } from './take-back.server.ts';

const CHUNK = 20_000;
/** How long a fit that waits for an order policy is left alone. */
export const AGAIN_MS = 60_000;

/** @returns predictions written or removed; 0 when the fit in force is applied already, or waits */
export async function applyFit(
  ctx: { db: Db; clock: Clock; log: Log },
  shopId: ShopId,
  { chunk = CHUNK }: { chunk?: number } = {},
): Promise<number> {
  const begun = await ctx.db.inShop(shopId, async (tx) => {
    const fit = await readFitInForce(tx);
    if (!fit || fit.appliedAt) {
      await finishRun(tx, 'fit');
      return null;
    }
    if (await waitsForPolicy(tx, ctx.clock)) return null;
    const total = await countCustomers(tx);
    await startRun(tx, { kind: 'fit', total, now: ctx.clock.now() });
    return { fit, total };
  });
  if (!begun) return 0;
  let predictions = 0;
  let done = 0;
  for (let after: string | null = '0'; after !== null;) {
    const from: string = after;
    const step = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      if (await waitsForPolicy(tx, ctx.clock)) return null;
      const page = await touchCustomersAfter(tx, from, chunk, 'refit');
      const written = page.touched > 0 ? await scoreTouched(tx, ctx) : 0;
      const next = await noteProgress(tx, 'fit', { done: done + page.touched, total: begun.total });
      if (page.last === null) {
        await markFitApplied(tx, begun.fit.version, ctx.clock.now());
        await finishRun(tx, 'fit');
        await closeLoss(tx, ctx.clock.now());
      }
      return { ...page, written, next };
    });
    if (!step) break;
    after = step.last;
    done += step.touched;
    predictions += step.written;
    if (step.next === 'paused') break;
  }
  return predictions;
}

/** While it does the job is asked for again, if it is not. */
async function waitsForPolicy(tx: ShopTx, clock: Clock): Promise<boolean> {
  if (!(await isUnderWay(tx, ['policy']))) return false;
  await wakeUnlessDue(tx, tx.shopId, 'apply-fit', new Date(clock.machineNow().getTime() + AGAIN_MS));
  return true;
}

/**
 * Predictions of the touched customers, then their memberships in the segments that ask for them; no others, since
 * nothing else has changed.
 * @returns predictions written or removed
 */
async function scoreTouched(tx: ShopTx, { clock, log }: { clock: Clock; log: Log }): Promise<number> {
  const now = clock.now();
  // The days of another time zone are not part of what was approved, or was few enough.
  const heldBy = await openHoldOfUnapproved(tx, now);
  const { day, context } = await readRuleDay(tx, now);
  const written = await writePredictions(tx, day);
  await meetChange(tx, { now });
  await takeBack(tx, { now, heldBy });
  const active = await loadEvaluatedSegments(tx, { statuses: ['live', 'paused'] });
  const segments = withMates(active, (segment) => rulesOf(segment).some(usesPredictions));
  if (segments.length > 0) {
    const { entered, left, failedIds } = await evaluateSegments(tx, compileSegments(segments), {
      now,
      context,
      log,
    });
    // Of all segments, since it is one day for all of them; whoever is due stays due, as their scores come first.
    await scheduleReviews(tx, active.filter(({ id }) => !failedIds.includes(id)), context, { keepDueAt: now }); // prettier-ignore
    const queued = await queueChanged(tx, now, { heldBy });
    await afterMembership(tx, { now });
    await holdLoss(tx, { now, partOfRun: true });
    log.info(
      { shopId: tx.shopId, entered, left, queued, failedIds },
      'memberships follow the new predictions',
    );
  } else await afterMembership(tx, { now });
  return written;
}
