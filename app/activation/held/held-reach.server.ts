/**
 * What goes out besides tags for customers who wait for a person's decision (tag_outbox.held_by): what Flow is told of
 * the change, and their metafields, wait with the tags. What waits is read from the tags' outbox, so whatever sets
 * somebody free there sets them free here too.
 *
 * An event of Flow that waits for a decision waits as one that waits for contact hours does (flow_event.wait_until): a
 * release late at night greets nobody, and who has moved back meanwhile is not told about at all.
 */
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { raw, sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/** True where the customer waits for a decision. */
export function isHeld(tx: ShopTx, customer: 'e.customer_id' | 'c.customer_id' | 'm.customer_id'): Sql {
  return sql`EXISTS (SELECT FROM tag_outbox held WHERE held.shop_id = ${tx.shopId}
                        AND held.customer_id = ${raw(customer)} AND held.held_by IS NOT NULL)`;
}

/**
 * What Flow was to be told of these customers since the held change was made, and has not been, waits.
 * @param customers SELECT of customer_id; only those who wait for `heldBy`
 */
export async function holdFlowEvents(tx: ShopTx, heldBy: string, customers: Sql): Promise<void> {
  await tx.query(sql`
    UPDATE flow_event e SET wait_until = e.at
      FROM tag_outbox o, held_change h
     WHERE e.shop_id = ${tx.shopId} AND e.state = 'waiting' AND e.attempts = 0 AND e.wait_until IS NULL
       AND o.shop_id = e.shop_id AND o.customer_id = e.customer_id AND o.held_by = ${heldBy}::bigint
       AND h.shop_id = e.shop_id AND h.id = o.held_by AND e.at >= h.made_at
       AND e.customer_id IN (${customers})`);
}

/** Whoever waits no longer is told about and written, if anything of them waits. Call it last in the transaction. */
export async function wakeReach(tx: ShopTx): Promise<void> {
  const { rows } = await tx.query<{ flow: boolean; metafields: boolean }>(sql`
    SELECT EXISTS (SELECT FROM flow_event WHERE shop_id = ${tx.shopId} AND state = 'waiting'
                      AND wait_until IS NOT NULL) AS flow,
           EXISTS (SELECT FROM metafield_outbox WHERE shop_id = ${tx.shopId}) AS metafields`);
  if (rows[0]?.flow) await wake(tx, tx.shopId, 'flow-hours', AT_ONCE);
  if (rows[0]?.metafields) await wake(tx, tx.shopId, 'metafields', AT_ONCE);
}
