/** Brings the segments in Shopify in step with ours, and settles the wake-up at the version that was there before. */
import { syncNativeSegments } from '../../activation/native-segments/sync-native-segments.server.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleSyncNativeSegments(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'sync-native-segments'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'native-segments');
  const nextAt = await syncNativeSegments({ ...ctx, admin: await ctx.adminFor(shopId) }, shopId, { signal });
  if (due) await settle(ctx.db, due, nextAt);
}
