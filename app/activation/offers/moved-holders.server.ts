/**
 * Whose holding of an offer a statement has changed, as a temporary table that goes with the transaction:
 * moved_holder(customer_id). However many they are, they stay in the database.
 */
import { raw, sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

/** Makes the table, or empties it when an earlier statement of the same transaction left it. */
export async function clearMoved(tx: ShopTx): Promise<void> {
  await tx.query(`SET LOCAL client_min_messages = warning`);
  await tx.query(
    `CREATE TEMPORARY TABLE IF NOT EXISTS moved_holder (customer_id bigint PRIMARY KEY) ON COMMIT DROP`,
  );
  await tx.query('TRUNCATE moved_holder');
}

/** A part of a statement that notes the customers (customer_id) of another part of it. */
export function noteMoved(part: 'ended' | 'given'): Sql {
  return sql`INSERT INTO moved_holder SELECT DISTINCT customer_id FROM ${raw(part)} ORDER BY customer_id`;
}

export const MOVED = sql`SELECT customer_id FROM moved_holder`;
