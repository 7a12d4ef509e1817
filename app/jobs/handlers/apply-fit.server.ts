/** A fit that a person released is applied to everybody; also one whose application was paused. */
import { settle } from '../../db/shop-due.server.ts';
import { isUnderWay } from '../../pipeline/background-run.server.ts';
import { AGAIN_MS, applyFit } from '../../pipeline/apply-fit.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleApplyFit(
  ctx: WorkerContext,
  { data: { shopId } }: Job<'apply-fit'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'apply-fit');
  await applyFit(ctx, shopId);
  if (!due) return;
  const waits = await ctx.db.inShop(shopId, (tx) => isUnderWay(tx, ['policy']));
  await settle(ctx.db, due, waits ? new Date(ctx.clock.machineNow().getTime() + AGAIN_MS) : null);
}
