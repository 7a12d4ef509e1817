/**
 * Back to draft, in one transaction, when it is still what was approved: the segments keep nothing, and the tags that are ours are taken off by the
 * tag writer, because nobody is a member of a live segment any more who should have them. In a large store it is worked out
 * in the background; only a segment whose rule cannot be read is taken off here, because there is nobody to work out.
 */
import { afterMembership } from '../activation/after-membership.server.ts';
import { wakeNativeSegments } from '../activation/native-segments/wake-native-segments.server.ts';
import { queueChanged } from '../activation/tags/queue-changed.server.ts';
import { readTurnOffReview, type TurnOffReview } from '../activation/read-turn-off-review.server.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import { touchSelected } from '../history/touched-customers.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import type { Log } from '../log.server.ts';
import { emptySegments } from '../segments/empty-segments.server.ts';
import { evaluateSegments } from '../segments/evaluate-memberships.server.ts';
import { loadSegments } from '../segments/load-segments.server.ts';
import { compileSegments } from '../segments/membership-difference.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { proposeChange } from '../segments/propose-change.server.ts';
import { affectedBy } from '../segments/review-change.server.ts';
import { stillReviewed } from '../segments/review-fingerprint.server.ts';
import { isActive, stateOf } from '../segments/segment-change.ts';
import { scheduleReviews } from '../segments/schedule-reviews.server.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { EVALUATION_LIMIT_MS } from './apply-change.server.ts';
import type { NotReady } from './plan-change.server.ts';
import { recordApproval } from './record-approval.server.ts';
import {
  isLargeStore,
  startChange,
  startedElsewhere,
  type BusyChange,
  type StartedChange,
} from './start-change.server.ts';

export type TurnedOff =
  | { outcome: 'done'; review: TurnOffReview; left: number; queued: number }
  /** As of `TurnedOn`. */
  | { outcome: 'changed'; review: TurnOffReview }
  /** None of the keys is a segment that is on. */
  | { outcome: 'nothing_to_turn_off' }
  /** In a large store: the rules of these cannot be read, those of others can. They are turned off by themselves. */
  | { outcome: 'apart'; segments: NamedSegment[] }
  /** In a large store: it cannot be worked out now. */
  | { outcome: 'not_ready'; reason: NotReady }
  /** A large store: worked out in the background. Or another change is. */
  | StartedChange
  | BusyChange;

export interface NamedSegment {
  key: string;
  name: string;
}

/** Of these, the segments that are on and whose rule cannot be read. */
export async function readUnreadable(tx: ShopTx, keys: readonly string[]): Promise<NamedSegment[]> {
  return unreadableOf(await loadSegments(tx, { keys, statuses: ON }));
}

const ON = ['live', 'paused', 'failing'] as const;

function unreadableOf(segments: Awaited<ReturnType<typeof loadSegments>>): NamedSegment[] {
  return segments.flatMap(({ key, name, rule }) => (rule === null ? [{ key, name }] : []));
}

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
  { atOnce }: { atOnce?: number } = {},
): Promise<TurnedOff> {
  return ctx.db.inShop(shopId, async (tx) => {
    await allowMassAct(tx);
    await waitForShop(tx, shopId);
    const busy = await startedElsewhere(tx);
    if (busy) return busy;
    const segments = await loadSegments(tx, { keys, statuses: ON });
    if (segments.length === 0) return { outcome: 'nothing_to_turn_off' };
    if (await isLargeStore(tx, atOnce)) {
      const unreadable = unreadableOf(segments);
      if (unreadable.length === 0) {
        return startChange(tx, { change: { act: 'turn_off', keys }, actor, now, ask: true });
      }
      // The background would leave them out, and they would stay on without a word.
      if (unreadable.length < segments.length) return { outcome: 'apart', segments: unreadable };
    }
    const review = await readTurnOffReview(tx, keys, now);
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
    const readable = (await loadSegments(tx)).filter((segment) => segment.rule !== null);
    const proposal = await proposeChange(tx, { act: 'turn_off', keys });
    const before = readable.filter(({ id }) => ids.includes(id));
    const left = await emptySegments(tx, ids, { now, cause: 'activation', cutPoints });
    await tx.query(sql`
      UPDATE segment SET status = 'draft', trial = false, live_since = NULL, failure = NULL
       WHERE shop_id = ${shopId} AND id = ANY(${ids}::bigint[])`);
    await tx.query(sql`
      DELETE FROM segment_person
       WHERE shop_id = ${shopId} AND list = 'trial' AND segment_id = ANY(${ids}::bigint[])`);
    await recordApproval(tx, {
      at: now,
      actor,
      act: 'turn_off',
      segments,
      shown,
      done: review,
      before: Object.fromEntries(before.map((segment) => [segment.id, stateOf(segment)])),
    });
    const active = readable.filter((segment) => !ids.includes(segment.id) && isActive(segment));
    // Who was in a segment of a set may be in the next one of it now, and in one that asks for its members.
    const moved = affectedBy(proposal).filter(({ id }) => !ids.includes(id));
    const { failedIds } = await evaluateSegments(tx, compileSegments(moved), {
      now,
      context,
      limitMs: EVALUATION_LIMIT_MS,
      log: ctx.log,
    });
    await scheduleReviews(tx, active.filter(({ id }) => !failedIds.includes(id)), context); // prettier-ignore
    await tx.query(
      `INSERT INTO changed_customer SELECT customer_id FROM touched_customer ON CONFLICT DO NOTHING`,
    );
    const queued = await queueChanged(tx, now);
    await afterMembership(tx, { now, scope: 'moved' });
    await wakeNativeSegments(tx);
    ctx.log.info({ shopId, keys: segments.map(({ key }) => key), left, queued }, 'segments turned off');
    return { outcome: 'done', review, left, queued };
  });
}
