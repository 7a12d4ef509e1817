/**
 * Contact hours have come, or a person's decision: what waited for them may go out, if it is still true. A customer who
 * has left again since is not greeted, and one who is back again is not missed. Whom a decision is still to be made about
 * goes on waiting; the decision wakes this.
 */
import { sql } from '../../db/sql.ts';
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { isHeld } from '../held/held-reach.server.ts';
import { untilContactHours } from './contact-hours.ts';
import { readContactHours } from './read-contact-hours.server.ts';

/** True as long as the membership is as the event says and the segment is on. `e` is flow_event. */
export const STILL_TRUE = sql`(
  EXISTS (SELECT FROM segment s WHERE s.shop_id = e.shop_id AND s.id = e.segment_id AND s.status = 'live')
  AND EXISTS (SELECT FROM membership m WHERE m.shop_id = e.shop_id AND m.segment_id = e.segment_id
                 AND m.customer_id = e.customer_id) = (e.trigger = 'entered'))`;

/**
 * @param now business time
 * @returns when something is due next (business time); null: nothing waits
 */
export async function releaseWaiting(tx: ShopTx, now: Date): Promise<Date | null> {
  const { hours, timeZone } = await readContactHours(tx);
  const waitUntil = untilContactHours(now, hours, timeZone);
  const free = sql`e.shop_id = ${tx.shopId} AND e.state = 'waiting' AND NOT ${isHeld(tx, 'e.customer_id')}`;
  if (waitUntil === null) {
    await tx.query(sql`
      UPDATE flow_event e SET state = 'dropped', finished_at = ${now}, wait_until = NULL, last_error = 'undone'
       WHERE ${free} AND e.wait_until <= ${now} AND NOT ${STILL_TRUE}`);
    const { rowCount } = await tx.query(sql`
      UPDATE flow_event e SET wait_until = NULL WHERE ${free} AND e.wait_until <= ${now}`);
    if (rowCount) await wake(tx, tx.shopId, 'flow', AT_ONCE);
  } else {
    // The hours have passed while nobody worked, or the merchant has set others.
    await tx.query(sql`
      UPDATE flow_event e SET wait_until = ${waitUntil} WHERE ${free} AND e.wait_until <= ${now}`);
  }
  const { rows } = await tx.query<{ at: Date | null }>(sql`
    SELECT min(e.wait_until) AS at FROM flow_event e WHERE ${free}`);
  return rows[0]?.at ?? null;
}
