/**
 * A change that is in force, carried through: the moves that were worked out become memberships, history, reviews and
 * tags, some customers in each transaction under the shop's lock, with all that follows for them; what is left for the end
 * costs the same in every store. Killed anywhere it goes on after the last of them.
 */
import { afterMembership } from '../activation/after-membership.server.ts';
import { endRuns } from '../activation/flow/end-runs.server.ts';
import { releaseFormerTags } from '../activation/leftovers/release-former.server.ts';
import { takeAdopted } from '../activation/tags/found-tags.server.ts';
import { queueTouchedMembersMetafields } from '../activation/metafields/queue-metafields.server.ts';
import { wakeNativeSegments } from '../activation/native-segments/wake-native-segments.server.ts';
import { queueChanged } from '../activation/tags/queue-changed.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { touchCustomersAfter } from '../history/touched-customers.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import type { ChangeRun } from '../segments/change-run.ts';
import { noteChangeRun, readChangeUnderWay } from '../segments/change-run.server.ts';
import { loadReadableSegments } from '../segments/load-segments.server.ts';
import { endHeaders, makeMoves } from '../segments/make-moves.server.ts';
import { readRuleDay } from '../segments/read-rule-day.server.ts';
import { readUndoing } from '../segments/read-undoing.server.ts';
import { scheduleReviews } from '../segments/schedule-reviews.server.ts';
import { causeOf, isActive } from '../segments/segment-change.ts';
import type { StepOptions } from './work-out-change.server.ts';

/** A step of a run that is `applying`. */
export async function followStep(
  tx: ShopTx,
  run: ChangeRun,
  { now, chunk, log }: StepOptions,
): Promise<void> {
  const page = await touchCustomersAfter(tx, run.cursor, chunk, causeOf(run.change.act));
  if (page.touched === 0) {
    await endHeaders(tx, run.headers);
    await noteChangeRun(tx, { state: 'done', message: null });
    await endRuns(tx);
    await releaseFormerTags(tx, now);
    await wakeNativeSegments(tx);
    const { change, approvalId, entered, left } = run;
    log.info({ shopId: tx.shopId, act: change.act, approvalId, entered, left }, 'segments changed');
    return;
  }
  const { segments, entered, left } = await bringOver(tx, run, now);
  // By the day for which the moves were worked out: whoever was to be looked at since is due at once.
  const { context } = await readRuleDay(tx, run.approvedAt ?? now);
  await scheduleReviews(tx, segments.filter(isActive), context, { keepDueAt: now });
  await queueChanged(tx, now);
  await noteChangeRun(tx, {
    cursor: page.last ?? run.cursor,
    done: run.done + page.touched,
    total: Math.max(run.total, run.done + page.touched),
    entered: run.entered + entered,
    left: run.left + left,
  });
}

/**
 * Customers who are evaluated for another reason while a change of segments is under way: before it is in force they are
 * looked at once more for it; after that they are brought over first, so that what the change does to them is not taken
 * for their own doing. Called with touched_customer, before memberships are evaluated.
 */
export async function meetChange(tx: ShopTx, { now }: { now: Date }): Promise<void> {
  const run = await readChangeUnderWay(tx);
  if (!run) return;
  switch (run.state) {
    case 'working':
    case 'ready':
    case 'approved':
      await tx.query(sql`
        INSERT INTO segment_move_again (shop_id, customer_id)
        SELECT ${tx.shopId}::bigint, customer_id FROM touched_customer ON CONFLICT DO NOTHING`);
      return;
    case 'applying': {
      const { entered, left } = await bringOver(tx, run, now);
      await queueChanged(tx, now);
      if (entered + left === 0) return;
      await noteChangeRun(tx, { entered: run.entered + entered, left: run.left + left });
      return;
    }
    case 'done':
    case 'cancelling':
    case 'cancelled':
    case 'failed':
  }
}

/** Whether memberships are on their way to what is in force. */
export async function isFollowing(tx: ShopTx): Promise<boolean> {
  return (await readChangeUnderWay(tx))?.state === 'applying';
}

async function bringOver(tx: ShopTx, run: ChangeRun, now: Date) {
  const segments = await loadReadableSegments(tx);
  const ids = new Set(Object.keys(run.review?.segments ?? {}));
  const affected = segments.filter(({ id }) => ids.has(id));
  const at = run.approvedAt ?? now;
  const ruleDay = await readRuleDay(tx, at);
  const made = await makeMoves(
    tx,
    {
      affected,
      cause: causeOf(run.change.act),
      at,
      headers: run.headers,
    },
    { ...ruleDay, context: { ...ruleDay.context, undoing: await readUndoing(tx, run.change) } },
  );
  const live = affected.filter(isActive).map(({ tagName }) => tagKey(ruleDay.day.tagPrefix + tagName));
  if (live.length > 0) await takeAdopted(tx, live, now, { touched: true });
  const wish = run.startAutomations && run.approvalId ? { id: run.approvalId, actor: run.actor } : null;
  await afterMembership(tx, { now, startAutomations: wish, scope: 'moved' });
  await queueTouchedMembersMetafields(tx, [...ids], now);
  // What follows in the same transaction is about later moves.
  await tx.query('TRUNCATE membership_change');
  return { ...made, segments };
}
