/**
 * The merchant leaves: every segment is a draft, every offer is over, metafields are off, and nothing is put in from now
 * on. In one small transaction, with the counts of what is there; people follow in steps (empty-for-leaving), what follows
 * in the store is done by those who wrote it, and go-on-leaving watches both.
 * What is ours stays noted until Shopify has confirmed that it is gone: killed anywhere, it goes on.
 */
import { AT_ONCE, wake, waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import { canBeCancelled } from '../../segments/change-run.ts';
import { noteChangeRun, readChangeUnderWay } from '../../segments/change-run.server.ts';
import { endHeaders } from '../../segments/make-moves.server.ts';
import { stopFlow } from '../flow/stop-flow.server.ts';
import { removeLeftovers } from '../leftovers/decide-leftovers.server.ts';
import { switchMetafields } from '../metafields/switch-metafields.server.ts';
import { wakeNativeSegments } from '../native-segments/wake-native-segments.server.ts';
import { closeOffers } from '../offers/close-offers.server.ts';
import { countOurs } from './count-ours.server.ts';
import { emptyingStep, type LeavingCounts } from './leaving.ts';

/** @returns what there is to remove; the run that is under way already is not begun again */
export async function startLeaving(
  ctx: { db: Db },
  shopId: ShopId,
  { actor, now }: { actor: string; now: Date },
): Promise<LeavingCounts> {
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const { rows: running } = await tx.query<{ found: LeavingCounts }>(sql`
      SELECT found FROM leaving WHERE shop_id = ${shopId} AND state = 'running'`);
    if (running[0]) return running[0].found;
    const found = await countOurs(tx);
    await tx.query(sql`
      INSERT INTO leaving (shop_id, actor, state, step, started_at, found, after_tag_write, after_discount_write,
                           after_reach_write)
      SELECT ${shopId}, ${actor}, 'running', ${emptyingStep('0')}, ${now}, ${JSON.stringify(found)}::jsonb,
             (SELECT coalesce(max(id), 0) FROM tag_write WHERE shop_id = ${shopId}),
             (SELECT coalesce(max(id), 0) FROM discount_write WHERE shop_id = ${shopId}),
             (SELECT coalesce(max(id), 0) FROM reach_write WHERE shop_id = ${shopId})`);
    await stopEverything(tx, now);
    await tx.query(sql`
      INSERT INTO approval (shop_id, at, actor, act, segment_ids, review)
      SELECT ${shopId}, ${now}, ${actor}, 'leave', coalesce(array_agg(id), '{}')::bigint[],
             ${JSON.stringify({ found })}::jsonb FROM segment WHERE shop_id = ${shopId}`);
    await wake(tx, shopId, 'leaving', AT_ONCE);
    return found;
  });
}

async function stopEverything(tx: ShopTx, now: Date): Promise<void> {
  const { shopId } = tx;
  await endChange(tx);
  await tx.query(sql`
    UPDATE segment SET status = 'draft', trial = false, live_since = NULL, failure = NULL
     WHERE shop_id = ${shopId} AND status <> 'draft'`);
  await tx.query(sql`DELETE FROM segment_person WHERE shop_id = ${shopId} AND list = 'trial'`);
  await closeOffers(tx, { now, cause: 'leaving' });
  // Also what an earlier installation left, and what Shopify refused before.
  await tx.query(sql`
    UPDATE offer_discount SET not_before = NULL, fault = NULL, attempts = 0, edited = NULL WHERE shop_id = ${shopId}`);
  await switchMetafields(tx, false, now);
  await tx.query(sql`
    UPDATE native_segment SET state = CASE WHEN shopify_id IS NULL THEN 'failed' ELSE 'made' END, failure = NULL,
           not_before = NULL, attempts = 0
     WHERE shop_id = ${shopId}`);
  await wakeNativeSegments(tx);
  await removeLeftovers(tx, now);
  await stopFlow(tx, now);
  // Nothing waits for a decision any more, and writing goes on for this.
  await tx.query(sql`
    UPDATE held_change SET state = 'replaced', decided_at = ${now}
     WHERE shop_id = ${shopId} AND state IN ('measuring', 'held')`);
  await tx.query(sql`UPDATE shop_settings SET writes_stopped_at = NULL WHERE shop_id = ${shopId}`);
  await wake(tx, shopId, 'outbox', AT_ONCE);
  await wake(tx, shopId, 'offers', AT_ONCE);
}

/**
 * A change of segments that is under way ends: given up where it is not in force yet; else where it is, because whoever
 * it would move is taken out of everything.
 */
async function endChange(tx: ShopTx): Promise<void> {
  const run = await readChangeUnderWay(tx);
  if (!run) return;
  const message = 'The store is being left.';
  if (canBeCancelled(run)) {
    await noteChangeRun(tx, { state: 'cancelling', message });
    await wake(tx, tx.shopId, 'segment-change', AT_ONCE);
  } else if (run.state === 'applying') {
    await endHeaders(tx, run.headers);
    await noteChangeRun(tx, { state: 'failed', message });
  }
}
