/** Works the outbox of customer metafields, and settles the wake-up at the version that was there before. */
import { writeMetafields } from '../../activation/metafields/write-metafields.server.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleWriteMetafields(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'write-metafields'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'metafields');
  const nextAt = await writeMetafields({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId, { signal });
  if (due) await settle(ctx.db, due, nextAt);
}
