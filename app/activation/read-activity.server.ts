/**
 * What was written to customers' tags and what was decided about them, as one list, newest first. Keyset pages: the
 * cursor is the time and the id of the last row that was shown, so that new rows move nothing.
 */
import { join, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

export type ActivityOutcome = 'confirmed' | 'failed' | 'by_others' | 'decided';

export interface ActivityRow {
  /** Of the page's key: "w12" a write, "e7" an edit. */
  id: string;
  at: Date;
  customerId: ShopifyId;
  tag: string;
  /** add | remove; of edits: removed added back put_back left_off */
  act: string;
  outcome: ActivityOutcome;
  way: 'single' | 'bulk' | null;
  /** Why it failed, as stored. */
  reason: string | null;
  /** Why the customer is or was in the segment: the newest cause of the tag's segment before it, if there is one. */
  cause: string | null;
  actor: string | null;
}

export interface ActivityFilter {
  /** A whole tag. */
  tag?: string;
  customerId?: ShopifyId;
  outcome?: ActivityOutcome;
}

export interface ActivityPage {
  rows: ActivityRow[];
  /** For the next page; null: this is the last. */
  next: string | null;
}

const CURSOR = /^(\d{1,16})\.([we])\.(\d{1,18})$/;

/** @param cursor of the page before; one that cannot be read begins anew */
export async function readActivity(
  tx: ShopTx,
  { filter = {}, cursor, limit }: { filter?: ActivityFilter; cursor?: string; limit: number },
): Promise<ActivityPage> {
  const from = CURSOR.exec(cursor ?? '');
  const { outcome, tag, customerId } = filter;
  const all = [
    sql`TRUE`,
    ...(tag === undefined ? [] : [sql`tag = ${tag}`]),
    ...(customerId === undefined ? [] : [sql`customer_id = ${customerId}::bigint`]),
  ];
  const before = from
    ? sql`(at, kind, id) < (${new Date(Number(from[1]))}::timestamptz, ${from[2]}::text COLLATE "C", ${from[3]}::bigint)`
    : sql`TRUE`;
  const where = join(all, ' AND ');
  const writes = sql`
    SELECT date_trunc('milliseconds', at) AS at, 'w'::text COLLATE "C" AS kind, id, customer_id, tag, act, outcome, way, reason,
           NULL::text AS actor
      FROM tag_write WHERE shop_id = ${tx.shopId} AND ${where}
       AND ${outcome === 'confirmed' || outcome === 'failed' ? sql`outcome = ${outcome}` : sql`TRUE`}`;
  const edits = sql`
    SELECT date_trunc('milliseconds', at) AS at, 'e'::text COLLATE "C" AS kind, id, customer_id, tag, kind AS act,
           CASE WHEN kind IN ('put_back', 'left_off') THEN 'decided' ELSE 'by_others' END AS outcome, NULL AS way,
           NULL AS reason, actor
      FROM tag_edit WHERE shop_id = ${tx.shopId} AND ${where}
       AND ${outcome === 'decided' ? sql`kind IN ('put_back', 'left_off')` : outcome === 'by_others' ? sql`kind IN ('removed', 'added', 'back')` : sql`TRUE`}`;
  const parts =
    outcome === undefined
      ? [writes, edits]
      : [outcome === 'confirmed' || outcome === 'failed' ? writes : edits];
  const { rows } = await tx.query<ActivityRow & { kind: 'w' | 'e' }>(sql`
    WITH page AS (
      SELECT * FROM (${join(
        parts.map(
          (part) =>
            sql`(SELECT * FROM (${part}) AS one WHERE ${before} ORDER BY at DESC, kind DESC, id DESC LIMIT ${limit + 1})`,
        ),
        ' UNION ALL ',
      )}) AS merged ORDER BY at DESC, kind DESC, id DESC LIMIT ${limit + 1}
    )
    SELECT p.id, p.kind, p.at, p.customer_id AS "customerId", p.tag, p.act, p.outcome, p.way, p.reason, p.actor,
           CASE WHEN p.kind = 'w' THEN (
             SELECT e.cause FROM segment s
               JOIN shop_settings g ON g.shop_id = s.shop_id
               JOIN membership_event e ON e.shop_id = s.shop_id AND e.segment_id = s.id AND e.customer_id = p.customer_id
              WHERE s.shop_id = ${tx.shopId} AND g.tag_prefix || s.tag_name = p.tag AND e.at <= p.at
              ORDER BY e.id DESC LIMIT 1) END AS cause
      FROM page p ORDER BY p.at DESC, p.kind DESC, p.id DESC`);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    rows: shown.map(({ kind, ...row }) => ({ ...row, id: `${kind}${row.id}` })),
    next: more ? `${last.at.getTime()}.${last.kind}.${last.id}` : null,
  };
}

export interface BulkUnderWay {
  id: string;
  act: 'add' | 'remove';
  lines: number;
  doneLines: number;
  startedAt: Date;
}

export async function readBulksUnderWay(tx: ShopTx): Promise<BulkUnderWay[]> {
  const { rows } = await tx.query<BulkUnderWay & Record<string, unknown>>(sql`
    SELECT id, act, lines, done_lines AS "doneLines", started_at AS "startedAt" FROM tag_bulk
     WHERE shop_id = ${tx.shopId} AND state IN ('staging', 'running', 'reading') ORDER BY id LIMIT 50`);
  return rows;
}
