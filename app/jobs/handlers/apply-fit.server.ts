/** A fit that a person released is applied to everybody; also one whose application was paused. */
import { settle } from '../../db/shop-due.server.ts';
import { applyFit } from '../../pipeline/apply-fit.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleApplyFit(
  ctx: WorkerContext,
  { data: { shopId } }: Job<'apply-fit'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'apply-fit');
  await applyFit(ctx, shopId);
  if (due) await settle(ctx.db, due, null);
}
