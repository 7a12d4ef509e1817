/**
 * The night of one shop: the customers who are due; the accuracy check with the versions in force; then new
 * store-wide numbers, put in force only when they differ enough or are old enough, and not too many people would be
 * moved by them without anybody having looked; then everybody again by those. Killed anywhere and run again it ends
 * the same: a publication marks everybody in its transaction, a proposal that nobody decided on is computed anew.
 */
import type { Clock } from '../clock.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import type { Log } from '../log.server.ts';
import { proposeCutPoints, type Proposal } from '../value/publish-cut-points.server.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { isUnderWay, readRuns, resumeRuns } from './background-run.server.ts';
import { needsPerson } from './brake.ts';
import { checkDrift, type Drift } from './check-drift.server.ts';
import { isFollowing } from './follow-change.server.ts';
import { holdPublication, readDecisions, replaceHeld } from './held-change.server.ts';
import { measurePublication } from './measure-publication.server.ts';
import { publishNumbers } from './publish-numbers.server.ts';
import { renewChange } from './renew-change.server.ts';
import { reviewDue } from './review-due.server.ts';

export type NightPublication =
  | { outcome: 'published'; version: number; affected: number }
  /** For a person: so many customers would be affected. */
  | { outcome: 'held'; version: number; affected: number }
  | { outcome: Exclude<Proposal['outcome'], 'proposed'> }
  /** Profiles are on their way to another policy or other days: numbers over them would be nobody's. */
  | { outcome: 'busy' };

export interface Night {
  /** Null: something else is computed for everybody at the same time, so there is nothing to compare yet. */
  drift: Drift | null;
  publication: NightPublication;
  /** Customers evaluated, before and after the publication. */
  reviewed: number;
}

export async function nightly(
  ctx: { db: Db; clock: Clock; log: Log },
  shopId: ShopId,
  { chunk }: { chunk?: number } = {},
): Promise<Night> {
  await ctx.db.inShop(shopId, (tx) => resumeRuns(tx, { actor: null, now: ctx.clock.now() }));
  const before = await reviewDue(ctx, shopId);
  const drift = await driftOf(ctx, shopId);
  const publication = await propose(ctx, shopId, chunk);
  if (publication.outcome === 'held') {
    ctx.log.warn({ shopId, ...publication }, 'new numbers wait for a person');
  }
  const after = await reviewDue(ctx, shopId);
  await renewChange(ctx, shopId, ctx.clock.now());
  return { drift, publication, reviewed: before.reviewed + after.reviewed };
}

async function driftOf(ctx: { db: Db; clock: Clock; log: Log }, shopId: ShopId): Promise<Drift | null> {
  if ((await ctx.db.inShop(shopId, readRuns)).length > 0) return null;
  if (await ctx.db.inShop(shopId, isFollowing)) return null;
  const drift = await checkDrift(ctx, shopId);
  if (drift.profiles + drift.scores + drift.memberships > 0) {
    ctx.log.error({ shopId, ...drift }, 'the accuracy check found differences');
  }
  return drift;
}

async function propose(
  ctx: { db: Db; clock: Clock },
  shopId: ShopId,
  chunk?: number,
): Promise<NightPublication> {
  const now = ctx.clock.now();
  const proposal = await ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    if (await isUnderWay(tx, ['policy', 'timezone'])) return { outcome: 'busy' as const };
    const { discarded } = await readDecisions(tx, 'cut_points');
    const proposed = await proposeCutPoints(tx, await readShopDay(tx, now), { discarded });
    // What is in force is near enough again: there is nothing left to decide.
    if (proposed.outcome === 'kept') await replaceHeld(tx, 'cut_points', now);
    return proposed;
  });
  if (proposal.outcome !== 'proposed') return { outcome: proposal.outcome };
  const { candidate } = proposal;
  const measured = await measurePublication(
    ctx,
    shopId,
    { subject: 'cut_points', cutPoints: candidate },
    { now, ...(chunk === undefined ? {} : { chunk }) },
  );
  const done = { version: candidate.version, affected: measured.affected };
  return ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    if (needsPerson(measured.affected, measured.buyers)) {
      await holdPublication(tx, { subject: 'cut_points', version: candidate.version, measured, now });
      return { outcome: 'held', ...done };
    }
    await replaceHeld(tx, 'cut_points', now);
    await publishNumbers(tx, candidate.version, now);
    return { outcome: 'published', ...done };
  });
}
