/** Computes customers of whom too many were touched at once. */
import { waitForShop } from '../../db/shop-due.server.ts';
import { refresh } from '../../pipeline/refresh.server.ts';
import type { Job } from '../job-handler.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleRefresh(
  ctx: WorkerContext,
  { data: { shopId, touched } }: Job<'refresh'>,
): Promise<void> {
  await ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    await refresh(tx, { touched: new Map(touched), now: ctx.clock.now(), log: ctx.log });
  });
}
