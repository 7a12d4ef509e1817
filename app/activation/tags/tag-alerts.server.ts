/**
 * Alerts about many of our tags that others removed at once, and the two ways on: put them back, or leave them off
 * (then each is as if it had been removed by hand). Customers who have left the segment since keep nothing of it.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { queueCustomers, queueSelected } from './queue-changed.server.ts';

export interface TagAlert {
  id: string;
  /** Business time. */
  at: Date;
  /** Tags that were removed. */
  removed: number;
  /** Those of them that are away still and wait for the decision. */
  waiting: number;
  state: 'open' | 'put_back' | 'left_off';
  decidedAt: Date | null;
}

/** Open ones, oldest first. */
export async function readOpenAlerts(tx: ShopTx): Promise<TagAlert[]> {
  const { rows } = await tx.query<TagAlert & Record<string, unknown>>(sql`
    SELECT a.id, a.at, a.removed, a.state, a.decided_at AS "decidedAt",
           (SELECT count(*)::int FROM tag_owned o WHERE o.shop_id = a.shop_id AND o.lost_in = a.id) AS waiting
      FROM tag_alert a WHERE a.shop_id = ${tx.shopId} AND a.state = 'open' ORDER BY a.id`);
  return rows;
}

export type AlertDecision = 'put_back' | 'left_off';

/** @param input.now business time. @returns tags that the decision is about; null: there is no such open alert */
export async function decideAlert(
  tx: ShopTx,
  { id, decision, actor, now }: { id: string; decision: AlertDecision; actor: string; now: Date },
): Promise<number | null> {
  if (!/^\d{1,18}$/.test(id)) return null;
  // Removals are noticed with the shop's lock: none joins an alert that is being decided.
  await waitForShop(tx, tx.shopId);
  const { rowCount } = await tx.query(sql`
    UPDATE tag_alert SET state = ${decision}, decided_at = ${now}, actor = ${actor}
     WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint AND state = 'open'`);
  if (rowCount === 0) return null;
  if (decision === 'put_back') {
    const lost = sql`SELECT customer_id FROM tag_owned WHERE shop_id = ${tx.shopId} AND lost_in = ${id}::bigint`;
    await queueSelected(tx, lost, now);
  }
  const { rows } = await tx.query<{ tags: number }>(sql`
    WITH lost AS (
      UPDATE tag_owned SET lost_in = NULL,
             added_at = CASE WHEN ${decision} = 'put_back' THEN NULL ELSE added_at END,
             suppressed_at = CASE WHEN ${decision} = 'put_back' THEN NULL ELSE ${now}::timestamptz END
       WHERE shop_id = ${tx.shopId} AND lost_in = ${id}::bigint
      RETURNING customer_id, tag_key, tag
    ), noted AS (
      INSERT INTO tag_edit (shop_id, customer_id, tag_key, tag, kind, at, noticed_at, alert_id, actor)
      SELECT ${tx.shopId}::bigint, customer_id, tag_key, tag, ${decision}, ${now}::timestamptz, ${now}::timestamptz,
             ${id}::bigint, ${actor} FROM lost
    )
    SELECT count(*)::int AS tags FROM lost`);
  return rows[0]?.tags ?? 0;
}

/**
 * One customer's tags that were removed by hand are wanted again.
 * @param input.tags as they are shown; @returns how many there were
 */
export async function putBackTags(
  tx: ShopTx,
  {
    customerId,
    keys,
    actor,
    now,
  }: { customerId: ShopifyId; keys: readonly string[]; actor: string; now: Date },
): Promise<number> {
  const { rowCount } = await tx.query(sql`
    WITH back AS (
      UPDATE tag_owned SET suppressed_at = NULL, lost_in = NULL, added_at = NULL
       WHERE shop_id = ${tx.shopId} AND customer_id = ${customerId}::bigint AND tag_key = ANY(${[...keys]}::text[])
         AND (suppressed_at IS NOT NULL OR lost_in IS NOT NULL)
      RETURNING tag_key, tag
    )
    INSERT INTO tag_edit (shop_id, customer_id, tag_key, tag, kind, at, noticed_at, actor)
    SELECT ${tx.shopId}::bigint, ${customerId}::bigint, tag_key, tag, 'put_back', ${now}::timestamptz,
           ${now}::timestamptz, ${actor} FROM back`);
  if (rowCount) await queueCustomers(tx, [customerId], now);
  return rowCount ?? 0;
}
