/** The next waiting deliveries of a shop, oldest first, bounded in number and size. Takes no lock. */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

export interface InboxRow {
  id: string;
  topic: string;
  /** ISO 8601 in UTC with microseconds. */
  triggeredAt: string | null;
  receivedAt: string;
  /** Encrypted. */
  payload: Buffer;
}

export const BATCH_LIMITS = { rows: 500, bytes: 4_000_000 };

export async function takeBatch(tx: ShopTx, limits = BATCH_LIMITS): Promise<InboxRow[]> {
  const { rows } = await tx.query<InboxRow & Record<string, unknown>>(sql`
    SELECT id, topic, payload,
           to_char(triggered_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "triggeredAt",
           to_char(received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "receivedAt"
      FROM (
        SELECT id, topic, triggered_at, received_at, coalesce(payload, '') AS payload,
               row_number() OVER in_order AS n, sum(octet_length(payload)) OVER in_order AS bytes
          FROM (SELECT * FROM inbox WHERE shop_id = ${tx.shopId} AND state = 'waiting'
                 ORDER BY id LIMIT ${limits.rows}) AS waiting
        WINDOW in_order AS (ORDER BY id)) AS counted
     WHERE n = 1 OR bytes <= ${limits.bytes}
     ORDER BY id`);
  return rows;
}

/** Those of `ids` that are still waiting: what another worker has finished meanwhile is not done twice. */
export async function stillWaiting(tx: ShopTx, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT id FROM inbox WHERE shop_id = ${tx.shopId} AND id = ANY(${ids}::bigint[]) AND state = 'waiting'`);
  return new Set(rows.map((row) => row.id));
}
