/** Who entered and left one segment, newest first: a customer's own events, and changes of many as one line each. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

export interface SegmentEvent {
  /** "e12" an event of one customer, "m7" a change of many. */
  id: string;
  /** null: of many. */
  customerId: ShopifyId | null;
  /** How many customers. */
  customers: number;
  kind: 'entered' | 'left';
  at: Date;
  cause: string;
}

export async function readSegmentEvents(tx: ShopTx, key: string, limit: number): Promise<SegmentEvent[]> {
  const { rows } = await tx.query<SegmentEvent & Record<string, unknown>>(sql`
    WITH wanted AS (SELECT id FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key})
    SELECT id, "customerId", customers, kind, at, cause FROM (
      (SELECT 'e' || e.id AS id, e.id AS place, e.customer_id AS "customerId", 1 AS customers, e.kind, e.at, e.cause
         FROM membership_event e JOIN wanted ON wanted.id = e.segment_id
        WHERE e.shop_id = ${tx.shopId} ORDER BY e.at DESC, e.id DESC LIMIT ${limit})
      UNION ALL
      (SELECT 'm' || c.id, c.id, NULL::bigint, c.members, c.kind, c.at, c.cause
         FROM mass_change c JOIN wanted ON wanted.id = c.segment_id
        WHERE c.shop_id = ${tx.shopId} ORDER BY c.at DESC, c.id DESC LIMIT ${limit})
    ) one ORDER BY at DESC, place DESC, id DESC LIMIT ${limit}`);
  return rows;
}
