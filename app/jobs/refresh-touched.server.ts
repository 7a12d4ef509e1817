/**
 * What was touched is computed at once, in the caller's transaction; too much of it, or what could not be computed
 * at once, goes to a job of its own.
 */
import type { Clock } from '../clock.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { Touched } from '../intake/apply-facts.server.ts';
import type { Log } from '../log.server.ts';
import { refresh } from '../pipeline/refresh.server.ts';
import type { JobSender } from './sender.server.ts';

/** Above this a transaction would hold the shop for too long. */
export const MAX_TOUCHED = 1_000;

export async function refreshTouched(
  ctx: { clock: Clock; log: Log; jobs: JobSender },
  tx: ShopTx,
  touched: Touched,
  { asJob = false }: { asJob?: boolean } = {},
): Promise<void> {
  if (touched.size <= MAX_TOUCHED && !asJob) {
    await refresh(tx, { touched, now: ctx.clock.now(), log: ctx.log });
    return;
  }
  const customers = [...touched];
  for (let from = 0; from < customers.length; from += MAX_TOUCHED) {
    await ctx.jobs.send(
      'refresh',
      { shopId: tx.shopId, touched: customers.slice(from, from + MAX_TOUCHED) },
      { tx },
    );
  }
  ctx.log.info(
    { shopId: tx.shopId, customers: customers.length },
    'a job computes the customers that were touched',
  );
}
