import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

export interface MembershipChange {
  /** "e12" an event of the customer's own, "m7" part of a change of many. */
  id: string;
  segmentKey: string;
  segmentName: string;
  kind: 'entered' | 'left';
  at: Date;
  cause: string;
}

/** The newest changes of one customer's memberships, newest first: their own and those that moved many at once. */
export async function readCustomerHistory(
  tx: ShopTx,
  customerId: ShopifyId,
  limit: number,
): Promise<MembershipChange[]> {
  const { rows } = await tx.query<MembershipChange & Record<string, unknown>>(sql`
    SELECT one.id, s.key AS "segmentKey", s.name AS "segmentName", one.kind, one.at, one.cause
      FROM (
        (SELECT 'e' || e.id AS id, e.id AS place, e.segment_id, e.kind, e.at, e.cause FROM membership_event e
          WHERE e.shop_id = ${tx.shopId} AND e.customer_id = ${customerId} ORDER BY e.id DESC LIMIT ${limit})
        UNION ALL
        (SELECT 'm' || c.id, c.id, c.segment_id, c.kind, c.at, c.cause
           FROM mass_member m JOIN mass_change c ON c.shop_id = m.shop_id AND c.id = m.change_id
          WHERE m.shop_id = ${tx.shopId} AND m.customer_id = ${customerId} ORDER BY c.id DESC LIMIT ${limit})
      ) one JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = one.segment_id
     ORDER BY one.at DESC, one.place DESC, one.id DESC LIMIT ${limit}`);
  return rows;
}
