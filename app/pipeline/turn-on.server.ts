/** Turning segments on, after the review that was approved. */
import type { Db, ShopId } from '../db/tenancy.server.ts';
import type { Log } from '../log.server.ts';
import type { TurnOnReview } from '../segments/turn-on-review.ts';
import { applyChange } from './apply-change.server.ts';
import type { BusyChange, StartedChange } from './start-change.server.ts';

export interface TurnOnInput {
  /** Keys of segments that are not live. */
  keys: readonly string[];
  /** Of the review that was approved. */
  fingerprint: string;
  /** The Shopify user id of the person, or "demo". */
  actor: string;
  /** Business time. */
  now: Date;
  /** Automations of the merchant's start for those who are in already, too; default: no. */
  startAutomations?: boolean;
}

export type TurnedOn =
  | { outcome: 'done'; review: TurnOnReview; entered: number; queued: number; approvalId: string }
  /** The store has moved on beyond the bound since the review, or something else was approved: nothing was done, here is the new one. */
  | { outcome: 'changed'; review: TurnOnReview }
  /**
   * The first import has not been worked out yet, none of the keys is a segment that can be turned on, or a rule
   * rests on predictions and the store has none that can be relied on, or on what the shop cannot supply, it would be too much together, or the store is
   * being left.
   */
  | {
      outcome: 'not_ready';
      reason:
        'not_imported' | 'nothing_to_turn_on' | 'no_predictions' | 'not_available' | 'too_much' | 'leaving';
    }
  /** A large store: worked out in the background. Or another change is. */
  | StartedChange
  | BusyChange;

export async function turnOn(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  { keys, ...approved }: TurnOnInput,
): Promise<TurnedOn> {
  const applied = await applyChange(ctx, shopId, { change: { act: 'turn_on', keys }, ...approved });
  switch (applied.outcome) {
    case 'done': {
      const { review, entered, queued, approvalId } = applied;
      return { outcome: 'done', review, entered, queued, approvalId };
    }
    case 'ask':
    case 'changed':
      return { outcome: 'changed', review: applied.review };
    case 'started':
    case 'busy':
      return applied;
    case 'not_ready': {
      const { reason } = applied;
      return { outcome: 'not_ready', reason: reason === 'nothing_to_change' ? 'nothing_to_turn_on' : reason };
    }
  }
}
