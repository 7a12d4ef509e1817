/** What another order policy would change, for a store that is too large to work out while a page waits. */
import { settle } from '../../db/shop-due.server.ts';
import { measureDraft } from '../../pipeline/change-policy.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleMeasurePolicy(
  ctx: WorkerContext,
  { data: { shopId } }: Job<'measure-policy'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'measure-policy');
  await measureDraft(ctx, shopId);
  if (due) await settle(ctx.db, due, null);
}
