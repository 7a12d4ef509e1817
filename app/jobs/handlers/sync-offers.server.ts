/** Which orders used an offer, then Shopify's discounts as the offers ask for; the wake-up is settled as it was before. */
import { findUses, nextLook } from '../../activation/offers/find-uses.server.ts';
import { syncDiscounts } from '../../activation/offers/sync-discounts.server.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleSyncOffers(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'sync-offers'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'offers');
  const scope = { ...ctx, admin: await ctx.adminFor(shopId) };
  await findUses(scope, shopId, { signal });
  const { nextAt } = await syncDiscounts(scope, shopId, { signal });
  const lookAt = await ctx.db.inShop(shopId, nextLook);
  const first = [nextAt, lookAt].filter((at) => at !== null).sort((a, b) => a.getTime() - b.getTime())[0];
  if (due) await settle(ctx.db, due, first ?? null);
}
