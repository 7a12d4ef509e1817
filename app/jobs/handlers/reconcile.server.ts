/**
 * Each night Shopify is asked what it may not have told us, because messages get lost; and once a week whether it
 * lets us use bulk operations, which it takes away from apps that do not.
 */
import { AppError } from '../../app-error.ts';
import { keepBulkMutations } from '../../activation/tags/bulk/keep-bulk-mutations.server.ts';
import { keepBulkQueries } from '../../intake/import/keep-bulk-queries.server.ts';
import { findMissing } from '../../intake/find-missing.server.ts';
import { reconcile } from '../../intake/reconcile.server.ts';
import type { Job } from '../job-handler.ts';
import { refreshTouched } from '../refresh-touched.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

/** @throws when asking again may help */
export async function handleReconcile(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'reconcile'>,
): Promise<void> {
  const admin = await ctx.adminFor(shopId);
  try {
    const changed = await reconcile(
      {
        ...ctx,
        admin,
        redactionKey: ctx.config.redactionKey,
        onTouched: (tx, touched) => refreshTouched(ctx, tx, touched),
        signal,
      },
      shopId,
    );
    const missing = changed.outcome === 'done' ? await findMissing({ ...ctx, admin, signal }, shopId) : 0;
    ctx.log.info({ shopId, ...changed, missing }, 'asked Shopify what changed');
  } catch (error) {
    const waits = error instanceof AppError && (error.code === 'config' || error.code === 'shopify_access');
    if (!(error instanceof AppError) || error.retryable || waits) throw error;
    ctx.log.error({ err: error, shopId }, 'Shopify cannot be asked what changed');
  }
  const queries = await keepBulkQueries({ ...ctx, admin }, shopId);
  const mutations = await keepBulkMutations({ ...ctx, admin }, shopId, signal);
  if (queries !== 'not_due' || mutations !== 'not_due') {
    ctx.log.info({ shopId, queries, mutations }, 'bulk access looked at');
  }
}
