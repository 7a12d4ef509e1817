/** The days have moved (another time zone): everything is computed again, and the next night is planned by them. */
import { settle } from '../../db/shop-due.server.ts';
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
  await recomputeShop(ctx, shopId, { cause: 'timezone', publish: 'never' });
  await planNight(ctx, shopId);
  await settle(ctx.db, due, null);
}
