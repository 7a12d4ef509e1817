/** A change of segments in a large store: worked out until a person has to look at it, and put in force. */
import { settle } from '../../db/shop-due.server.ts';
import { goOnWithChange } from '../../pipeline/go-on-with-change.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleSegmentChange(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'segment-change'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'segment-change');
  await goOnWithChange(ctx, shopId, { signal });
  if (due) await settle(ctx.db, due, null);
}
