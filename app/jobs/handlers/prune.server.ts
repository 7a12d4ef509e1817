/** What has been kept long enough is forgotten. */
import { pruneReach } from '../../activation/prune-reach.server.ts';
import { raiseAttention } from '../../activation/flow/raise-attention.server.ts';
import { pruneBulks } from '../../activation/tags/prune-bulks.server.ts';
import { pruneInbox } from '../../intake/inbox/prune.server.ts';
import { pruneRereads } from '../../intake/reread.server.ts';
import { prunePrivacyRequests } from '../../privacy/privacy-request.server.ts';
import { keepHistory } from '../../segments/keep-history.server.ts';
import type { Job } from '../job-handler.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handlePrune(ctx: WorkerContext, { data: { shopId } }: Job<'prune'>): Promise<void> {
  const now = ctx.clock.machineNow();
  await ctx.db.inShop(shopId, async (tx) => {
    await pruneInbox(tx, now);
    await pruneRereads(tx, now);
    await pruneBulks(tx, now);
    await pruneReach(tx, ctx.clock);
    await raiseAttention(tx, ctx.clock.now(), now);
    await prunePrivacyRequests(tx, now);
  });
  await keepHistory(ctx.db, shopId, ctx.clock.now());
}
