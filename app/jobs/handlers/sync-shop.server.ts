/**
 * The shop's settings as Shopify has them now. Another time zone moves every day, so everything is computed
 * again; another currency makes every amount another one, so everything is read again.
 */
import { syncShopSettings } from '../../intake/sync-shop-settings.server.ts';
import { recomputeShop } from '../../pipeline/recompute-shop.server.ts';
import type { Job } from '../job-handler.ts';
import { planNight } from '../plan-night.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleSyncShop(
  ctx: WorkerContext,
  { data: { shopId } }: Job<'sync-shop'>,
): Promise<void> {
  const shop = await syncShopSettings({ db: ctx.db, admin: await ctx.adminFor(shopId) }, shopId);
  if (shop.currencyChanged) await ctx.jobs.send('import', { shopId });
  else if (shop.timeZoneChanged) {
    await recomputeShop(ctx, shopId, { cause: 'timezone', publish: 'never' });
    await planNight(ctx, shopId);
  }
}
