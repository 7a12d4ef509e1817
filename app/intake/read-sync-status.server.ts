/**
 * Where intake stands: the newest import run with its parts, and what the inbox holds. Counts of the inbox
 * stop at a bound, so that a flood costs a page no more than a quiet day.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { COUNT_LIMIT } from './count-limit.ts';
import { GIVEN_UP } from './reread.server.ts';

export type ImportKind = 'customers' | 'orders' | 'products';

export interface ImportPartStatus {
  kind: ImportKind;
  state: 'starting' | 'running' | 'loading' | 'done' | 'failed';
  /** Rows that Shopify says the result has; 0 until it says so. */
  rows: number;
  rowsDone: number;
  /** Page by page: Shopify refuses bulk queries. */
  paged: boolean;
  /** Of the orders, only those of the last 60 days were shown. */
  recentOnly: boolean;
}

export interface ImportStatus {
  state: 'running' | 'failed' | 'done';
  step: string;
  stepDone: number;
  stepTotal: number;
  startedAt: Date;
  finishedAt: Date | null;
  /** Words for the merchant: when it failed, or why it waits. */
  message: string | null;
  parts: ImportPartStatus[];
}

export interface SyncStatus {
  import: ImportStatus | null;
  /** Messages from Shopify that are stored and not yet worked through; at most `COUNT_LIMIT`. */
  inboxWaiting: number;
  /** Customers, orders and products to be read again; at most `COUNT_LIMIT`. */
  toRead: number;
  /** Messages (dead letters) and objects that could not be read; at most `COUNT_LIMIT`. */
  couldNotRead: number;
}

export async function readSyncStatus(tx: ShopTx): Promise<SyncStatus> {
  const counts = await tx.query<{ waiting: number; dead: number; reread: number; givenUp: number }>(sql`
    SELECT (SELECT count(*)::int FROM (SELECT 1 FROM inbox
             WHERE shop_id = ${tx.shopId} AND state = 'waiting' LIMIT ${COUNT_LIMIT}) AS first) AS waiting,
           (SELECT count(*)::int FROM (SELECT 1 FROM inbox
             WHERE shop_id = ${tx.shopId} AND state = 'dead' LIMIT ${COUNT_LIMIT}) AS first) AS dead,
           (SELECT count(*)::int FROM (SELECT 1 FROM reread
             WHERE shop_id = ${tx.shopId} AND attempts < ${GIVEN_UP} LIMIT ${COUNT_LIMIT}) AS first) AS reread,
           (SELECT count(*)::int FROM (SELECT 1 FROM reread
             WHERE shop_id = ${tx.shopId} AND attempts >= ${GIVEN_UP} LIMIT ${COUNT_LIMIT}) AS first) AS "givenUp"`);
  return {
    import: await readImportStatus(tx),
    inboxWaiting: counts.rows[0]?.waiting ?? 0,
    toRead: counts.rows[0]?.reread ?? 0,
    couldNotRead: Math.min(COUNT_LIMIT, (counts.rows[0]?.dead ?? 0) + (counts.rows[0]?.givenUp ?? 0)),
  };
}

/** The newest run; null before the first one. */
export async function readImportStatus(tx: ShopTx): Promise<ImportStatus | null> {
  const { rows } = await tx.query<Omit<ImportStatus, 'parts'> & { id: string }>(sql`
    SELECT id, state, step, step_done::float8 AS "stepDone", step_total::float8 AS "stepTotal",
           started_at AS "startedAt", finished_at AS "finishedAt", message
      FROM import_run WHERE shop_id = ${tx.shopId} ORDER BY id DESC LIMIT 1`);
  const run = rows[0];
  if (!run) return null;
  const { id, ...status } = run;
  const parts = await tx.query<ImportPartStatus & Record<string, unknown>>(sql`
    SELECT kind, state, object_count::float8 AS rows, lines_done::float8 AS "rowsDone",
           way = 'paged' AS paged, 'older_orders' = ANY(hidden) AS "recentOnly"
      FROM import_part WHERE shop_id = ${tx.shopId} AND run_id = ${id} ORDER BY kind`);
  return { ...status, parts: parts.rows };
}
