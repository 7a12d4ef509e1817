/**
 * The customers of one run, as a temporary table that every step reads and that goes with the transaction:
 * touched_customer(customer_id, cause). changed_customer is filled by membership evaluation with those whose
 * desired tags may differ, and read by the tag outbox; membership_change(customer_id, segment_id, entered, cause) by
 * the statements that change memberships, and read by what follows from them besides tags.
 */
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { Cause } from '../intake/cause.ts';
import type { ShopifyId } from '../intake/facts.ts';

/**
 * From this many rows on, joins are by hash or merge. Row-level security names the shop a second time, which the
 * planner takes for a second restriction, and fresh tables have no statistics: it expects a handful of rows where
 * there are thousands, and loops over them.
 */
const MANY = 300;

/** Makes the tables, or empties them when an earlier run of the same transaction left them. */
async function makeTables(tx: ShopTx): Promise<void> {
  await tx.query(`SET LOCAL client_min_messages = warning`);
  await tx.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS touched_customer
      (customer_id bigint PRIMARY KEY, cause text NOT NULL) ON COMMIT DROP`);
  await tx.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS changed_customer (customer_id bigint PRIMARY KEY) ON COMMIT DROP`);
  await tx.query(`
    CREATE TEMPORARY TABLE IF NOT EXISTS membership_change
      (customer_id bigint NOT NULL, segment_id bigint NOT NULL, entered boolean NOT NULL, cause text NOT NULL)
      ON COMMIT DROP`);
  await tx.query('TRUNCATE touched_customer, changed_customer, membership_change');
}

/** @returns how many customers */
export async function touchCustomers(tx: ShopTx, touched: ReadonlyMap<ShopifyId, Cause>): Promise<number> {
  await makeTables(tx);
  return fill(
    tx,
    sql`SELECT * FROM unnest(${[...touched.keys()]}::bigint[], ${[...touched.values()]}::text[])`,
  );
}

/** Touches the next `limit` customers by id after `after`; also ids of which only computed rows are left. */
export async function touchCustomersAfter(
  tx: ShopTx,
  after: ShopifyId,
  limit: number,
  cause: Cause,
): Promise<{ touched: number; last: ShopifyId | null }> {
  await makeTables(tx);
  const touched = await fill(
    tx,
    sql`SELECT id, ${cause}::text FROM (
          (SELECT id FROM customer
            WHERE shop_id = ${tx.shopId} AND id > ${after}::bigint ORDER BY id LIMIT ${limit})
          UNION
          (SELECT customer_id FROM profile
            WHERE shop_id = ${tx.shopId} AND customer_id > ${after}::bigint ORDER BY customer_id LIMIT ${limit})
          UNION
          (SELECT customer_id FROM membership
            WHERE shop_id = ${tx.shopId} AND customer_id > ${after}::bigint
            GROUP BY customer_id ORDER BY customer_id LIMIT ${limit})) known
         ORDER BY id LIMIT ${limit}`,
  );
  const { rows } = await tx.query<{ last: ShopifyId | null }>(
    'SELECT max(customer_id) AS last FROM touched_customer',
  );
  return { touched, last: rows[0]?.last ?? null };
}

/** Touches what `select` (customer_id, cause) yields. */
export async function touchSelected(tx: ShopTx, select: Sql): Promise<number> {
  await makeTables(tx);
  return fill(tx, select);
}

async function fill(tx: ShopTx, select: Sql): Promise<number> {
  const { rowCount } = await tx.query(sql`INSERT INTO touched_customer (customer_id, cause) ${select}`);
  const touched = rowCount ?? 0;
  await tx.query(sql`SELECT set_config('enable_nestloop', ${touched < MANY ? 'on' : 'off'}, true)`);
  if (touched >= MANY) await tx.query('ANALYZE touched_customer');
  return touched;
}
