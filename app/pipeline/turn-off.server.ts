/**
 * Back to draft, in one transaction, when it is still what was approved: the segments keep nothing, and the tags that are ours are taken off by the
 * tag writer, because nobody is a member of a live segment any more who should have them.
 */
import { queueChanged } from '../activation/queue-changed.server.ts';
import { readTurnOffReview, type TurnOffReview } from '../activation/read-turn-off-review.server.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId } from '../db/tenancy.server.ts';
import { touchSelected } from '../history/touched-customers.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import type { Log } from '../log.server.ts';
import { loadSegments } from '../segments/load-segments.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { stillReviewed } from '../segments/review-fingerprint.server.ts';
import { scheduleReviews } from '../segments/schedule-reviews.server.ts';
import { allowMassAct } from './allow-mass-act.server.ts';
import { recordApproval } from './record-approval.server.ts';

export type TurnedOff =
  | { outcome: 'done'; review: TurnOffReview; left: number; queued: number }
  /** As of `TurnedOn`. */
  | { outcome: 'changed'; review: TurnOffReview }
  /** None of the keys is a segment that is on. */
  | { outcome: 'nothing_to_turn_off' };

export async function turnOff(
  ctx: { db: Db; log: Log },
  shopId: ShopId,
  {
    keys,
    fingerprint,
    actor,
    now,
  }: {
    keys: readonly string[];
    /** Of the review that was approved. */
    fingerprint: string;
    actor: string;
    now: Date;
  },
): Promise<TurnedOff> {
  return ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const segments = await loadSegments(tx, { keys, statuses: ['live', 'paused', 'failing'] });
    if (segments.length === 0) return { outcome: 'nothing_to_turn_off' };
    const review = await readTurnOffReview(tx, keys);
    const shown = stillReviewed(fingerprint, review);
    if (!shown) return { outcome: 'changed', review };
    const ids = segments.map((segment) => segment.id);
    const { cutPoints, context, day } = await readRuleDay(tx, now);
    const tagKeys = segments.map(({ tagName }) => tagKey(day.tagPrefix + tagName));
    await touchSelected(
      tx,
      sql`SELECT p.customer_id, 'activation' FROM profile p
           WHERE p.shop_id = ${shopId} AND (
             EXISTS (SELECT FROM membership m WHERE m.shop_id = ${shopId} AND m.customer_id = p.customer_id
                        AND m.segment_id = ANY(${ids}::bigint[]))
             OR EXISTS (SELECT FROM tag_owned o
                         WHERE o.shop_id = ${shopId} AND o.customer_id = p.customer_id
                           AND o.tag_key = ANY(${tagKeys}::text[])))`,
    );
    const { rowCount: left } = await tx.query(sql`
      WITH removed AS (
        DELETE FROM membership WHERE shop_id = ${shopId} AND segment_id = ANY(${ids}::bigint[])
        RETURNING segment_id, customer_id, evidence
      )
      INSERT INTO membership_event (shop_id, segment_id, customer_id, kind, at, cause, rule_version,
                                    cut_points_version, evidence)
      SELECT ${shopId}, r.segment_id, r.customer_id, 'left', ${now}, 'activation', g.rule_version,
             ${cutPoints.version}::int, r.evidence
        FROM removed r JOIN segment g ON g.shop_id = ${shopId} AND g.id = r.segment_id
       ORDER BY r.customer_id, r.segment_id`);
    await tx.query(sql`
      UPDATE segment SET status = 'draft', live_since = NULL, failure = NULL
       WHERE shop_id = ${shopId} AND id = ANY(${ids}::bigint[])`);
    await recordApproval(tx, { at: now, actor, act: 'turn_off', segments, shown, done: review });
    const active = (await loadSegments(tx, { statuses: ['live', 'paused'] })).filter(
      (segment) => segment.rule !== null,
    );
    await scheduleReviews(tx, active, context);
    await tx.query(
      `INSERT INTO changed_customer SELECT customer_id FROM touched_customer ON CONFLICT DO NOTHING`,
    );
    const queued = await queueChanged(tx, now);
    ctx.log.info({ shopId, keys: segments.map(({ key }) => key), left, queued }, 'segments turned off');
    return { outcome: 'done', review, left: left ?? 0, queued };
  });
}
