/** Works the outbox of Flow, and settles the wake-up at the version that was there before. */
import { sendFlow } from '../../activation/flow/send-flow.server.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleSendFlow(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'send-flow'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'flow');
  const nextAt = await sendFlow({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId, { signal });
  if (due) await settle(ctx.db, due, nextAt);
}
