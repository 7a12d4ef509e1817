/** Each night Shopify is asked what it may not have told us: messages get lost. */
import { AppError } from '../../app-error.ts';
import { reconcile } from '../../intake/reconcile.server.ts';
import type { Job } from '../job-handler.ts';
import { refreshTouched } from '../refresh-touched.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

/** @throws when asking again may help */
export async function handleReconcile(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'reconcile'>,
): Promise<void> {
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
