/**
 * Turning segments on, in one transaction: review again, compare with what was approved, set live, record the
 * approval, evaluate everybody for them, queue the tags. All of it or nothing; with the shop's lock held, so
 * what is done is what the review of this instant says: what was approved, within the bound.
 */
import { queueChanged } from '../activation/queue-changed.server.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { touchSelected } from '../history/touched-customers.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import type { Log } from '../log.server.ts';
import { evaluateSegments } from '../segments/evaluate-memberships.server.ts';
import { loadReadableSegments } from '../segments/load-segments.server.ts';
import { compileSegments } from '../segments/membership-difference.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { stillReviewed } from '../segments/review-fingerprint.server.ts';
import { reviewTurnOn } from '../segments/review-turn-on.server.ts';
import { scheduleReviews } from '../segments/schedule-reviews.server.ts';
import type { TurnOnReview } from '../segments/turn-on-review.ts';
import { usesPredictions } from '../segments/uses-predictions.ts';
import { allowMassAct } from './allow-mass-act.server.ts';
import { recordApproval } from './record-approval.server.ts';

export interface TurnOnInput {
  /** Keys of segments that are not live. */
  keys: readonly string[];
  /** Of the review that was approved. */
  fingerprint: string;
  /** The Shopify user id of the person, or "demo". */
  actor: string;
  /** Business time. */
  now: Date;
}

export type TurnedOn =
  | { outcome: 'done'; review: TurnOnReview; entered: number; queued: number }
  /** The store has moved on beyond the bound since the review, or something else was approved: nothing was done, here is the new one. */
  | { outcome: 'changed'; review: TurnOnReview }
  /**
   * The first import has not been worked out yet, none of the keys is a segment that can be turned on, or a rule
   * rests on predictions and the store has none that can be relied on.
   */
  | { outcome: 'not_ready'; reason: 'not_imported' | 'nothing_to_turn_on' | 'no_predictions' };

export async function turnOn(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  { keys, fingerprint, actor, now }: TurnOnInput,
): Promise<TurnedOn> {
  return ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const { cutPoints, predictions, context, day } = await readRuleDay(tx, now);
    if (cutPoints.version === 0) return { outcome: 'not_ready', reason: 'not_imported' };
    const review = await reviewTurnOn(tx, { keys, now });
    if (review.segments.length === 0) return { outcome: 'not_ready', reason: 'nothing_to_turn_on' };
    const reviewed = await loadReadableSegments(tx, { keys: review.segments.map(({ key }) => key) });
    if (predictions === null && reviewed.some(({ rule }) => usesPredictions(rule))) {
      return { outcome: 'not_ready', reason: 'no_predictions' };
    }
    const shown = stillReviewed(fingerprint, review);
    if (!shown) return { outcome: 'changed', review };

    const approved = review.segments.map(({ key }) => key);
    await tx.query(sql`
      UPDATE segment SET status = 'live', live_since = ${now}, failure = NULL
       WHERE shop_id = ${shopId} AND key = ANY(${approved}::text[])`);
    const segments = await loadReadableSegments(tx, { keys: approved });
    await recordApproval(tx, { at: now, actor, act: 'turn_on', segments, shown, done: review });

    await touchSelected(
      tx,
      sql`SELECT customer_id, 'activation' FROM profile WHERE shop_id = ${shopId} ORDER BY customer_id`,
    );
    const { entered, failedIds } = await evaluateSegments(tx, compileSegments(segments), {
      now,
      context,
      limitMs: EVALUATION_LIMIT_MS,
      log: ctx.log,
    });
    const active = await loadReadableSegments(tx, { statuses: ['live', 'paused'] });
    await scheduleReviews(tx, active, context);
    await alsoCompareTagged(tx, { segments, tagPrefix: day.tagPrefix });
    const queued = await queueChanged(tx, now);
    ctx.log.info({ shopId, keys: approved, entered, queued, failedIds }, 'segments turned on');
    return { outcome: 'done', review, entered, queued };
  });
}

const EVALUATION_LIMIT_MS = 240_000;

/** Members of before (a paused segment that goes on) and bearers of a tag of ours from before. */
async function alsoCompareTagged(
  tx: ShopTx,
  { segments, tagPrefix }: { segments: readonly { id: string; tagName: string }[]; tagPrefix: string },
): Promise<void> {
  const segmentIds = segments.map(({ id }) => id);
  const tagKeys = segments.map(({ tagName }) => tagKey(tagPrefix + tagName));
  await tx.query(sql`
    INSERT INTO changed_customer (customer_id)
    SELECT customer_id FROM membership
     WHERE shop_id = ${tx.shopId} AND segment_id = ANY(${segmentIds}::bigint[])
    UNION
    SELECT o.customer_id FROM tag_owned o
      JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = o.customer_id
     WHERE o.shop_id = ${tx.shopId} AND o.tag_key = ANY(${tagKeys}::text[])
    ON CONFLICT DO NOTHING`);
}
