/**
 * Time moves people: evaluates just the customers whose next review has come, in batches, each a transaction
 * under the shop's lock. A publication marks everybody with its own instant; those are re-scored as well and
 * their cause is the refit, also when another worker than the publishing one gets to them. While that run is paused
 * they are left alone: their day comes as soon as it goes on.
 */
import { sql } from '../db/sql.ts';
import { waitForShop } from '../db/shop-due.server.ts';
import type { Db, ShopId, ShopTx } from '../db/tenancy.server.ts';
import type { Clock } from '../clock.ts';
import { touchSelected } from '../history/touched-customers.server.ts';
import type { Log } from '../log.server.ts';
import { readPublishedAt } from '../value/cut-points.server.ts';
import { countMarked, finishRun, isPaused } from './background-run.server.ts';
import { openHoldOfUnapproved } from './held-change.server.ts';
import { closeLoss } from './hold-loss.server.ts';
import { refreshTouched } from './refresh.server.ts';

export interface Reviewed {
  /** Customers looked at. */
  reviewed: number;
  /** When the next one is due (business time); null when time can move nobody. */
  nextAt: Date | null;
}

const BATCH = 10_000;

/** One batch. @returns `more`: it was full, so others may be due already */
export async function reviewBatch(
  ctx: { db: Db; clock: Clock; log: Log },
  shopId: ShopId,
  { batch = BATCH }: { batch?: number } = {},
): Promise<Reviewed & { more: boolean }> {
  const now = ctx.clock.now();
  const reviewed = await ctx.db.inShop(shopId, async (tx) => {
    await waitForShop(tx, shopId);
    const due = await touchDue(tx, now, batch);
    if (due > 0) {
      // The days of another time zone wait for the run that counts whom they move.
      const heldBy = await openHoldOfUnapproved(tx, now);
      await refreshTouched(tx, { now, from: 'scores', log: ctx.log, heldBy, partOfRun: true });
    }
    if (due < batch && (await countMarked(tx)) === 0) await finishRun(tx, 'cut_points');
    if (due < batch) await closeLoss(tx, now);
    return due;
  });
  const nextAt = await ctx.db.inShop(shopId, (tx) => nextReviewAt(tx));
  if (reviewed > 0) ctx.log.info({ shopId, reviewed, nextAt }, 'due customers reviewed');
  return { reviewed, nextAt, more: reviewed === batch };
}

/** Batch after batch until nobody is due: for a job, which may take its time. */
export async function reviewDue(
  ctx: { db: Db; clock: Clock; log: Log },
  shopId: ShopId,
  options: { batch?: number } = {},
): Promise<Reviewed> {
  let reviewed = 0;
  for (;;) {
    const { more, nextAt, ...step } = await reviewBatch(ctx, shopId, options);
    reviewed += step.reviewed;
    if (!more) return { reviewed, nextAt };
  }
}

/** Marks every customer as due at the instant of a publication. @returns how many */
export async function markAllDue(tx: ShopTx, publishedAt: Date): Promise<number> {
  const { rowCount } = await tx.query(sql`
    UPDATE profile SET next_review_at = ${publishedAt}
     WHERE shop_id = ${tx.shopId} AND next_review_at IS DISTINCT FROM ${publishedAt}`);
  return rowCount ?? 0;
}

async function touchDue(tx: ShopTx, now: Date, limit: number): Promise<number> {
  const without = await pausedMark(tx);
  return touchSelected(
    tx,
    sql`SELECT p.customer_id, CASE WHEN p.next_review_at = published.at THEN 'refit' ELSE 'clock' END
          FROM profile p LEFT JOIN (
            SELECT published_at AS at FROM cut_points
             WHERE shop_id = ${tx.shopId} AND published_at IS NOT NULL ORDER BY version DESC LIMIT 1) published ON true
         WHERE p.shop_id = ${tx.shopId} AND p.next_review_at <= ${now}
           AND p.next_review_at IS DISTINCT FROM ${without}::timestamptz
         ORDER BY p.next_review_at LIMIT ${limit}`,
  );
}

async function nextReviewAt(tx: ShopTx): Promise<Date | null> {
  const without = await pausedMark(tx);
  const { rows } = await tx.query<{ at: Date | null }>(
    without === null
      ? sql`SELECT min(next_review_at) AS at FROM profile WHERE shop_id = ${tx.shopId}`
      : sql`SELECT min(next_review_at) AS at FROM profile
             WHERE shop_id = ${tx.shopId} AND next_review_at <> ${without}`,
  );
  return rows[0]?.at ?? null;
}

/** The mark of customers who wait because the run was paused; null: nobody. */
async function pausedMark(tx: ShopTx): Promise<Date | null> {
  return (await isPaused(tx, 'cut_points')) ? readPublishedAt(tx) : null;
}
