/**
 * When all parts are loaded: lines whose order never came are dropped, and customers that only orders have
 * named are asked for. Safe to run again.
 */
import { waitForShop } from '../../db/shop-due.server.ts';
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { thinkInSets } from './statistics.server.ts';
import { queueRereadsOf, UNKNOWN_CUSTOMER } from '../store/queue-rereads.server.ts';

export interface Joined {
  orphanLines: number;
  unknownCustomers: number;
}

/** @param now machine time */
export async function joinImport(tx: ShopTx, now: Date): Promise<Joined> {
  await thinkInSets(tx);
  await waitForShop(tx, tx.shopId);
  const orphans = await tx.query(sql`
    DELETE FROM order_line l
     WHERE l.shop_id = ${tx.shopId}
       AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.shop_id = ${tx.shopId} AND o.id = l.order_id)`);
  const unknownCustomers = await queueRereadsOf(
    tx,
    sql`
    SELECT 'customer' AS kind, id AS object_id, ${now}::timestamptz AS not_before, ${UNKNOWN_CUSTOMER}::text AS reason
      FROM customer c
     WHERE c.shop_id = ${tx.shopId} AND c.core_stamp IS NULL AND c.deleted_at IS NULL
       AND NOT EXISTS (SELECT 1 FROM customer_alias a WHERE a.shop_id = ${tx.shopId} AND a.old_id = c.id)`,
    { now, soonest: now },
  );
  return { orphanLines: orphans.rowCount ?? 0, unknownCustomers };
}
