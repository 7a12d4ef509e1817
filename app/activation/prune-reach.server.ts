import type { Clock } from '../clock.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

const KEPT_DAYS = 30;
/** Shopify tries an action for up to 36 hours. */
const ACTION_RUNS_KEPT_DAYS = 7;

/** Forgets what Flow was told a month ago, and the metafields of customers who are gone. */
export async function pruneReach(tx: ShopTx, clock: Clock): Promise<void> {
  const before = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000);
  const keptSince = before(clock.now(), KEPT_DAYS);
  await tx.query(sql`
    DELETE FROM flow_event WHERE shop_id = ${tx.shopId} AND state <> 'waiting' AND finished_at < ${keptSince}`);
  // Of customers whom the store has no more, or who are another one now.
  await tx.query(sql`
    DELETE FROM metafield_written w WHERE w.shop_id = ${tx.shopId}
       AND NOT EXISTS (SELECT FROM profile p WHERE p.shop_id = w.shop_id AND p.customer_id = w.customer_id)`);
  await tx.query(sql`
    DELETE FROM flow_run WHERE shop_id = ${tx.shopId} AND state <> 'running' AND started_at < ${keptSince}
       AND NOT EXISTS (SELECT FROM flow_event e WHERE e.shop_id = flow_run.shop_id AND e.run_id = flow_run.id)`);
  await tx.query(sql`
    DELETE FROM flow_action_run
     WHERE shop_id = ${tx.shopId} AND received_at < ${before(clock.machineNow(), ACTION_RUNS_KEPT_DAYS)}`);
}
