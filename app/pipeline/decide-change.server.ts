/** A person's word on a change of segments that was worked out in the background. */
import { waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { canBeCancelled } from '../segments/change-run.ts';
import { noteChangeRun, readChangeRun } from '../segments/change-run.server.ts';
import { reviewOf } from '../segments/review-change.server.ts';
import { planChange } from './plan-change.server.ts';
import { recordBrake } from './record-brake.server.ts';
import { wakeChange } from './start-change.server.ts';
import { basisOf, beginAnew } from './work-out-change.server.ts';

export type ApprovedChange =
  | { outcome: 'approved' }
  /** What it was worked out by, or its numbers, are others by now: they are shown first. */
  | { outcome: 'changed' }
  /** It is over, or another one took its place. */
  | { outcome: 'gone' };

export async function approveChange(
  ctx: { db: Db },
  shopId: ShopId,
  approved: { id: string; fingerprint: string; startAutomations: boolean; actor: string; now: Date },
): Promise<ApprovedChange> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const run = await readChangeRun(tx);
    if (run?.id !== approved.id || run.state !== 'ready' || !run.review) return { outcome: 'gone' };
    const planned = await planChange(tx, run.change, approved.now);
    if (planned.outcome === 'not_ready' || basisOf(run, planned) !== run.basis) {
      await beginAnew(tx, { looked: true });
      await wakeChange(tx);
      return { outcome: 'changed' };
    }
    if (reviewOf({ act: run.change.act, ...planned }, run.review).fingerprint !== approved.fingerprint) {
      // It was counted anew since this page was read.
      await noteChangeRun(tx, { message: 'changed' });
      return { outcome: 'changed' };
    }
    // Whoever has changed since is looked at and counted before the switch, where it is compared once more.
    await noteChangeRun(tx, {
      state: 'approved',
      actor: approved.actor,
      approvedAt: approved.now,
      startAutomations: approved.startAutomations,
      message: null,
    });
    await wakeChange(tx);
    return { outcome: 'approved' };
  });
}

/** Memberships, rules and tags are as before: none of them was touched. @returns false when it is too late, or over */
export async function cancelChange(
  ctx: { db: Db },
  shopId: ShopId,
  { id, actor, now }: { id: string; actor: string; now: Date },
): Promise<boolean> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const run = await readChangeRun(tx);
    if (run?.id !== id || !canBeCancelled(run)) return false;
    await noteChangeRun(tx, { state: 'cancelling', message: null });
    await recordBrake(tx, { at: now, actor, act: 'cancel_change' });
    await wakeChange(tx);
    return true;
  });
}
