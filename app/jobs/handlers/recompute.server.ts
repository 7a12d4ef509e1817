/**
 * Everything is computed again: for each cause that somebody wished (background_run), or because the days have moved
 * (another time zone), after which the next night is planned by them. One that was paused waits for its next wish.
 */
import { settle } from '../../db/shop-due.server.ts';
import {
  isUnderWay,
  RECOMPUTE_KINDS,
  readRuns,
  type RecomputeKind,
} from '../../pipeline/background-run.server.ts';
import { recomputeShop } from '../../pipeline/recompute-shop.server.ts';
import type { Job } from '../job-handler.ts';
import { planNight } from '../plan-night.server.ts';
import { readDue } from '../read-due.server.ts';
import type { WorkerContext } from '../worker-context.server.ts';

export async function handleRecompute(
  ctx: WorkerContext,
  { data: { shopId } }: Job<'recompute'>,
): Promise<void> {
  const due = await readDue(ctx.db, shopId, 'recompute');
  if (!due) return;
  const runs = await ctx.db.inShop(shopId, readRuns);
  const wished = RECOMPUTE_KINDS.filter((kind) => runs.some((run) => run.kind === kind));
  const causes: readonly RecomputeKind[] = wished.length > 0 ? wished : ['timezone'];
  let paused = false;
  for (const cause of causes) {
    // Whoever changes what counts changes the numbers too, and has seen the effect before.
    const publish = cause === 'policy' || cause === 'undo' ? 'force' : 'never';
    let ended;
    // What was turned round, or overtaken by another policy or time zone, has left its row.
    do {
      ended = await recomputeShop(ctx, shopId, { cause, publish });
      paused = ended.paused || paused;
    } while (!ended.paused && (await ctx.db.inShop(shopId, (tx) => isUnderWay(tx, [cause]))));
  }
  if (!paused) await planNight(ctx, shopId);
  await settle(ctx.db, due, null);
}
