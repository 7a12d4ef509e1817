/**
 * The night of one shop: the accuracy check and new numbers, the next night is planned, and then Shopify is asked
 * what it may not have told us (messages get lost), which may take long under the throttle.
 */
import { AppError } from '../../app-error.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { reconcile } from '../../intake/reconcile.server.ts';
import { nightly } from '../../pipeline/nightly.server.ts';
import type { Job } from '../job-handler.ts';
import { nextNightOf } from '../plan-night.server.ts';
import { readDue } from '../read-due.server.ts';
import { refreshTouched } from '../refresh-touched.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleNightly(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'nightly'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'nightly');
  const night = await nightly(ctx, shopId);
  ctx.log.info({ shopId, reviewed: night.reviewed, publication: night.publication.outcome }, 'night done');
  if (due) await settle(ctx.db, due, await nextNightOf(ctx, shopId));
  await ctx.jobs.send('refit', { shopId });
  await ctx.jobs.send('prune', { shopId });
  await askWhatChanged(ctx, shopId, signal);
}

/** @throws when asking again may help */
async function askWhatChanged(ctx: WorkerContext, shopId: ShopId, signal: AbortSignal): Promise<void> {
  try {
    const changed = await reconcile(
      {
        ...ctx,
        admin: await ctx.adminFor(shopId),
        redactionKey: ctx.config.redactionKey,
        onTouched: (tx, touched) => refreshTouched(ctx, tx, touched),
        signal,
      },
      shopId,
    );
    ctx.log.info({ shopId, ...changed }, 'asked Shopify what changed');
  } catch (error) {
    if (!(error instanceof AppError) || error.retryable) throw error;
    ctx.log.error({ err: error, shopId }, 'Shopify cannot be asked what changed');
  }
}
