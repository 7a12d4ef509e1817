/**
 * Tags of ours that somebody else removed. A few are decisions: suppressed, not added again. Many at once (more than
 * 20 within ten minutes) are damage, by an import or another app: an alert names them, and until a person decides they
 * are neither added again nor accepted. Which of both it was is known only when the last one came, so those of the
 * last ten minutes that were taken for decisions are taken back.
 *
 * Removals are counted by the time at which Shopify was read, so they may be noticed in any number of batches.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { raiseAttention } from '../flow/raise-attention.server.ts';

export const DECISIONS_AT_MOST = 20;
export const WINDOW_MS = 10 * 60_000;
const SEVERAL = 3;

export interface Removal {
  customerId: ShopifyId;
  key: string;
  tag: string;
  /** When Shopify was read without it (remote time). */
  seenAt: Date;
}

/** @param options.now business time. @returns the alert that they belong to, or null when they are decisions */
export async function recordRemovals(
  tx: ShopTx,
  removals: readonly Removal[],
  { now }: { now: Date },
): Promise<string | null> {
  if (removals.length === 0) return null;
  const { rows: noted } = await tx.query<{ id: string }>(sql`
    INSERT INTO tag_edit (shop_id, customer_id, tag_key, tag, kind, at, noticed_at)
    SELECT ${tx.shopId}::bigint, r.customer_id, r.tag_key, r.tag, 'removed', ${now}::timestamptz, r.seen_at
      FROM unnest(${removals.map((one) => one.customerId)}::bigint[], ${removals.map((one) => one.key)}::text[],
                  ${removals.map((one) => one.tag)}::text[], ${removals.map((one) => one.seenAt)}::timestamptz[])
           AS r (customer_id, tag_key, tag, seen_at)
    RETURNING id`);
  const seen = removals.map((one) => one.seenAt.getTime());
  const [from, to] = [new Date(Math.min(...seen) - WINDOW_MS), new Date(Math.max(...seen) + WINDOW_MS)];
  const alertId = (await openAlert(tx, from, to)) ?? (await newAlert(tx, removals, now));
  const tags = alertId === null ? [] : await damagedTags(tx, alertId, from, to);
  const ids = noted.map(({ id }) => id);
  await tx.query(sql`
    UPDATE tag_owned o SET suppressed_at = ${now}
      FROM tag_edit e
     WHERE e.shop_id = ${tx.shopId} AND e.id = ANY(${ids}::bigint[]) AND NOT e.tag_key = ANY(${tags}::text[])
       AND o.shop_id = ${tx.shopId} AND o.customer_id = e.customer_id AND o.tag_key = e.tag_key`);
  if (alertId === null) return null;
  await tx.query(sql`
    WITH joined AS (
      UPDATE tag_edit e SET alert_id = ${alertId}::bigint
       WHERE e.shop_id = ${tx.shopId} AND e.kind = 'removed' AND e.alert_id IS NULL
         AND e.tag_key = ANY(${tags}::text[])
         AND (e.id = ANY(${ids}::bigint[]) OR e.noticed_at > ${from} AND e.noticed_at < ${to})
      RETURNING e.customer_id, e.tag_key
    )
    UPDATE tag_owned o SET lost_in = ${alertId}::bigint, suppressed_at = NULL FROM joined j
     WHERE o.shop_id = ${tx.shopId} AND o.customer_id = j.customer_id AND o.tag_key = j.tag_key`);
  await tx.query(sql`
    UPDATE tag_alert SET noticed_at = greatest(noticed_at, ${new Date(Math.max(...seen))}),
           removed = (SELECT count(*) FROM tag_edit WHERE shop_id = ${tx.shopId} AND alert_id = ${alertId}::bigint AND kind = 'removed')
     WHERE shop_id = ${tx.shopId} AND id = ${alertId}::bigint`);
  return alertId;
}

/**
 * Which tags were damaged: those of which several went. Of a tag of which one or two went in the same minutes that is
 * somebody's decision still, unless the many are made of such.
 */
async function damagedTags(tx: ShopTx, alertId: string, from: Date, to: Date): Promise<string[]> {
  const { rows } = await tx.query<{ key: string; n: number }>(sql`
    SELECT tag_key AS key, count(*)::int AS n FROM tag_edit
     WHERE shop_id = ${tx.shopId} AND kind = 'removed'
       AND (alert_id = ${alertId}::bigint OR alert_id IS NULL AND noticed_at > ${from} AND noticed_at < ${to})
     GROUP BY tag_key`);
  const several = rows.filter(({ n }) => n >= SEVERAL);
  const enough = several.reduce((sum, { n }) => sum + n, 0) > DECISIONS_AT_MOST;
  return (enough ? several : rows).map(({ key }) => key);
}

async function openAlert(tx: ShopTx, from: Date, to: Date): Promise<string | null> {
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT id FROM tag_alert WHERE shop_id = ${tx.shopId} AND state = 'open' AND noticed_at > ${from} AND noticed_at < ${to}
     ORDER BY id LIMIT 1`);
  return rows[0]?.id ?? null;
}

/** The most removals within any ten minutes that hold one of these. */
async function newAlert(tx: ShopTx, removals: readonly Removal[], now: Date): Promise<string | null> {
  const seen = removals.map((one) => one.seenAt.getTime());
  const { rows } = await tx.query<{ most: number }>(sql`
    SELECT coalesce(max(n), 0)::int AS most FROM (
      SELECT count(*) OVER (ORDER BY noticed_at RANGE BETWEEN ${`${WINDOW_MS} milliseconds`}::interval PRECEDING
                                                          AND CURRENT ROW) AS n
        FROM tag_edit WHERE shop_id = ${tx.shopId} AND kind = 'removed'
         AND noticed_at > ${new Date(Math.min(...seen) - WINDOW_MS)}
         AND noticed_at < ${new Date(Math.max(...seen) + WINDOW_MS)}) AS windows`);
  if ((rows[0]?.most ?? 0) <= DECISIONS_AT_MOST) return null;
  const { rows: made } = await tx.query<{ id: string }>(sql`
    INSERT INTO tag_alert (shop_id, at, noticed_at)
    VALUES (${tx.shopId}, ${now}, ${new Date(Math.max(...seen))}) RETURNING id`);
  await raiseAttention(tx, now);
  return made[0]?.id ?? null;
}

/** They are there again by somebody's hand: as if nothing had been. */
export async function recordReturns(
  tx: ShopTx,
  back: readonly Removal[],
  { now }: { now: Date },
): Promise<void> {
  if (back.length === 0) return;
  await tx.query(sql`
    WITH r AS (
      SELECT * FROM unnest(${back.map((one) => one.customerId)}::bigint[], ${back.map((one) => one.key)}::text[],
                           ${back.map((one) => one.tag)}::text[], ${back.map((one) => one.seenAt)}::timestamptz[])
             AS r (customer_id, tag_key, tag, seen_at)
    ), noted AS (
      INSERT INTO tag_edit (shop_id, customer_id, tag_key, tag, kind, at, noticed_at)
      SELECT ${tx.shopId}::bigint, customer_id, tag_key, tag, 'back', ${now}::timestamptz, seen_at FROM r
    )
    UPDATE tag_owned o SET suppressed_at = NULL, lost_in = NULL, added_at = greatest(o.added_at, r.seen_at) FROM r
     WHERE o.shop_id = ${tx.shopId} AND o.customer_id = r.customer_id AND o.tag_key = r.tag_key`);
}
