/** Works the outbox until it is empty, and settles the wake-up at the version that was there before. */
import { pushTags } from '../../activation/push-tags.server.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handlePushTags(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'push-tags'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'outbox');
  const { nextAt } = await pushTags({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId, { signal });
  if (due) await settle(ctx.db, due, nextAt);
}
