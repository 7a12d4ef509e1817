/**
 * The outbox holds one row a customer: "compare desired with actual". Queueing again raises the row's
 * generation, so a writer that is under way with an older comparison leaves the row in place.
 *
 * A row is due at once (unless said otherwise) whatever clock the caller lives on: `now` may be business time, back-off
 * is the machine's, so neither the row nor the wake-up takes its due time from `now`.
 *
 * A row that waits for a decision (held_by) goes on waiting, unless the customer did something: an order, refund,
 * edit, merge or change of consent of theirs, or the merchant's word about them, sets it free, because the app
 * promises to follow those within minutes. Clock, product and mass causes do not.
 */
import { sql, type Sql } from '../../db/sql.ts';
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { Cause } from '../../intake/cause.ts';
import type { ShopifyId } from '../../intake/facts.ts';

/** Causes that set a held customer free. */
const THEIR_OWN: readonly Cause[] = ['order', 'refund', 'edit', 'merge', 'consent', 'manual'];

/**
 * Queues every row of the temporary table `changed_customer`.
 * @param options.heldBy the held change that they wait for; those who wait for another one go on waiting for that
 * @returns how many customers
 */
export async function queueChanged(
  tx: ShopTx,
  now: Date,
  { heldBy = null }: { heldBy?: string | null } = {},
): Promise<number> {
  const { rowCount } = await tx.query(sql`
    INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before, held_by)
    SELECT ${tx.shopId}::bigint, customer_id, ${now}, ${AT_ONCE}, ${heldBy}::bigint
      FROM changed_customer ORDER BY customer_id
    ON CONFLICT (shop_id, customer_id) DO UPDATE
      SET generation = tag_outbox.generation + 1, not_before = excluded.not_before, attempts = 0, only_over = false,
          held_by = CASE WHEN NOT EXISTS (SELECT FROM touched_customer t
                                           WHERE t.customer_id = excluded.customer_id
                                             AND t.cause = ANY(${THEIR_OWN}::text[]))
                         THEN coalesce(tag_outbox.held_by, excluded.held_by) END`);
  return wakeIfAny(tx, rowCount ?? 0);
}

/**
 * Queues customers by id.
 * @param options.free those who wait for a decision wait no longer: what is queued was decided by a person
 * @param options.offerOver as in `queueSelected`
 */
export async function queueCustomers(
  tx: ShopTx,
  ids: readonly ShopifyId[],
  now: Date,
  options: { free?: boolean; offerOver?: boolean } = {},
): Promise<number> {
  return queueSelected(tx, sql`SELECT unnest(${ids}::bigint[]) AS customer_id`, now, options);
}

/**
 * As `queueCustomers`, those whom `select` (customer_id) yields.
 * @param options.offerOver those who wait for a decision go on waiting, but the tag of an offer that is over goes
 * @param options.notBefore machine time; at once when absent
 */
export async function queueSelected(
  tx: ShopTx,
  select: Sql,
  now: Date,
  {
    free = false,
    offerOver = false,
    notBefore = AT_ONCE,
  }: { free?: boolean; offerOver?: boolean; notBefore?: Date } = {},
): Promise<number> {
  const { rowCount } = await tx.query(sql`
    INSERT INTO tag_outbox (shop_id, customer_id, queued_at, not_before, offer_over)
    SELECT ${tx.shopId}::bigint, customer_id, ${now}, ${notBefore}, ${offerOver}::boolean
      FROM (SELECT DISTINCT customer_id FROM (${select}) AS one) AS customer ORDER BY customer_id
    ON CONFLICT (shop_id, customer_id) DO UPDATE
      SET generation = tag_outbox.generation + 1, not_before = excluded.not_before, attempts = 0,
          held_by = CASE WHEN NOT ${free}::boolean THEN tag_outbox.held_by END,
          offer_over = tag_outbox.offer_over OR ${offerOver}::boolean,
          only_over = tag_outbox.only_over AND ${offerOver && !free}::boolean`);
  return wakeIfAny(tx, rowCount ?? 0);
}

async function wakeIfAny(tx: ShopTx, queued: number): Promise<number> {
  if (queued > 0) await wake(tx, tx.shopId, 'outbox', AT_ONCE);
  return queued;
}
