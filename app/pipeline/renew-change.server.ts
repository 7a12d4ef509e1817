import { waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { readChangeRun } from '../segments/change-run.server.ts';
import { planChange } from './plan-change.server.ts';
import { wakeChange } from './start-change.server.ts';
import { basisOf, beginAnew } from './work-out-change.server.ts';

/**
 * A change that waits for a person was worked out for a day. The night works it out anew, so that whoever looks in the
 * morning sees the numbers of that day, which are those that can be approved.
 * @param now business time. @returns whether it begins anew
 */
export async function renewChange(ctx: { db: Db }, shopId: ShopId, now: Date): Promise<boolean> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const run = await readChangeRun(tx);
    if (run?.state !== 'ready') return false;
    const planned = await planChange(tx, run.change, now);
    if (planned.outcome === 'planned' && basisOf(run, planned) === run.basis) return false;
    await beginAnew(tx, { looked: true });
    await wakeChange(tx);
    return true;
  });
}
