/**
 * Lines and refunds belong to one core of their order and are replaced with it as a whole. Loose lines (bulk
 * queries send them apart) are merged into whatever is stored, unless the order was read or told later than
 * the query began; they may come before their order, so there is no foreign key.
 */
import { raw, sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

const LINE_COLUMNS = raw(
  `order_id, id, product_id, variant_id, title, sku, vendor, quantity, current_quantity,
   total_minor, discounted_minor, gift_card, selling_plan`,
);

/** For the orders of the present round (order_step). */
export async function storeOwnedLines(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    DELETE FROM order_line l USING order_step s
     WHERE l.shop_id = ${tx.shopId} AND l.order_id = s.id AND (s.gone OR (s.fresh AND s.has_lines))`);
  await tx.query(sql`
    INSERT INTO order_line (shop_id, ${LINE_COLUMNS})
    SELECT DISTINCT ON (order_id, id) ${tx.shopId}::bigint, ${LINE_COLUMNS} FROM (
      SELECT l.* FROM incoming_order_line l
        JOIN order_step s ON s.id = l.order_id AND s.core_stamp = l.core_stamp AND s.fresh) AS owned
     ORDER BY order_id, id, quantity DESC, total_minor DESC`);
  await tx.query(sql`
    DELETE FROM order_refund f USING order_step s
     WHERE f.shop_id = ${tx.shopId} AND f.order_id = s.id AND (s.gone OR s.fresh)`);
  await tx.query(sql`
    INSERT INTO order_refund (shop_id, order_id, id, created_at, refunded_minor)
    SELECT DISTINCT ON (f.order_id, f.id) ${tx.shopId}::bigint, f.order_id, f.id, f.created_at, f.refunded_minor
      FROM incoming_order_refund f
      JOIN order_step s ON s.id = f.order_id AND s.core_stamp = f.core_stamp AND s.fresh
     ORDER BY f.order_id, f.id, f.refunded_minor DESC`);
}

export async function storeLooseLines(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    INSERT INTO order_line AS l (shop_id, ${LINE_COLUMNS})
    SELECT DISTINCT ON (order_id, id) ${tx.shopId}::bigint, ${LINE_COLUMNS} FROM (
      SELECT i.* FROM incoming_order_line i
        LEFT JOIN orders o ON o.shop_id = ${tx.shopId} AND o.id = i.order_id
       WHERE i.core_stamp IS NULL AND o.deleted_at IS NULL
         AND (o.id IS NULL OR substr(o.core_stamp, 29, 27) COLLATE "C" <= i.read_time)) AS loose
     ORDER BY order_id, id, read_time DESC
    ON CONFLICT (shop_id, order_id, id) DO UPDATE SET
      product_id = excluded.product_id, variant_id = excluded.variant_id, title = excluded.title,
      sku = excluded.sku, vendor = excluded.vendor, quantity = excluded.quantity,
      current_quantity = excluded.current_quantity, total_minor = excluded.total_minor,
      discounted_minor = excluded.discounted_minor, gift_card = excluded.gift_card,
      selling_plan = l.selling_plan OR excluded.selling_plan
     WHERE (l.product_id, l.variant_id, l.title, l.sku, l.vendor, l.quantity, l.current_quantity, l.total_minor,
            l.discounted_minor, l.gift_card, l.selling_plan)
           IS DISTINCT FROM
           (excluded.product_id, excluded.variant_id, excluded.title, excluded.sku, excluded.vendor, excluded.quantity,
            excluded.current_quantity, excluded.total_minor, excluded.discounted_minor, excluded.gift_card,
            l.selling_plan OR excluded.selling_plan)`);
  // As giftCardMinorOf() does for an order that comes with its lines.
  await tx.query(sql`
    UPDATE orders o SET gift_card_minor = g.minor
      FROM (
        SELECT affected.order_id,
               coalesce(sum((l.discounted_minor * l.current_quantity + l.quantity / 2) / l.quantity), 0) AS minor
          FROM (SELECT order_id FROM incoming_order_line WHERE core_stamp IS NULL
                UNION SELECT id FROM incoming_order WHERE NOT has_lines AND deleted_at IS NULL) AS affected
          LEFT JOIN order_line l ON l.shop_id = ${tx.shopId} AND l.order_id = affected.order_id
                AND l.gift_card AND l.quantity > 0
         GROUP BY affected.order_id) AS g
     WHERE o.shop_id = ${tx.shopId} AND o.id = g.order_id AND o.deleted_at IS NULL AND o.gift_card_minor <> g.minor`);
}
