/** Works the outbox until it is empty, and settles the wake-up at the version that was there before. */
import { raiseAttention } from '../../activation/flow/raise-attention.server.ts';
import { wakeNativeSegments } from '../../activation/native-segments/wake-native-segments.server.ts';
import { pushTags } from '../../activation/push-tags.server.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

const COUNT_AFTER_MS = 30_000;

export async function handlePushTags(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'push-tags'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'outbox');
  const { nextAt } = await pushTags({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId, { signal });
  await ctx.db.inShop(shopId, async (tx) => {
    // What a limit or many removals held up is told; Shopify's segments follow the tags after a while.
    await raiseAttention(tx, ctx.clock.now());
    await wakeNativeSegments(tx, new Date(ctx.clock.machineNow().getTime() + COUNT_AFTER_MS));
  });
  if (due) await settle(ctx.db, due, nextAt);
}
