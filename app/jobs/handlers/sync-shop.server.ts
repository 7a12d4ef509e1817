/** The shop's settings as Shopify has them now; what follows from a change is wished where it is stored. */
import { settle } from '../../db/shop-due.server.ts';
import { syncShopSettings } from '../../intake/sync-shop-settings.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleSyncShop(
  ctx: WorkerContext,
  { data: { shopId } }: Job<'sync-shop'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'settings');
  await syncShopSettings({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId);
  if (due) await settle(ctx.db, due, null);
}
