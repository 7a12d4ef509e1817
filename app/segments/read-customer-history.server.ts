import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

export interface MembershipChange {
  id: string;
  segmentKey: string;
  segmentName: string;
  kind: 'entered' | 'left';
  at: Date;
  cause: string;
}

/** The newest changes of one customer's memberships, newest first. */
export async function readCustomerHistory(
  tx: ShopTx,
  customerId: ShopifyId,
  limit: number,
): Promise<MembershipChange[]> {
  const { rows } = await tx.query<MembershipChange & Record<string, unknown>>(sql`
    SELECT e.id, s.key AS "segmentKey", s.name AS "segmentName", e.kind, e.at, e.cause
      FROM membership_event e JOIN segment s ON s.shop_id = e.shop_id AND s.id = e.segment_id
     WHERE e.shop_id = ${tx.shopId} AND e.customer_id = ${customerId}
     ORDER BY e.id DESC LIMIT ${limit}`);
  return rows;
}
