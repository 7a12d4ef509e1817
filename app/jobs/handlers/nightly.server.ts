/**
 * The night of one shop: the accuracy check and new numbers; what else belongs to the night is asked for as jobs
 * of their own, because they may take long (Shopify's throttle); then the next night is planned.
 */
import { wakeNightlyReach } from '../../activation/wake-nightly-reach.server.ts';
import { AT_ONCE, settle, wake } from '../../db/shop-due.server.ts';
import { nightly } from '../../pipeline/nightly.server.ts';
import type { Job } from '../job-handler.ts';
import { nextNightOf } from '../plan-night.server.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleNightly(ctx: WorkerContext, { data: { shopId } }: Job<'nightly'>): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'nightly');
  const night = await nightly(ctx, shopId);
  ctx.log.info({ shopId, reviewed: night.reviewed, publication: night.publication.outcome }, 'night done');
  await ctx.db.inShop(shopId, (tx) => wakeNightlyReach(tx, ctx.clock.now()));
  await ctx.jobs.send('refit', { shopId });
  await ctx.jobs.send('prune', { shopId });
  await ctx.jobs.send('reconcile', { shopId });
  // Somebody may have changed a discount of ours, or an order may not have been asked about.
  await ctx.db.inShop(shopId, (tx) => wake(tx, shopId, 'offers', AT_ONCE));
  if (due) await settle(ctx.db, due, await nextNightOf(ctx, shopId));
}
