import type { ShopTx } from '../db/tenancy.server.ts';
import { reviewChange } from './review-change.server.ts';
import type { TurnOnReview } from './turn-on-review.ts';

/**
 * @param keys segments to turn on; those that are live already or unknown are left out of the review, and so are
 *   drafts whose rule cannot be read. Live segments that share a set with one of them are in it: they may lose members.
 */
export async function reviewTurnOn(
  tx: ShopTx,
  { keys, now }: { keys: readonly string[]; now: Date },
): Promise<TurnOnReview> {
  return reviewChange(tx, { change: { act: 'turn_on', keys }, now });
}
