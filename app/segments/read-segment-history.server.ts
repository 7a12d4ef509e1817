import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { LocalDate } from '../local-date.ts';

export interface SegmentDay {
  /** The shop's local date. */
  day: LocalDate;
  kind: 'entered' | 'left';
  cause: string;
  customers: number;
}

/** Who entered and left a segment, counted by day and cause, oldest first; its own events and changes of many. */
export async function readSegmentHistory(
  tx: ShopTx,
  { key, from, to, timeZone }: { key: string; from: Date; to: Date; timeZone: string },
): Promise<SegmentDay[]> {
  const { rows } = await tx.query<SegmentDay & Record<string, unknown>>(sql`
    WITH wanted AS (SELECT id FROM segment WHERE shop_id = ${tx.shopId} AND key = ${key})
    SELECT (at AT TIME ZONE ${timeZone})::date AS day, kind, cause, sum(customers)::int AS customers
      FROM (
        SELECT at, kind, cause, 1 AS customers FROM membership_event e JOIN wanted ON wanted.id = e.segment_id
         WHERE e.shop_id = ${tx.shopId} AND at >= ${from} AND at < ${to}
        UNION ALL
        SELECT at, kind, cause, members FROM mass_change c JOIN wanted ON wanted.id = c.segment_id
         WHERE c.shop_id = ${tx.shopId} AND at >= ${from} AND at < ${to}
      ) moved
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`);
  return rows;
}
