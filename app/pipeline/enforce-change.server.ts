/** A change that was approved, or needs no approval, is put in force: what the segments say from now on, and the receipt. */
import { haveOffers } from '../activation/offers/read-offers.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { readAskAbove } from '../segments/ask-above.server.ts';
import type { Proposal } from '../segments/propose-change.server.ts';
import type { ReviewedCounts } from '../segments/review-bound.ts';
import { stateOf, type SegmentChange } from '../segments/segment-change.ts';
import type { Segment } from '../segments/segment.ts';
import type { ChangeReview } from '../segments/turn-on-review.ts';
import { writeStates } from '../segments/write-states.server.ts';
import { recordApproval } from './record-approval.server.ts';

export interface EnforcedChange {
  change: SegmentChange;
  proposal: Proposal;
  affected: readonly Segment[];
  /** The counts that were approved, and those of this instant. */
  shown: readonly ReviewedCounts[];
  review: ChangeReview;
  actor: string;
  note: string;
  now: Date;
}

/** @returns the approval's id: what undoing names */
export async function enforceChange(tx: ShopTx, enforced: EnforcedChange): Promise<string> {
  const { change, proposal, affected, shown, review, actor, note, now } = enforced;
  const newSet = change.act === 'arrange_set' ? await writeSet(tx, change.set, now) : null;
  await writeStates(tx, proposal.targets, { now, actor, note, newSet });
  return recordApproval(tx, {
    at: now,
    actor,
    act: change.act,
    segments: affected,
    shown,
    done: review,
    before: Object.fromEntries(proposal.targets.map(({ before }) => [before.id, stateOf(before)])),
    undoes: change.act === 'undo' ? change.approvalId : null,
  });
}

/** Whether a person has to approve it. With an offer on a segment a change costs money: it asks whatever its size. */
export async function needsApproval(
  tx: ShopTx,
  { change, affected, review }: Pick<EnforcedChange, 'change' | 'affected' | 'review'>,
): Promise<boolean> {
  return (
    change.act === 'turn_on' ||
    // Nobody could be counted: that is not few.
    (affected.length > 0 && review.segments.length === 0) ||
    review.customersAffected > (await readAskAbove(tx)) ||
    (await haveOffers(tx, affected.map(({ id }) => id))) // prettier-ignore
  );
}

/** @returns the id of the set that was made; null when it was there */
async function writeSet(
  tx: ShopTx,
  set: Extract<SegmentChange, { act: 'arrange_set' }>['set'],
  now: Date,
): Promise<string | null> {
  const settings = JSON.stringify(set.settings);
  if (set.id !== undefined) {
    await tx.query(sql`
      UPDATE segment_set SET name = ${set.name}, kind = ${set.kind}, settings = ${settings}::jsonb
       WHERE shop_id = ${tx.shopId} AND id = ${set.id}::bigint`);
    return null;
  }
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO segment_set (shop_id, name, kind, settings, created_at)
    VALUES (${tx.shopId}, ${set.name}, ${set.kind}, ${settings}::jsonb, ${now}) RETURNING id`);
  return rows[0]?.id ?? null;
}
