/** The value models of one shop, and what the Value page shows of all orders: after an import, and each night. */
import { isUnderWay } from '../../pipeline/background-run.server.ts';
import { refitShop } from '../../pipeline/refit-shop.server.ts';
import { snapshotValue } from '../../pipeline/snapshot-value.server.ts';
import { noteAvailability } from '../../segments/note-availability.server.ts';
import type { Job } from '../job-handler.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleRefit(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'refit'>,
): Promise<void> {
  // By the orders of a policy that is on its way in, or out, a fit would be nobody's: the next night's is.
  if (await ctx.db.inShop(shopId, (tx) => isUnderWay(tx, ['policy']))) return;
  await refitShop(ctx, shopId, { signal });
  await ctx.db.inShop(shopId, (tx) => noteAvailability(tx, { now: ctx.clock.now(), release: 'wish' }));
  await snapshotValue(ctx, shopId);
}
