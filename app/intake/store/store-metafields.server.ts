/**
 * incoming_customer_metafield -> customer_metafield, key by key by its stamp. What the merchant has turned off
 * meanwhile is not stored, whenever it was read: so nothing comes back after a purge.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { CustomerEffect } from './store-customers.server.ts';

/**
 * Drops postal codes and metafields that are not (or no longer) asked for from the incoming rows.
 * @returns whether there is anything to do with metafields
 */
export async function dropUnpicked(tx: ShopTx): Promise<boolean> {
  const { rows } = await tx.query<{ zips: boolean; metafields: boolean; removals: boolean }>(sql`
    SELECT EXISTS (SELECT 1 FROM incoming_customer WHERE zip_stamp IS NOT NULL) AS zips,
           EXISTS (SELECT 1 FROM incoming_customer_metafield) AS metafields,
           EXISTS (SELECT 1 FROM incoming_customer WHERE deleted_at IS NOT NULL) AS removals`);
  const there = rows[0];
  if (there?.zips) {
    await tx.query(sql`
      UPDATE incoming_customer SET zip = NULL, zip_stamp = NULL
       WHERE NOT EXISTS (SELECT 1 FROM shop_settings WHERE shop_id = ${tx.shopId} AND postal_codes)`);
  }
  if (there?.metafields) {
    await tx.query(sql`
      DELETE FROM incoming_customer_metafield
       WHERE namespace_key NOT IN (
         SELECT picked ->> 'key' FROM shop_settings, jsonb_array_elements(metafields) AS picked
          WHERE shop_id = ${tx.shopId})`);
  }
  return there?.metafields === true || there?.removals === true;
}

/** After the customers: those of removed, merged and redacted ones are passed over. */
export async function storeMetafields(tx: ShopTx): Promise<CustomerEffect[]> {
  await tx.query(sql`
    DELETE FROM customer_metafield m USING incoming_customer i
     WHERE m.shop_id = ${tx.shopId} AND m.customer_id = i.id AND i.deleted_at IS NOT NULL`);
  const { rows } = await tx.query<{ id: string }>(sql`
    WITH latest AS (
      SELECT DISTINCT ON (i.customer_id, i.namespace_key) i.*
        FROM incoming_customer_metafield i
        JOIN customer_ref r ON r.id = i.customer_id AND r.kept_id = r.id AND NOT r.blocked
        JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = i.customer_id AND c.deleted_at IS NULL
       ORDER BY i.customer_id, i.namespace_key, i.stamp COLLATE "C" DESC),
    dated AS (
      SELECT l.customer_id, l.namespace_key, l.type, l.value, l.number_value, l.stamp,
             coalesce(l.date_value, (l.instant AT TIME ZONE s.iana_timezone)::date) AS date_value
        FROM latest l JOIN shop_settings s ON s.shop_id = ${tx.shopId}),
    changed AS (
      SELECT DISTINCT d.customer_id
        FROM dated d
        LEFT JOIN customer_metafield m
          ON m.shop_id = ${tx.shopId} AND m.customer_id = d.customer_id AND m.namespace_key = d.namespace_key
       WHERE d.stamp > coalesce(m.stamp, '') COLLATE "C"
         AND (d.value, d.number_value, d.date_value) IS DISTINCT FROM (m.value, m.number_value, m.date_value)),
    stored AS (
      INSERT INTO customer_metafield AS m
        (shop_id, customer_id, namespace_key, type, value, number_value, date_value, stamp)
      SELECT ${tx.shopId}, customer_id, namespace_key, type, value, number_value, date_value, stamp FROM dated
      ON CONFLICT (shop_id, customer_id, namespace_key) DO UPDATE
        SET type = excluded.type, value = excluded.value, number_value = excluded.number_value,
            date_value = excluded.date_value, stamp = excluded.stamp
       WHERE excluded.stamp > m.stamp COLLATE "C")
    SELECT customer_id AS id FROM changed`);
  return rows.map(({ id }) => ({ id, cause: 'edit', conflict: false }));
}
