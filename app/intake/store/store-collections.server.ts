/**
 * Collections, and which products they hold. A read of a product tells all its collections, a read of a collection
 * all its products; both come late and in any order. So each pair remembers the latest read that saw it, product
 * and collection remember when they were last read whole, and a pair holds while no whole read is later than it.
 * All three are maxima: any permutation of reads ends the same. A delete wins for ever.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../facts.ts';

export interface CollectionEffects {
  /** Products that came into a collection or left one. */
  products: ShopifyId[];
  /** Collections of which two states have the same times. */
  conflicts: ShopifyId[];
}

/** After the products. */
export async function storeCollections(tx: ShopTx): Promise<CollectionEffects> {
  const conflicts = await storeCores(tx);
  await storeReadTimes(tx);
  const products = new Set<ShopifyId>();
  const { rows: seen } = await tx.query<{ id: ShopifyId; fresh: boolean }>(sql`
    INSERT INTO product_collection AS pc (shop_id, product_id, collection_id, seen_at)
    SELECT ${tx.shopId}::bigint, i.product_id, i.collection_id, max(i.seen_at)
      FROM incoming_product_collection i
      LEFT JOIN product p ON p.shop_id = ${tx.shopId} AND p.id = i.product_id
      LEFT JOIN collection c ON c.shop_id = ${tx.shopId} AND c.id = i.collection_id
     WHERE p.deleted_at IS NULL AND c.deleted_at IS NULL
       AND i.seen_at >= coalesce(p.collections_read_at, '-infinity')
       AND i.seen_at >= coalesce(c.products_read_at, '-infinity')
     GROUP BY i.product_id, i.collection_id
     ORDER BY i.product_id, i.collection_id
    ON CONFLICT (shop_id, product_id, collection_id) DO UPDATE SET seen_at = excluded.seen_at
     WHERE pc.seen_at < excluded.seen_at
    RETURNING product_id AS id, xmax = 0 AS fresh`);
  for (const { id, fresh } of seen) if (fresh) products.add(id);
  const { rows: ended } = await tx.query<{ id: ShopifyId }>(sql`
    DELETE FROM product_collection pc
     USING (SELECT id AS product_id, NULL::bigint AS collection_id,
                   max(CASE WHEN deleted_at IS NULL THEN collections_read_at ELSE 'infinity' END) AS read_at
              FROM incoming_product GROUP BY id
            UNION ALL
            SELECT NULL, id, max(CASE WHEN deleted_at IS NULL THEN products_read_at ELSE 'infinity' END)
              FROM incoming_collection GROUP BY id) AS whole
     WHERE pc.shop_id = ${tx.shopId} AND pc.seen_at < whole.read_at
       AND (pc.product_id = whole.product_id OR pc.collection_id = whole.collection_id)
    RETURNING pc.product_id AS id`);
  for (const { id } of ended) products.add(id);
  return { products: [...products], conflicts };
}

/** @returns those that contradict what is stored */
async function storeCores(tx: ShopTx): Promise<ShopifyId[]> {
  const { rows } = await tx.query<{ id: ShopifyId }>(sql`
    SELECT DISTINCT i.id FROM incoming_collection i
      JOIN collection c ON c.shop_id = ${tx.shopId} AND c.id = i.id AND c.deleted_at IS NULL
     WHERE left(i.core_stamp, 55) = left(c.core_stamp, 55) COLLATE "C" AND i.core_stamp <> c.core_stamp COLLATE "C"`);
  await tx.query(sql`
    INSERT INTO collection AS c (shop_id, id, title, handle, updated_at, core_stamp)
    SELECT DISTINCT ON (id) ${tx.shopId}::bigint, id, coalesce(title, ''), coalesce(handle, ''), updated_at, core_stamp
      FROM incoming_collection
     ORDER BY id, core_stamp COLLATE "C" DESC NULLS LAST
    ON CONFLICT (shop_id, id) DO UPDATE
      SET title = excluded.title, handle = excluded.handle, updated_at = excluded.updated_at,
          core_stamp = excluded.core_stamp
     WHERE c.deleted_at IS NULL AND excluded.core_stamp > coalesce(c.core_stamp, '') COLLATE "C"`);
  await tx.query(sql`
    UPDATE collection c
       SET title = '', handle = '', updated_at = NULL, core_stamp = NULL, deleted_at = gone.at
      FROM (SELECT id, min(deleted_at) AS at FROM incoming_collection WHERE deleted_at IS NOT NULL GROUP BY id) AS gone
     WHERE c.shop_id = ${tx.shopId} AND c.id = gone.id AND (c.deleted_at IS NULL OR c.deleted_at > gone.at)`);
  return rows.map(({ id }) => id);
}

async function storeReadTimes(tx: ShopTx): Promise<void> {
  await tx.query(sql`
    UPDATE product p SET collections_read_at = i.read_at
      FROM (SELECT id, max(collections_read_at) AS read_at FROM incoming_product GROUP BY id) AS i
     WHERE p.shop_id = ${tx.shopId} AND p.id = i.id AND i.read_at > coalesce(p.collections_read_at, '-infinity')`);
  await tx.query(sql`
    UPDATE collection c SET products_read_at = i.read_at
      FROM (SELECT id, max(products_read_at) AS read_at FROM incoming_collection GROUP BY id) AS i
     WHERE c.shop_id = ${tx.shopId} AND c.id = i.id AND i.read_at > coalesce(c.products_read_at, '-infinity')`);
}

/**
 * A bulk read of all products has told all pairs there were when it began: what was seen earlier only has ended.
 * @param readAt when the read began
 */
export async function endUnseenPairs(tx: ShopTx, readAt: Date): Promise<void> {
  await tx.query(sql`
    DELETE FROM product_collection WHERE shop_id = ${tx.shopId} AND seen_at < ${readAt}`);
  await tx.query(sql`
    UPDATE product SET collections_read_at = ${readAt}
     WHERE shop_id = ${tx.shopId} AND deleted_at IS NULL AND coalesce(collections_read_at, '-infinity') < ${readAt}`);
}
