/** What a change of segments would make of which segments, and whether it can be made now. Reads only. */
import { isLeaving } from '../activation/leaving/is-leaving.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { proposeChange, type Proposal } from '../segments/propose-change.server.ts';
import { readRuleDay, type RuleDay } from '../segments/read-rule-day.server.ts';
import { affectedBy } from '../segments/review-change.server.ts';
import { isActive, type SegmentChange } from '../segments/segment-change.ts';
import { isTooMuch, readUnavailable } from '../segments/read-unavailable.server.ts';
import { rulesOf, type Segment } from '../segments/segment.ts';
import { usesPredictions } from '../segments/uses-predictions.ts';

/**
 * The first import has not been worked out yet, there is nothing to change, a rule rests on predictions and the store
 * has none that can be relied on or on something else that the shop cannot supply, everything of
 * ours is being taken out of the store, or all that would be on is too much to be worked out together.
 */
export type NotReady =
  'not_imported' | 'nothing_to_change' | 'no_predictions' | 'not_available' | 'too_much' | 'leaving';

export interface PlannedChange {
  outcome: 'planned';
  ruleDay: RuleDay;
  proposal: Proposal;
  affected: Segment[];
}

export async function planChange(
  tx: ShopTx,
  change: SegmentChange,
  now: Date,
): Promise<PlannedChange | { outcome: 'not_ready'; reason: NotReady }> {
  if (await isLeaving(tx)) return { outcome: 'not_ready', reason: 'leaving' };
  const ruleDay = await readRuleDay(tx, now);
  if (ruleDay.cutPoints.version === 0) return { outcome: 'not_ready', reason: 'not_imported' };
  const proposal = await proposeChange(tx, change);
  if (proposal.targets.length === 0) return { outcome: 'not_ready', reason: 'nothing_to_change' };
  const affected = affectedBy(proposal);
  const resting = affected.filter(isActive).some((segment) => rulesOf(segment).some(usesPredictions));
  if (ruleDay.predictions === null && resting) return { outcome: 'not_ready', reason: 'no_predictions' };
  const unavailable = await readUnavailable(tx, proposal, now);
  if (unavailable.some(isTooMuch)) return { outcome: 'not_ready', reason: 'too_much' };
  if (unavailable.length > 0) return { outcome: 'not_ready', reason: 'not_available' };
  const context = { ...ruleDay.context, undoing: proposal.undoing };
  return { outcome: 'planned', ruleDay: { ...ruleDay, context }, proposal, affected };
}

/** Ids of the segments that keep nobody: they were on, and are drafts once it is made. */
export function emptiedBy({ targets }: Proposal): string[] {
  return targets
    .filter(({ before, after }) => before.status !== 'draft' && after.status === 'draft')
    .map(({ after }) => after.id);
}
