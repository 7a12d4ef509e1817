import type { ShopTx } from '../db/tenancy.server.ts';
import { readChangeRun } from '../segments/change-run.server.ts';
import { reviewOf } from '../segments/review-change.server.ts';
import type { ChangeReview } from '../segments/turn-on-review.ts';
import { planChange } from './plan-change.server.ts';
import { basisOf } from './work-out-change.server.ts';

/** What the change that waits for a person would do; null: none waits, or what it was worked out by is no more. */
export async function readChangeReview(tx: ShopTx, now: Date): Promise<ChangeReview | null> {
  const run = await readChangeRun(tx);
  if (run?.state !== 'ready' || !run.review) return null;
  const planned = await planChange(tx, run.change, now);
  return planned.outcome === 'not_ready' ? null : reviewOf({ act: run.change.act, ...planned }, run.review);
}

/**
 * Whether the counts of the change that waits for a person are those of now: of the day, the numbers and the segments by
 * which it would be approved. Else it is counted again by the night, or when somebody asks (renew-change.server.ts).
 */
export async function isAsCounted(tx: ShopTx, now: Date): Promise<boolean> {
  const run = await readChangeRun(tx);
  if (run?.state !== 'ready') return true;
  const planned = await planChange(tx, run.change, now);
  return planned.outcome === 'planned' && basisOf(run, planned) === run.basis;
}
