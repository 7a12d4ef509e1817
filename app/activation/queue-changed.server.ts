/**
 * The outbox holds one row a customer: "compare desired with actual". Queueing again raises the row's
 * generation, so a writer that is under way with an older comparison leaves the row in place.
 *
 * A row is due at once whatever clock the caller lives on: `now` may be business time, back-off is the
 * machine's, so neither the row nor the wake-up takes its due time from `now`.
 */
import { sql } from '../db/sql.ts';
import { wake } from '../db/shop-due.server.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';

const AT_ONCE = new Date(0);

/**
 * Queues every row of the temporary table `changed_customer`.
 * @returns how many customers
 */
export async function queueChanged(tx: ShopTx, now: Date): Promise<number> {
  const { rowCount } = await tx.query(sql`
    INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before)
    SELECT ${tx.shopId}::bigint, customer_id, ${now}, ${AT_ONCE}
      FROM changed_customer ORDER BY customer_id
    ON CONFLICT (shop_id, customer_id) DO UPDATE
      SET generation = tag_outbox.generation + 1, not_before = excluded.not_before, attempts = 0`);
  return wakeIfAny(tx, rowCount ?? 0);
}

/** Queues customers by id. */
export async function queueCustomers(tx: ShopTx, ids: readonly ShopifyId[], now: Date): Promise<number> {
  const { rowCount } = await tx.query(sql`
    INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before)
    SELECT ${tx.shopId}::bigint, id, ${now}, ${AT_ONCE}
      FROM (SELECT DISTINCT id FROM unnest(${ids}::bigint[]) AS id) AS customer ORDER BY id
    ON CONFLICT (shop_id, customer_id) DO UPDATE
      SET generation = tag_outbox.generation + 1, not_before = excluded.not_before, attempts = 0`);
  return wakeIfAny(tx, rowCount ?? 0);
}

async function wakeIfAny(tx: ShopTx, queued: number): Promise<number> {
  if (queued > 0) await wake(tx, tx.shopId, 'outbox', AT_ONCE);
  return queued;
}
