/** A change of segments that is under way, step after step until it waits for a person or is over. */
import type { Clock } from '../clock.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';
import type { ChangeRun } from '../segments/change-run.ts';
import { noteChangeRun, readChangeRun } from '../segments/change-run.server.ts';
import { dropMade } from './arrange-set.server.ts';
import { followStep } from './follow-change.server.ts';
import { dropTrial } from './try-segment.server.ts';
import { putInForceStep, workOutStep, type StepOptions } from './work-out-change.server.ts';

/** Customers in one transaction: under two seconds with forty segments. */
const CHUNK = 5_000;

export async function goOnWithChange(
  ctx: { db: Db; clock: Clock; log: Log },
  shopId: ShopId,
  { chunk = CHUNK, signal }: { chunk?: number; signal?: AbortSignal } = {},
): Promise<void> {
  for (;;) {
    signal?.throwIfAborted();
    const going = await ctx.db.inShop(shopId, async (tx) => {
      await waitForShop(tx, shopId);
      const run = await readChangeRun(tx);
      return run ? step(tx, run, { now: ctx.clock.now(), chunk, log: ctx.log }) : false;
    });
    if (!going) return;
  }
}

/** @returns whether there may be more to do */
async function step(tx: ShopTx, run: ChangeRun, options: StepOptions): Promise<boolean> {
  switch (run.state) {
    case 'working':
      await workOutStep(tx, run, options);
      return true;
    case 'approved':
      await putInForceStep(tx, run, options);
      return true;
    case 'applying':
      await followStep(tx, run, options);
      return true;
    case 'cancelling':
      await throwAwayStep(tx, run, options);
      return true;
    case 'ready':
    case 'done':
    case 'cancelled':
    case 'failed':
      return false;
  }
}

/** What was put aside goes, so many customers at a time. */
async function throwAwayStep(tx: ShopTx, run: ChangeRun, { chunk }: StepOptions): Promise<void> {
  const { rowCount } = await tx.query(sql`
    DELETE FROM segment_move m WHERE m.shop_id = ${tx.shopId} AND m.customer_id IN (
      SELECT DISTINCT customer_id FROM (
        SELECT customer_id FROM segment_move WHERE shop_id = ${tx.shopId} ORDER BY customer_id LIMIT ${chunk * 10}) next)`);
  if (rowCount) return;
  await tx.query(sql`DELETE FROM segment_move_again WHERE shop_id = ${tx.shopId}`);
  await dropMade(tx, run.change);
  await dropTrial(tx, run.change);
  await noteChangeRun(tx, { state: run.message === null ? 'cancelled' : 'failed' });
}
