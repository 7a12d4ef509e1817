/**
 * How far leaving is, and its receipt when nothing is left to do: counted from the same records that Activity shows.
 * First everybody is emptied (empty-for-leaving). When all that we know of is gone, the store is searched for what we do not know of (leftovers/), and that goes too.
 * What could not be removed stays noted as ours, is listed with its reason, and can be tried again.
 */
import type { Clock } from '../../clock.ts';
import { AT_ONCE, wake, waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { Db, ShopId, ShopTx } from '../../db/tenancy.server.ts';
import type { Log } from '../../log.server.ts';
import { emptyForLeaving } from './empty-for-leaving.server.ts';
import { makeReceipt, type LeavingRun } from './make-receipt.server.ts';

/** @returns whether it has ended (or none is under way) */
export async function goOnLeaving(ctx: { db: Db; clock: Clock; log: Log }, shopId: ShopId): Promise<boolean> {
  if (!(await emptyForLeaving(ctx, shopId))) return false;
  return ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const { rows } = await tx.query<LeavingRun & { step: string; searchedAt: Date | null }>(sql`
      SELECT id, step, searched_at AS "searchedAt", after_tag_write AS "afterTagWrite",
             after_discount_write AS "afterDiscountWrite", after_reach_write AS "afterReachWrite"
        FROM leaving WHERE shop_id = ${shopId} AND state = 'running'`);
    const run = rows[0];
    if (!run) return true;
    const step = await stepOf(tx, run.searchedAt !== null);
    if (step !== 'done') {
      await tx.query(sql`
        UPDATE leaving SET step = ${step} WHERE shop_id = ${shopId} AND id = ${run.id}::bigint`);
      if (step === 'search' && run.step !== step) await wake(tx, shopId, 'leftovers', AT_ONCE);
      return false;
    }
    const receipt = await makeReceipt(tx, run);
    await tx.query(sql`
      UPDATE leaving SET state = 'done', step = 'done', finished_at = ${ctx.clock.now()},
             receipt = ${JSON.stringify(receipt)}::jsonb
       WHERE shop_id = ${shopId} AND id = ${run.id}::bigint`);
    ctx.log.info({ shopId, removed: receipt.removed, failed: receipt.failed.length }, 'the store was left');
    return true;
  });
}

/** What is still under way; a failure that waits for a person holds up nothing. */
async function stepOf(tx: ShopTx, searched: boolean): Promise<string> {
  const { rows } = await tx.query<
    Record<'tags' | 'discounts' | 'natives' | 'metafields' | 'leftovers', boolean>
  >(
    sql`
    SELECT EXISTS (SELECT FROM tag_outbox WHERE shop_id = ${tx.shopId}) AS tags,
           EXISTS (SELECT FROM offer_discount WHERE shop_id = ${tx.shopId} AND fault IS NULL) AS discounts,
           EXISTS (SELECT FROM native_segment WHERE shop_id = ${tx.shopId} AND failure IS NULL) AS natives,
           EXISTS (SELECT FROM reach_settings WHERE shop_id = ${tx.shopId} AND metafields = 'removing'
                      AND metafields_failure IS NULL) AS metafields,
           EXISTS (SELECT FROM leftover WHERE shop_id = ${tx.shopId} AND state = 'removing'
                      AND failure IS NULL) AS leftovers`,
  );
  const left = rows[0];
  if (left?.tags) return 'tags';
  if (left?.discounts) return 'discounts';
  if (left?.natives) return 'segments';
  if (left?.metafields) return 'metafields';
  return searched && !left?.leftovers ? 'done' : 'search';
}
