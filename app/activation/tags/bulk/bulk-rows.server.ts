/** The stored life of a file: what a restarted worker finds. Every step is stored before it is taken. */
import { sql } from '../../../db/sql.ts';
import type { ShopTx } from '../../../db/tenancy.server.ts';
import type { ShopifyId } from '../../../intake/facts.ts';
import type { BulkAct } from './bulk-mutation-document.ts';

export interface BulkRow {
  id: string;
  act: BulkAct;
  state: 'staging' | 'running' | 'reading' | 'done' | 'failed';
  shopifyId: string | null;
  startedAt: Date;
  lines: number;
}

export interface StagedLine {
  line: number;
  customerId: ShopifyId;
  tags: string[];
  generation: string;
}

export async function unfinishedBulks(tx: ShopTx): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(sql`
    SELECT id FROM tag_bulk WHERE shop_id = ${tx.shopId} AND state IN ('staging', 'running', 'reading') ORDER BY id`);
  return rows.map((row) => row.id);
}

export async function readBulk(tx: ShopTx, id: string): Promise<BulkRow | null> {
  const { rows } = await tx.query<BulkRow & Record<string, unknown>>(sql`
    SELECT id, act, state, shopify_id AS "shopifyId", started_at AS "startedAt", lines
      FROM tag_bulk WHERE shop_id = ${tx.shopId} AND id = ${id}`);
  return rows[0] ?? null;
}

/** Lines whose result has not been recorded yet. */
export async function openLines(tx: ShopTx, id: string): Promise<StagedLine[]> {
  const { rows } = await tx.query<StagedLine & Record<string, unknown>>(sql`
    SELECT line, customer_id AS "customerId", tags, generation FROM tag_bulk_line
     WHERE shop_id = ${tx.shopId} AND bulk_id = ${id} ORDER BY line`);
  return rows;
}

export async function setRunning(tx: ShopTx, id: string, shopifyId: string | null): Promise<void> {
  await tx.query(sql`
    UPDATE tag_bulk SET state = 'running', shopify_id = ${shopifyId}
     WHERE shop_id = ${tx.shopId} AND id = ${id} AND state IN ('staging', 'running')`);
}

export async function setReading(tx: ShopTx, id: string): Promise<void> {
  await tx.query(sql`
    UPDATE tag_bulk SET state = 'reading' WHERE shop_id = ${tx.shopId} AND id = ${id} AND state = 'running'`);
}

export async function dropLines(tx: ShopTx, id: string, lines: readonly number[]): Promise<void> {
  await tx.query(sql`
    DELETE FROM tag_bulk_line
     WHERE shop_id = ${tx.shopId} AND bulk_id = ${id} AND line = ANY(${lines}::int[])`);
  await tx.query(sql`
    UPDATE tag_bulk SET done_lines = done_lines + ${lines.length}::int WHERE shop_id = ${tx.shopId} AND id = ${id}`);
}

export async function finishBulk(
  tx: ShopTx,
  id: string,
  state: 'done' | 'failed',
  at: Date,
  message: string | null = null,
): Promise<void> {
  await tx.query(sql`
    DELETE FROM tag_bulk_line WHERE shop_id = ${tx.shopId} AND bulk_id = ${id}`);
  await tx.query(sql`
    UPDATE tag_bulk SET state = ${state}, finished_at = ${at}, message = ${message}
     WHERE shop_id = ${tx.shopId} AND id = ${id}`);
}

/** Gives up a file that was never run: its customers are compared again, `single` when not in a file again. */
export async function releaseUnrun(
  tx: ShopTx,
  id: string,
  options: { at: Date; message: string; single: boolean },
): Promise<void> {
  await tx.query(sql`
    SELECT 1 FROM tag_outbox WHERE shop_id = ${tx.shopId} AND bulk_id = ${id} ORDER BY customer_id FOR UPDATE`);
  await tx.query(sql`
    UPDATE tag_outbox SET bulk_id = NULL, claimed_by = NULL, claimed_until = NULL,
           attempts = attempts + ${options.single ? 1 : 0}
     WHERE shop_id = ${tx.shopId} AND bulk_id = ${id}`);
  await finishBulk(tx, id, 'failed', options.at, options.message);
}
