/** A change of segments of a large store: worked out in the background, reviewed, put in force in steps. */
import type { ReviewCounts } from './review-counts.ts';
import type { SegmentChange } from './segment-change.ts';

export type ChangeState =
  /** Who would move is worked out; nothing is in force. */
  | 'working'
  /** Worked out: a person looks at it. */
  | 'ready'
  /** Approved: who has changed since is looked at once more. */
  | 'approved'
  /** In force: memberships and tags follow in steps. */
  | 'applying'
  | 'done'
  /** Given up: what was worked out is being thrown away. */
  | 'cancelling'
  | 'cancelled'
  /** It could not be worked out; `message` says why. */
  | 'failed';

export interface ChangeRun {
  id: string;
  state: ChangeState;
  change: SegmentChange;
  basis: string;
  actor: string;
  note: string;
  /** Business time. */
  startedAt: Date;
  ask: boolean;
  startAutomations: boolean;
  approvedAt: Date | null;
  approvalId: string | null;
  cursor: string;
  /** Customers of the step that is under way. */
  done: number;
  total: number;
  review: ReviewCounts | null;
  /** When the whole of it was counted (business time). */
  countedAt: Date | null;
  headers: string[];
  entered: number;
  left: number;
  message: string | null;
}

/** Under way: no other change of segments begins. */
export function isUnderWay({ state }: Pick<ChangeRun, 'state'>): boolean {
  return state !== 'done' && state !== 'cancelled' && state !== 'failed';
}

/** Until it is in force it can be given up, and nothing has happened. */
export function canBeCancelled({ state }: Pick<ChangeRun, 'state'>): boolean {
  return state === 'working' || state === 'ready' || state === 'approved';
}
