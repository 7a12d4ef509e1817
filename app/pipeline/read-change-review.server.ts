import type { ShopTx } from '../db/tenancy.server.ts';
import { readChangeRun } from '../segments/change-run.server.ts';
import { reviewOf } from '../segments/review-change.server.ts';
import type { ChangeReview } from '../segments/turn-on-review.ts';
import { planChange } from './plan-change.server.ts';

/** What the change that waits for a person would do; null: none waits, or what it was worked out by is no more. */
export async function readChangeReview(tx: ShopTx, now: Date): Promise<ChangeReview | null> {
  const run = await readChangeRun(tx);
  if (run?.state !== 'ready' || !run.review) return null;
  const planned = await planChange(tx, run.change, now);
  return planned.outcome === 'not_ready' ? null : reviewOf({ act: run.change.act, ...planned }, run.review);
}
