/** Works the outbox until it is empty, and settles the wake-up at the version that was there before. */
import { wakeReach } from '../../activation/held/held-reach.server.ts';
import { wakeNativeSegments } from '../../activation/native-segments/wake-native-segments.server.ts';
import { pushTags } from '../../activation/tags/push-tags.server.ts';
import { advanceRename } from '../../activation/rename/advance-rename.server.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

const COUNT_AFTER_MS = 30_000;
/** A change of tags that waits (a check, a limit) is looked at again after so long. */
const RENAME_WAIT_MS = 15_000;

export async function handlePushTags(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'push-tags'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'outbox');
  const push = { ...ctx, admin: await ctx.adminFor(shopId) };
  let { nextAt } = await pushTags(push, shopId, { signal });
  for (;;) {
    const rename = await advanceRename(push, shopId);
    if (rename === 'wait') {
      const later = new Date(ctx.clock.machineNow().getTime() + RENAME_WAIT_MS);
      nextAt = nextAt === null || later < nextAt ? later : nextAt;
    }
    if (rename !== 'write') break;
    ({ nextAt } = await pushTags(push, shopId, { signal }));
  }
  // Shopify's segments follow the tags after a while.
  const later = new Date(ctx.clock.machineNow().getTime() + COUNT_AFTER_MS);
  await ctx.db.inShop(shopId, async (tx) => {
    await wakeNativeSegments(tx, later);
    // Whoever was set free meanwhile by what they did: Flow and metafields wait for them no longer.
    await wakeReach(tx);
  });
  if (due) await settle(ctx.db, due, nextAt);
}
