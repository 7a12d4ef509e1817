/**
 * The review before anything is written to a store: who gains and loses which tag. Computed with the statement that
 * keeps memberships, as the segments would be, against the tags that Shopify says the customers have. Reads only.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { countReview } from './count-review.server.ts';
import { fitInOneStatement } from './fit-in-one-statement.ts';
import { compileSegments, heldMemberships } from './membership-difference.ts';
import { proposeChange, type Proposal } from './propose-change.server.ts';
import { restingOn } from './references.ts';
import { readRuleDay, type RuleDay } from './read-rule-day.server.ts';
import { NO_COUNTS, type ReviewCounts } from './review-counts.ts';
import { reviewFingerprint } from './review-fingerprint.server.ts';
import { canonical, isActive, stateOf, type SegmentChange } from './segment-change.ts';
import { rulesOf, withMates, type Segment } from './segment.ts';
import type { ChangeReview, ReviewedSegment } from './turn-on-review.ts';
import { usesPredictions } from './uses-predictions.ts';

/** Without segments when there is nothing to change, or it is too much to be worked out (read-unavailable.server.ts). */
export async function reviewChange(
  tx: ShopTx,
  { change, now }: { change: SegmentChange; now: Date },
): Promise<ChangeReview> {
  return reviewProposal(tx, { act: change.act, proposal: await proposeChange(tx, change), now });
}

/** The targets, the segments that share a set with one of them, before or after, and those that ask for their members. */
export function affectedBy({ targets, all }: Proposal): Segment[] {
  const ids = new Set(targets.map(({ after }) => after.id));
  const sets = new Set(targets.flatMap(({ before, after }) => [before.setId, after.setId]));
  sets.delete(null);
  const direct = all.filter(({ id, setId }) => ids.has(id) || (setId !== null && sets.has(setId)));
  const resting = new Set(restingOn(all, new Set(direct.map(({ id }) => id))).map(({ id }) => id));
  return withMates(all, ({ id }) => resting.has(id)).filter(
    (segment) => ids.has(segment.id) || (isActive(segment) && segment.unavailable === null),
  );
}

export async function reviewProposal(
  tx: ShopTx,
  { act, proposal, now }: { act: SegmentChange['act']; proposal: Proposal; now: Date },
): Promise<ChangeReview> {
  const ruleDay = await readRuleDay(tx, now);
  const affected = affectedBy(proposal);
  if (affected.length === 0) return EMPTY;
  // Joins of everybody with everybody's tags: see touched-customers.server.ts on what the planner expects.
  await tx.query(`SELECT set_config('enable_nestloop', 'off', true)`);
  const active = affected.filter(isActive);
  if (!fitInOneStatement(active, ruleDay.context)) return EMPTY;
  const held =
    active.length > 0
      ? heldMemberships(
          tx.shopId,
          compileSegments(active),
          { ...ruleDay.context, undoing: proposal.undoing },
          { touched: false },
        )
      : sql`WITH held (customer_id, segment_id) AS (SELECT NULL::bigint, NULL::bigint WHERE false)`;
  const counts = await countReview(tx, { affected, tagPrefix: ruleDay.day.tagPrefix, held });
  return reviewOf({ act, affected, ruleDay }, counts);
}

/** Everything that must not change between a review and its approval. */
export function decidedOn({
  act,
  affected,
  ruleDay: { day, context, predictions },
}: {
  act: SegmentChange['act'];
  affected: readonly Segment[];
  ruleDay: RuleDay;
}): unknown {
  const resting = affected.filter(isActive).some((segment) => rulesOf(segment).some(usesPredictions));
  return {
    act,
    // By key: a new step of a set is made anew when it is approved.
    segments: affected.map((segment) => [
      segment.key,
      segment.ruleVersion,
      day.tagPrefix + segment.tagName,
      canonical(stateOf(segment)),
    ]),
    cutPoints: context.cutPoints.version,
    today: context.today,
    ...(resting ? { predictions } : {}),
  };
}

/** The review as it is shown and approved. */
export function reviewOf(
  of: { act: SegmentChange['act']; affected: readonly Segment[]; ruleDay: RuleDay },
  counts: ReviewCounts,
): ChangeReview {
  const segments = of.affected.map((segment): ReviewedSegment => {
    const { id, key, name, tagName } = segment;
    const counted = counts.segments[id] ?? NO_COUNTS;
    const tag = of.ruleDay.day.tagPrefix + tagName;
    return { key, name, tag, ...counted, warning: warningOf(segment, counted.size, counts.everybody) };
  });
  const total = (pick: (segment: ReviewedSegment) => number) =>
    segments.reduce((sum, segment) => sum + pick(segment), 0);
  return {
    segments,
    customersAffected: counts.customers,
    tagAdditions: total(({ gains }) => gains),
    tagRemovals: total(({ loses }) => loses),
    spentByGaining: counts.spentByGaining,
    spentByLosing: counts.spentByLosing,
    sample: [...counts.sample],
    fingerprint: reviewFingerprint(decidedOn(of), segments),
  };
}

function warningOf(segment: Segment, size: number, everybody: number): ReviewedSegment['warning'] {
  if (!isActive(segment) || segment.trial || segment.kind === 'list') return null;
  if (size === 0) return 'no_one';
  return size >= everybody ? 'everyone' : null;
}

const EMPTY: ChangeReview = {
  segments: [],
  customersAffected: 0,
  tagAdditions: 0,
  tagRemovals: 0,
  spentByGaining: '0',
  spentByLosing: '0',
  sample: [],
  fingerprint: '',
};
