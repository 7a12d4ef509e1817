import { raiseAttention } from '../activation/flow/raise-attention.server.ts';
import type { ShopId } from '../db/tenancy.server.ts';
import type { WorkerContext } from './worker-context.server.ts';

/**
 * After each job, ended or refused: whatever it brought about that waits for a person is told to Flow. Its own failure
 * is no failure of the job; the next job tells it.
 */
export async function tellWhatWaits(
  { db, clock, log }: Pick<WorkerContext, 'db' | 'clock' | 'log'>,
  shopId: ShopId,
): Promise<void> {
  try {
    await db.inShop(shopId, (tx) => raiseAttention(tx, clock.now()));
  } catch (error) {
    log.error({ err: error }, 'what waits for a person could not be told to Flow');
  }
}
