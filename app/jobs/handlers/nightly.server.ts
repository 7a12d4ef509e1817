/** The night of one shop: what Shopify did not tell us, the accuracy check and new numbers, then the next night. */
import { settle } from '../../db/shop-due.server.ts';
import { nightly } from '../../pipeline/nightly.server.ts';
import type { Job } from '../job-handler.ts';
import { nextNightOf } from '../plan-night.server.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleNightly(ctx: WorkerContext, { data: { shopId } }: Job<'nightly'>): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'nightly');
  const night = await nightly(ctx, shopId);
  ctx.log.info({ shopId, reviewed: night.reviewed, publication: night.publication.outcome }, 'night done');
  if (due) await settle(ctx.db, due, await nextNightOf(ctx, shopId));
  await ctx.jobs.send('prune', { shopId });
}
