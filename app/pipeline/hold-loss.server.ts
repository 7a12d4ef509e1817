/**
 * A segment with an offer that loses more than 30 % of its members in one of the shop's days, by causes that no
 * customer brought about (a date, products, new numbers, an import, what counts, a time zone): the tags of those
 * who leave wait for a person. One decision a day: what is lost later that day waits with it. The share is of those
 * who were in it when the day began; of a segment that was empty then, of all who have been in it since.
 *
 * A run of several transactions is judged at its end, so until then everybody whom it takes out of such a segment
 * waits: else the first chunks would be written before the whole is known.
 */
import { holdRows, releaseRows } from '../activation/held/held-outbox.server.ts';
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { readShopDay } from '../history/read-shop-day.server.ts';
import { startOfDay } from '../local-date.ts';
import { allowMassAct } from '../db/allow-mass-act.server.ts';
import { closeOutboxHold, holdCustomers, openOutboxHold } from './held-change.server.ts';

export const LOSS = { share: 0.3, customers: 2 } as const;
const UNASKED = ['clock', 'product', 'refit', 'timezone', 'import', 'policy'] as const;

export interface LossOptions {
  /** Business time. */
  now: Date;
  /** This is one transaction of a run, at whose end `closeLoss` follows. */
  partOfRun?: boolean;
}

/**
 * For the customers of touched_customer, after their memberships were written and queued. Only whom this transaction
 * takes out is held: who was lost earlier the same day has been decided about, or has done something since.
 */
export async function holdLoss(tx: ShopTx, { now, partOfRun = false }: LossOptions): Promise<void> {
  const leavers = leaversOf(tx);
  const { rowCount } = await tx.query(sql`${leavers} LIMIT 1`);
  if (rowCount === 0) return;
  if (!partOfRun) {
    if (await noteLost(tx, { now, among: leavers })) await holdForPerson(tx, now);
    return;
  }
  await holdRows(tx, await openOutboxHold(tx, { cause: 'loss', now }), leavers);
}

/** The run has ended: who left waits for a person if it was too many, else no longer. Another run's end is waited for. */
export async function closeLoss(tx: ShopTx, now: Date): Promise<void> {
  const { rows: open } = await tx.query<{ id: string }>(sql`
    SELECT id FROM held_change
     WHERE shop_id = ${tx.shopId} AND subject = 'outbox' AND cause = 'loss' AND state = 'measuring'
       AND NOT EXISTS (SELECT FROM background_run WHERE shop_id = ${tx.shopId} AND state = 'running')`);
  if (open.length > 0) await allowMassAct(tx);
  for (const { id } of open) {
    const lost = await noteLost(tx, { now, among: waitingFor(tx, id) });
    await releaseRows(tx, id);
    if (lost && (await holdForPerson(tx, now, id)) === id) continue;
    await tx.query(sql`DELETE FROM held_change WHERE shop_id = ${tx.shopId} AND id = ${id}::bigint`);
  }
}

/** Whether a segment with an offer lost too many today, of the customers who wait for this held change. */
export function isLossAmongHeld(tx: ShopTx, heldBy: string, now: Date): Promise<boolean> {
  return noteLost(tx, { now, among: waitingFor(tx, heldBy) });
}

const waitingFor = (tx: ShopTx, heldBy: string): Sql => sql`
  SELECT customer_id FROM tag_outbox WHERE shop_id = ${tx.shopId} AND held_by = ${heldBy}::bigint`;

/** Whom this transaction took out of a segment with an offer, however few. */
function leaversOf(tx: ShopTx): Sql {
  return sql`
    SELECT DISTINCT c.customer_id FROM membership_change c
     WHERE NOT c.entered AND c.cause = ANY(${[...UNASKED]}::text[])
       AND EXISTS (SELECT FROM offer o WHERE o.shop_id = ${tx.shopId} AND o.segment_id = c.segment_id
                      AND o.state <> 'ended')`;
}

/**
 * Writes who of `among` is lost to a segment that lost too many today into the temporary table lost_customer: they may
 * be as many as the store has. @returns whether anybody is
 */
async function noteLost(tx: ShopTx, { now, among }: { now: Date; among: Sql }): Promise<boolean> {
  const { rows: offered } = await tx.query<{ id: string }>(sql`
    SELECT DISTINCT segment_id AS id FROM offer WHERE shop_id = ${tx.shopId} AND state <> 'ended'`);
  if (offered.length === 0) return false;
  const day = await readShopDay(tx, now);
  const since = startOfDay(day.today, day.timeZone);
  const ids = offered.map(({ id }) => id);
  await tx.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS lost_customer (customer_id bigint PRIMARY KEY) ON COMMIT DROP`);
  await tx.query('TRUNCATE lost_customer');
  const { rowCount } = await tx.query(sql`
    INSERT INTO lost_customer (customer_id)
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
         AND moved.lost > ${LOSS.share}::float8 * CASE
               WHEN size.n + moved.gone > moved.entered THEN size.n + moved.gone - moved.entered
               ELSE size.n + moved.gone END
    )
    SELECT DISTINCT told.customer_id FROM told
      JOIN hit USING (segment_id) JOIN (${among}) t ON t.customer_id = told.customer_id
     WHERE told.kind = 'left' AND told.cause = ANY(${[...UNASKED]}::text[])
       AND NOT EXISTS (SELECT FROM membership m WHERE m.shop_id = ${tx.shopId} AND m.segment_id = told.segment_id
                          AND m.customer_id = told.customer_id)`);
  return (rowCount ?? 0) > 0;
}

/**
 * Those of lost_customer wait: with what waits since today, else for a held change of their own.
 * @param ofRun the hold of the run that has ended: it is as old as the first who left, and what was queued since then is
 * what a person decides about
 * @returns the held change, or null when nothing would be written for any of them
 */
async function holdForPerson(tx: ShopTx, now: Date, ofRun?: string): Promise<string | null> {
  const customers = sql`SELECT customer_id FROM lost_customer`;
  const day = await readShopDay(tx, now);
  const since = startOfDay(day.today, day.timeZone);
  const { rows: open } = await tx.query<{ id: string }>(sql`
    UPDATE held_change SET state = 'measuring'
     WHERE shop_id = ${tx.shopId} AND cause = 'loss' AND state = 'held' AND made_at >= ${since} RETURNING id`);
  const held = open[0]?.id ?? ofRun;
  if (held === undefined) return holdCustomers(tx, { cause: 'loss', customers, now });
  await holdRows(tx, held, customers);
  const { outcome } = await closeOutboxHold(tx, held, { always: true });
  return outcome === 'held' ? held : null;
}
