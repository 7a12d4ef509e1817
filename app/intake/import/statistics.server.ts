/**
 * What the planner knows. While a shop comes in, its tables have no statistics of it (a shop that was not there
 * at the last ANALYZE counts as one row), and a nested loop over thousands of rows that were taken for one never
 * ends. So a chunk joins by hash or merge, and the statistics are renewed as soon as a file is in.
 */
import { sql } from '../../db/sql.ts';
import type { Db, Queryable } from '../../db/tenancy.server.ts';

/** For the rest of the transaction: no nested loops. */
export async function thinkInSets(tx: Queryable): Promise<void> {
  await tx.query(sql`SELECT set_config('enable_nestloop', 'off', true)`);
}

/** Where the role may not (before PostgreSQL 17 only the owner may), this only warns; autovacuum comes later. */
export async function renewStatistics(db: Db): Promise<void> {
  await db.outsideShops((tx) => tx.query('ANALYZE customer, orders, order_line, order_refund, product'));
}
