/**
 * A change of segments, in one transaction: review again, compare with what was approved, write the new states,
 * record the approval, evaluate everybody for them, queue the tags. All of it or nothing; with the shop's lock held,
 * so what is done is what the review of this instant says: what was approved, within the bound.
 *
 * Turning on always asks first. Other changes are made at once when they touch no more customers than the merchant
 * wants to be asked for.
 */
import { afterMembership } from '../activation/after-membership.server.ts';
import { afterSegmentsChange } from '../activation/after-segment-edit.server.ts';
import { releaseFormerTags } from '../activation/leftovers/release-former.server.ts';
import { takeAdopted } from '../activation/tags/found-tags.server.ts';
import { queueChanged } from '../activation/tags/queue-changed.server.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { touchSelected } from '../history/touched-customers.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import type { Log } from '../log.server.ts';
import { emptySegments } from '../segments/empty-segments.server.ts';
import { evaluateSegments } from '../segments/evaluate-memberships.server.ts';
import { loadReadableSegments } from '../segments/load-segments.server.ts';
import { compileSegments } from '../segments/membership-difference.ts';
import type { Proposal } from '../segments/propose-change.server.ts';
import type { RuleDay } from '../segments/read-rule-day.server.ts';
import { reviewProposal } from '../segments/review-change.server.ts';
import { stillReviewed } from '../segments/review-fingerprint.server.ts';
import { scheduleReviews } from '../segments/schedule-reviews.server.ts';
import { causeOf, isActive, type SegmentChange } from '../segments/segment-change.ts';
import type { Segment } from '../segments/segment.ts';
import type { ChangeReview } from '../segments/turn-on-review.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { enforceChange, needsApproval } from './enforce-change.server.ts';
import { emptiedBy, planChange, type NotReady } from './plan-change.server.ts';
import {
  isLargeStore,
  startChange,
  startedElsewhere,
  type BusyChange,
  type StartedChange,
} from './start-change.server.ts';

export interface ChangeInput {
  change: SegmentChange;
  /** Of the review that was approved; without one the change is made only if it needs no approval. */
  fingerprint?: string;
  /** The Shopify user id of the person, or "demo". */
  actor: string;
  /** Business time. */
  now: Date;
  note?: string;
  /** Automations of the merchant's start for those whom this moves, too (paced, stoppable); default: no. */
  startAutomations?: boolean;
}

export type AppliedChange =
  | {
      outcome: 'done';
      review: ChangeReview;
      entered: number;
      left: number;
      queued: number;
      /** Keys of segments that could not be evaluated. */
      failed: string[];
      /** The receipt: what undoing names. */
      approvalId: string;
    }
  /** Needs a person's approval: nothing was done. */
  | { outcome: 'ask'; review: ChangeReview }
  /** The store has moved on beyond the bound since the review, or something else was approved: nothing was done, here is the new one. */
  | { outcome: 'changed'; review: ChangeReview }
  | { outcome: 'not_ready'; reason: NotReady }
  /** A large store: it is worked out, or followed, in the background. */
  | StartedChange
  | BusyChange;

export async function applyChange(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  input: ChangeInput,
  { atOnce }: { atOnce?: number } = {},
): Promise<AppliedChange> {
  return ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const busy = await startedElsewhere(tx);
    if (busy) return busy;
    if (!(await isLargeStore(tx, atOnce))) return applyChangeIn(tx, ctx, input);
    // What a person has approved here is another review than that of the background: they see that one first.
    return startChange(tx, { ...input, ask: input.fingerprint !== undefined });
  });
}

