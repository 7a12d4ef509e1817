/** Drafts and ideas of a large store are counted, so that no page has to. */
import { settle } from '../../db/shop-due.server.ts';
import { allowMassAct } from '../../db/allow-mass-act.server.ts';
import { storeDraftSizes } from '../../segments/draft-sizes.server.ts';
import { storeIdeas } from '../../segments/idea-sizes.server.ts';
import type { Job } from '../job-handler.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleSegmentSizes(
  ctx: WorkerContext,
  { data: { shopId } }: Job<'segment-sizes'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'segment-sizes');
  const counted = await ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    return storeDraftSizes(tx, ctx.clock.now());
  });
  const ideas = await ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    return storeIdeas(tx, ctx.clock.now());
  });
  ctx.log.info({ shopId, counted, ideas }, 'drafts and ideas counted');
  if (due) await settle(ctx.db, due, null);
}
