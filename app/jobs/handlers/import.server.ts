/** The import, then everything that is computed; then the value models are fitted and the first night is planned. */
import { settle } from '../../db/shop-due.server.ts';
import { installPresets } from '../../segments/install-presets.server.ts';
import { noteAvailability } from '../../segments/note-availability.server.ts';
import { recomputeShop } from '../../pipeline/recompute-shop.server.ts';
import { runImport } from '../../intake/import/run-import.server.ts';
import type { Job } from '../job-handler.ts';
import { planNight } from '../plan-night.server.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleImport(
  ctx: WorkerContext,
  { data: { shopId }, signal }: Job<'import'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'import');
  await ctx.db.inShop(shopId, (tx) => installPresets(tx, ctx.clock.now()));
  const ended = await runImport(
    {
      db: ctx.db,
      admin: await ctx.adminFor(shopId),
      clock: ctx.clock,
      log: ctx.log,
      fetchResult: ctx.fetchResult,
      redactionKey: ctx.config.redactionKey,
      signal,
      afterLoad: async (shop, onProgress) => {
        await ctx.db.inShop(shop, (tx) => noteAvailability(tx, { now: ctx.clock.now(), release: 'caller' }));
        return recomputeShop(ctx, shop, { cause: 'import', publish: 'if-due', onProgress });
      },
    },
    shopId,
  );
  if (ended.outcome === 'done') {
    await ctx.jobs.send('refit', { shopId });
    await planNight(ctx, shopId);
  }
  // Also when it failed: then a person must start it again.
  if (due) await settle(ctx.db, due, null);
}