/** As `applyChange`, in a transaction that holds the shop's lock. */
export async function applyChangeIn(
  tx: ShopTx,
  ctx: { log: Log },
  { change, fingerprint, actor, now, note = '', startAutomations = false }: ChangeInput,
): Promise<AppliedChange> {
  const planned = await planChange(tx, change, now);
  if (planned.outcome === 'not_ready') return planned;
  const { ruleDay, proposal, affected } = planned;
  const review = await reviewProposal(tx, { act: change.act, proposal, now });
  let shown;
  if (fingerprint === undefined) {
    if (await needsApproval(tx, { change, affected, review })) return { outcome: 'ask', review };
    shown = review.segments;
  } else {
    shown = stillReviewed(fingerprint, review);
    if (!shown) return { outcome: 'changed', review };
  }

  const approvalId = await enforceChange(tx, {
    change,
    proposal,
    affected,
    shown,
    review,
    actor,
    note,
    now,
  });
  const moved = await moveMembers(tx, ctx, { change, proposal, affected, ruleDay, now });
  const queued = await queueChanged(tx, now);
  const liveTags = affected.filter(isActive).map(({ tagName }) => tagKey(ruleDay.day.tagPrefix + tagName));
  if (liveTags.length > 0) await takeAdopted(tx, liveTags, now);
  await releaseFormerTags(tx, now);
  const runOfFlow = startAutomations ? { id: approvalId, actor } : null;
  await afterMembership(tx, { now, startAutomations: runOfFlow, scope: 'moved' });
  await afterSegmentsChange(tx, affected.map(({ id }) => id), now); // prettier-ignore
  const { entered, left, failed } = moved;
  ctx.log.info(
    {
      shopId: tx.shopId,
      act: change.act,
      keys: affected.map(({ key }) => key),
      entered,
      left,
      queued,
      failed,
    },
    'segments changed',
  );
  return { outcome: 'done', review, entered, left, queued, failed, approvalId };
}

async function moveMembers(
  tx: ShopTx,
  { log }: { log: Log },
  {
    change,
    proposal,
    affected,
    ruleDay,
    now,
  }: { change: SegmentChange; proposal: Proposal; affected: readonly Segment[]; ruleDay: RuleDay; now: Date },
): Promise<{ entered: number; left: number; failed: string[] }> {
  const { context, day, cutPoints } = ruleDay;
  const cause = causeOf(change.act);
  const ids = affected.map(({ id }) => id);
  const emptied = emptiedBy(proposal);
  const tagKeys = affected.map(({ tagName }) => tagKey(day.tagPrefix + tagName));
  // With a segment that is gone also those who have left the shop's profiles, with whatever is ours on them.
  await touchSelected(
    tx,
    sql`SELECT customer_id, ${cause}::text FROM (
          SELECT customer_id FROM profile WHERE shop_id = ${tx.shopId}
          UNION SELECT customer_id FROM membership
                 WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${ids}::bigint[])) known ORDER BY customer_id`,
  );
  await tx.query(sql`
    INSERT INTO changed_customer (customer_id)
    SELECT m.customer_id FROM membership m
      JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = m.customer_id
     WHERE m.shop_id = ${tx.shopId} AND m.segment_id = ANY(${ids}::bigint[])
    UNION
    SELECT o.customer_id FROM tag_owned o
      JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = o.customer_id
     WHERE o.shop_id = ${tx.shopId} AND o.tag_key = ANY(${tagKeys}::text[])
    ON CONFLICT DO NOTHING`);
  const gone = emptied.length > 0 ? await emptySegments(tx, emptied, { now, cause, cutPoints }) : 0;
  const activeIds = new Set(affected.filter(isActive).map(({ id }) => id));
  const active = await loadReadableSegments(tx, { statuses: ['live', 'paused'] });
  const result = await evaluateSegments(tx, compileSegments(active.filter(({ id }) => activeIds.has(id))), {
    now,
    context,
    limitMs: EVALUATION_LIMIT_MS,
    log,
  });
  await scheduleReviews(tx, active.filter(({ id }) => !result.failedIds.includes(id)), context); // prettier-ignore
  const failed = affected.filter(({ id }) => result.failedIds.includes(id)).map(({ key }) => key);
  return { entered: result.entered, left: result.left + gone, failed };
}

/** Of one statement that evaluates everybody, in an act of allow-mass-act.server.ts. */
export const EVALUATION_LIMIT_MS = 240_000;
