/**
 * A segment with an offer that loses more than 30 % of its members in one of the shop's days, by causes that nobody
 * approved and no customer brought about (a date, products, new numbers, an import, a time zone): the tags of those
 * who leave wait for a person. One decision a day: what is lost later that day waits with it.
 */
import { holdRows } from '../activation/held-outbox.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { startOfDay } from '../local-date.ts';
import { closeOutboxHold, holdCustomers } from './held-change.server.ts';

export const LOSS = { share: 0.3, customers: 2 } as const;
const UNASKED = ['clock', 'product', 'refit', 'timezone', 'import'] as const;

/** For the customers of touched_customer. @returns how many of them wait now */
export async function holdLoss(tx: ShopTx, { now }: { now: Date }): Promise<number> {
  const { rows: offered } = await tx.query<{ id: string }>(sql`
    SELECT DISTINCT segment_id AS id FROM offer WHERE shop_id = ${tx.shopId} AND state <> 'ended'`);
  if (offered.length === 0) return 0;
  const day = await readShopDay(tx, now);
  const since = startOfDay(day.today, day.timeZone);
  const ids = offered.map(({ id }) => id);
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    WITH told AS MATERIALIZED (
      SELECT e.segment_id, e.customer_id, e.kind, e.cause FROM membership_event e
       WHERE e.shop_id = ${tx.shopId} AND e.at >= ${since} AND e.segment_id = ANY(${ids}::bigint[])
      UNION ALL
      SELECT c.segment_id, m.customer_id, c.kind, c.cause FROM mass_change c
        JOIN mass_member m ON m.shop_id = c.shop_id AND m.change_id = c.id
       WHERE c.shop_id = ${tx.shopId} AND c.at >= ${since} AND c.segment_id = ANY(${ids}::bigint[])
    ), moved AS (
      SELECT segment_id, count(*) FILTER (WHERE kind = 'entered') AS entered,
             count(*) FILTER (WHERE kind = 'left') AS gone,
             count(*) FILTER (WHERE kind = 'left' AND cause = ANY(${[...UNASKED]}::text[])) AS lost
        FROM told GROUP BY segment_id
    ), hit AS (
      SELECT moved.segment_id FROM moved
        JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = moved.segment_id AND s.status = 'live'
        LEFT JOIN LATERAL (SELECT count(*) AS n FROM membership m
                            WHERE m.shop_id = ${tx.shopId} AND m.segment_id = moved.segment_id) size ON true
       WHERE moved.lost >= ${LOSS.customers}
         AND moved.lost > ${LOSS.share}::float8 * (size.n + moved.gone - moved.entered)
    )
    SELECT DISTINCT told.customer_id AS id FROM told
      JOIN hit USING (segment_id) JOIN touched_customer t ON t.customer_id = told.customer_id
     WHERE told.kind = 'left' AND told.cause = ANY(${[...UNASKED]}::text[])
       AND NOT EXISTS (SELECT FROM membership m WHERE m.shop_id = ${tx.shopId} AND m.segment_id = told.segment_id
                          AND m.customer_id = told.customer_id)`);
  if (rows.length === 0) return 0;
  const customers = rows.map(({ id }) => id);
  const { rows: open } = await tx.query<{ id: string }>(sql`
    UPDATE held_change SET state = 'measuring'
     WHERE shop_id = ${tx.shopId} AND cause = 'loss' AND state = 'held' AND made_at >= ${since} RETURNING id`);
  const held = open[0]?.id;
  if (held === undefined) {
    await holdCustomers(tx, { cause: 'loss', customers, now });
    return customers.length;
  }
  await holdRows(tx, held, customers);
  await closeOutboxHold(tx, held, { always: true });
  return customers.length;
}
