import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { queueSelected } from './queue-changed.server.ts';
import { STILL_OURS } from './still-ours.ts';

/**
 * Customers with a tag of ours that Shopify did not take off when it was asked last are compared again: a refusal takes
 * the row out of the outbox, and nothing else would bring it back before something happens to the customer. Nothing is
 * written where the tag is wanted again.
 * @param now business time. @returns how many customers
 */
export async function queueRefusedRemovals(tx: ShopTx, now: Date): Promise<number> {
  const refused = sql`
    SELECT w.customer_id FROM tag_write w
      JOIN tag_owned o ON o.shop_id = w.shop_id AND o.customer_id = w.customer_id AND ${STILL_OURS}
                      AND (o.tag = w.tag OR o.tag_key = lower(w.tag))
     WHERE w.shop_id = ${tx.shopId} AND w.outcome = 'failed' AND w.act = 'remove'
       AND NOT EXISTS (SELECT FROM tag_write later WHERE later.shop_id = w.shop_id AND later.customer_id = w.customer_id
                          AND later.tag = w.tag AND later.id > w.id)
       AND NOT EXISTS (SELECT FROM tag_outbox q WHERE q.shop_id = w.shop_id AND q.customer_id = w.customer_id)`;
  return queueSelected(tx, refused, now);
}
