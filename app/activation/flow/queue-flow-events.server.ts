/**
 * Entering and leaving, as rows for Flow: in the transaction that changed the memberships, so an event is told if and
 * only if it happened.
 *
 * Live causes and a merchant's word about one person start automations; changes of many do not, unless the person who
 * approved them said so (a run: paced, and it can be stopped); new numbers only where the segment says so; of a
 * control group nothing is told. Who waits for a person's decision is not told about before it. Who is in and out again
 * before the contact hours, or before the decision, never was in, as far as Flow knows: both events go.
 */
import { join, sql } from '../../db/sql.ts';
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { LIVE_CAUSES } from '../../intake/cause.ts';
import { isHeld } from '../held/held-reach.server.ts';
import { untilContactHours } from './contact-hours.ts';
import { readContactHours } from './read-contact-hours.server.ts';

export interface FlowRunWish {
  /** The approval that asks for it. */
  id: string;
  actor: string;
}

const STARTS: readonly string[] = [...LIVE_CAUSES, 'manual'];
/** Nobody did anything: these wait for contact hours. */
const WITHOUT_ANYBODY: readonly string[] = ['clock', 'refit'];

/** @returns events that are to go out, now or in contact hours */
export async function queueFlowEvents(
  tx: ShopTx,
  { now, startAutomations }: { now: Date; startAutomations: FlowRunWish | null },
): Promise<number> {
  const { rows: moved } = await tx.query<{ any: boolean }>(
    sql`SELECT EXISTS (SELECT FROM membership_change) AS "any"`,
  );
  if (!moved[0]?.any) return 0;
  const { hours, timeZone } = await readContactHours(tx);
  const waitUntil = untilContactHours(now, hours, timeZone);
  await tx.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS flow_change
      (customer_id bigint, segment_id bigint, entered boolean, cause text, name text, run boolean) ON COMMIT DROP`);
  await tx.query('TRUNCATE flow_change');
  await tx.query(sql`
    INSERT INTO flow_change (customer_id, segment_id, entered, cause, name, run)
    SELECT c.customer_id, c.segment_id, c.entered, c.cause, s.name, NOT c.cause = ANY(${[...STARTS, 'refit']}::text[])
      FROM membership_change c
      JOIN segment s ON s.shop_id = ${tx.shopId} AND s.id = c.segment_id AND s.status = 'live'
      LEFT JOIN segment_reach r ON r.shop_id = ${tx.shopId} AND r.segment_id = c.segment_id
     WHERE coalesce(r.flow, true)
       AND (c.cause = ANY(${[...STARTS]}::text[])
            OR (c.cause = 'refit' AND coalesce(r.flow_refit, false))
            OR (c.cause <> 'refit' AND ${startAutomations !== null}))
       AND NOT EXISTS (SELECT FROM tag_held_out h WHERE h.shop_id = ${tx.shopId} AND h.segment_id = c.segment_id
                          AND h.customer_id = c.customer_id)
       AND EXISTS (SELECT FROM profile p WHERE p.shop_id = ${tx.shopId} AND p.customer_id = c.customer_id)`);
  // In and out again while it waits: neither is told.
  await tx.query(sql`
    WITH undone AS (
      UPDATE flow_event e SET state = 'dropped', finished_at = ${now}, wait_until = NULL, last_error = 'undone'
        FROM flow_change c
       WHERE e.shop_id = ${tx.shopId} AND e.state = 'waiting' AND e.attempts = 0
         AND (e.wait_until IS NOT NULL OR e.run_id IS NOT NULL)
         AND e.customer_id = c.customer_id AND e.segment_id = c.segment_id
         AND e.trigger = CASE WHEN c.entered THEN 'left' ELSE 'entered' END
      RETURNING e.customer_id, e.segment_id)
    DELETE FROM flow_change c USING undone u
     WHERE c.customer_id = u.customer_id AND c.segment_id = u.segment_id`);
  const { rows } = await tx.query<{ waits: boolean; run: boolean }>(sql`
    INSERT INTO flow_event (shop_id, trigger, segment_id, customer_id, title, detail, at, wait_until, run_id,
                            not_before)
    SELECT ${tx.shopId}::bigint, CASE WHEN entered THEN 'entered' ELSE 'left' END, segment_id, customer_id, name, cause,
           ${now}::timestamptz,
           coalesce(CASE WHEN cause = ANY(${[...WITHOUT_ANYBODY]}::text[]) THEN ${waitUntil}::timestamptz END,
                    CASE WHEN ${isHeld(tx, 'c.customer_id')} THEN ${now}::timestamptz END),
           CASE WHEN run THEN ${startAutomations?.id ?? null}::bigint END, ${AT_ONCE}::timestamptz
      FROM flow_change c ORDER BY customer_id, segment_id
    RETURNING wait_until IS NOT NULL AS waits, run_id IS NOT NULL AS run`);
  const inRun = rows.filter(({ run }) => run).length;
  if (startAutomations && inRun > 0) await openRun(tx, startAutomations, { now, total: inRun });
  if (waitUntil && rows.some(({ waits }) => waits)) await wake(tx, tx.shopId, 'flow-hours', waitUntil);
  if (rows.some(({ waits }) => !waits)) await wake(tx, tx.shopId, 'flow', AT_ONCE);
  return rows.length;
}

/**
 * A large change is followed in steps, each with events of its own: the run goes on with them even if all of before were
 * told, and what comes after the merchant has stopped it stays stopped.
 */
async function openRun(
  tx: ShopTx,
  { id, actor }: FlowRunWish,
  { now, total }: { now: Date; total: number },
): Promise<void> {
  const values = join([tx.shopId, id, now, total, actor, AT_ONCE]);
  const { rows } = await tx.query<{ state: string }>(sql`
    INSERT INTO flow_run (shop_id, id, started_at, total, actor, not_before) VALUES (${values})
    ON CONFLICT (shop_id, id) DO UPDATE
       SET total = flow_run.total + excluded.total,
           state = CASE WHEN flow_run.state = 'stopped' THEN 'stopped' ELSE 'running' END
    RETURNING state`);
  if (rows[0]?.state !== 'stopped') return;
  await tx.query(sql`
    UPDATE flow_event SET state = 'stopped', finished_at = ${now}
     WHERE shop_id = ${tx.shopId} AND run_id = ${id}::bigint AND state = 'waiting' AND attempts = 0`);
}
