/**
 * The night of one shop: the customers who are due; the accuracy check with the versions in force; then new
 * store-wide numbers, put in force only when they differ enough or are old enough; then everybody again by
 * those. Killed anywhere and run again it ends the same: a publication marks everybody in its transaction.
 */
import type { Clock } from '../clock.ts';
import { wake, waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import type { Log } from '../log.server.ts';
import { publishCutPoints, type Publication } from '../value/publish-cut-points.server.ts';
import { allowMassAct } from './allow-mass-act.server.ts';
import { checkDrift, type Drift } from './check-drift.server.ts';
import { markAllDue, reviewDue } from './review-due.server.ts';

export interface Night {
  drift: Drift;
  publication: Publication;
  /** Customers evaluated, before and after the publication. */
  reviewed: number;
}

export async function nightly(ctx: { db: Db; clock: Clock; log: Log }, shopId: ShopId): Promise<Night> {
  const before = await reviewDue(ctx, shopId);
  const drift = await checkDrift(ctx, shopId);
  if (drift.profiles + drift.scores + drift.memberships > 0) {
    ctx.log.error({ shopId, ...drift }, 'the accuracy check found differences');
  }
  const publication = await ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const published = await publishCutPoints(tx, await readShopDay(tx, ctx.clock.now()), 'if-due');
    if (published.outcome === 'published' && published.cutPoints.publishedAt) {
      await markAllDue(tx, published.cutPoints.publishedAt);
      await wake(tx, shopId, 'review', published.cutPoints.publishedAt);
    }
    return published;
  });
  const after = await reviewDue(ctx, shopId);
  return { drift, publication, reviewed: before.reviewed + after.reviewed };
}
