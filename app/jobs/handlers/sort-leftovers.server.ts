/** Looks for what an earlier installation left, and removes what is to go; settles the wake-up at the version before. */
import { findLeftovers } from '../../activation/leftovers/find-leftovers.server.ts';
import { removeLeftovers } from '../../activation/leftovers/remove-leftovers.server.ts';
import { settle } from '../../db/shop-due.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleSortLeftovers(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'sort-leftovers'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'leftovers');
  const asked = { ...ctx, admin: await ctx.adminFor(shopId) };
  const waiting = await findLeftovers(asked, shopId, { signal });
  const nextAt = await removeLeftovers(asked, shopId, { signal });
  if (waiting > 0) ctx.log.info({ shopId, waiting }, 'an earlier installation left things in the store');
  if (due) await settle(ctx.db, due, nextAt);
}
