/**
 * Customers in the outbox who wait for a person's decision (tag_outbox.held_by): what would be written for them, and
 * the two ways on. Memberships are kept up to date meanwhile; only the store waits.
 */
import { wake } from '../db/shop-due.server.ts';
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ShopifyId } from '../intake/facts.ts';
import { tagKey } from '../intake/tag-key.ts';

/** What the tags of one live segment would change, in customers. */
export interface TagChange {
  key: string;
  name: string;
  /** With the shop's prefix. */
  tag: string;
  gains: number;
  loses: number;
}

export interface HeldTagChanges {
  /** Customers with at least one change. */
  affected: number;
  /** Segments without a change are absent. */
  changes: TagChange[];
}

const AT_ONCE = new Date(0);

/** Memberships of live segments against what is ours in the store, for the customers who wait for `heldBy`. */
export async function readHeldTagChanges(tx: ShopTx, heldBy: string): Promise<HeldTagChanges> {
  const { rows: segments } = await tx.query<{ id: string; key: string; name: string; tag: string }>(sql`
    SELECT s.id, s.key, s.name, settings.tag_prefix || s.tag_name AS tag
      FROM segment s JOIN shop_settings settings ON settings.shop_id = s.shop_id
     WHERE s.shop_id = ${tx.shopId} AND s.status = 'live' ORDER BY s.position, s.id`);
  const { rows } = await tx.query<{
    affected: number;
    counts: { id: string; gains: number; loses: number }[] | null;
  }>(sql`
    WITH held AS MATERIALIZED (
      SELECT customer_id FROM tag_outbox WHERE shop_id = ${tx.shopId} AND held_by = ${heldBy}::bigint
    ), segment_tag AS (
      SELECT * FROM unnest(${segments.map(({ id }) => id)}::bigint[], ${segments.map(({ tag }) => tag)}::text[],
                           ${segments.map(({ tag }) => tagKey(tag))}::text[]) AS g (segment_id, tag, tag_key)
    ), member AS MATERIALIZED (
      SELECT m.customer_id, m.segment_id, g.tag, g.tag_key FROM membership m
        JOIN segment_tag g ON g.segment_id = m.segment_id
       WHERE m.shop_id = ${tx.shopId} AND m.customer_id IN (SELECT customer_id FROM held)
    ), ours AS MATERIALIZED (
      SELECT o.customer_id, o.tag_key, o.added_at, o.suppressed_at FROM tag_owned o
       WHERE o.shop_id = ${tx.shopId} AND o.customer_id IN (SELECT customer_id FROM held)
    ), change AS MATERIALIZED (
      SELECT m.customer_id, m.segment_id, true AS gains FROM member m
        JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = m.customer_id AND c.deleted_at IS NULL
       WHERE NOT m.tag = ANY(c.tags)
         AND NOT EXISTS (SELECT FROM ours o WHERE o.customer_id = m.customer_id AND o.tag_key = m.tag_key
                            AND (o.added_at IS NOT NULL OR o.suppressed_at IS NOT NULL))
      UNION ALL
      SELECT o.customer_id, g.segment_id, false FROM ours o
        JOIN segment_tag g ON g.tag_key = o.tag_key
       WHERE o.suppressed_at IS NULL
         AND NOT EXISTS (SELECT FROM member m WHERE m.customer_id = o.customer_id AND m.tag_key = o.tag_key)
    )
    SELECT (SELECT count(DISTINCT customer_id)::int FROM change) AS affected,
           (SELECT json_agg(json_build_object('id', segment_id::text, 'gains', gains, 'loses', loses)) FROM (
              SELECT segment_id, count(*) FILTER (WHERE gains) AS gains, count(*) FILTER (WHERE NOT gains) AS loses
                FROM change GROUP BY segment_id) counted) AS counts`);
  const counts = new Map((rows[0]?.counts ?? []).map((one) => [one.id, one]));
  return {
    affected: rows[0]?.affected ?? 0,
    changes: segments.flatMap(({ id, key, name, tag }) => {
      const one = counts.get(id);
      return one ? [{ key, name, tag, gains: one.gains, loses: one.loses }] : [];
    }),
  };
}

/** Customers who are in the outbox already wait from now on. @returns how many; those who wait for another stay there */
export async function holdRows(tx: ShopTx, heldBy: string, customers: readonly ShopifyId[]): Promise<number> {
  const { rowCount } = await tx.query(sql`
    UPDATE tag_outbox SET held_by = ${heldBy}::bigint
     WHERE shop_id = ${tx.shopId} AND held_by IS NULL AND customer_id = ANY(${[...customers]}::bigint[])`);
  return rowCount ?? 0;
}

/** They are compared and written. @returns how many */
export async function releaseRows(tx: ShopTx, heldBy: string): Promise<number> {
  const { rowCount } = await tx.query(sql`
    UPDATE tag_outbox SET held_by = NULL WHERE shop_id = ${tx.shopId} AND held_by = ${heldBy}::bigint`);
  if (rowCount) await wake(tx, tx.shopId, 'outbox', AT_ONCE);
  return rowCount ?? 0;
}

/**
 * They leave the outbox: their tags stay as they are until something else changes for them. Whoever was queued
 * before `madeAt`, or is being written at this moment, has other changes waiting and is only set free.
 * @returns how many were dropped
 */
export async function dropRows(tx: ShopTx, heldBy: string, madeAt: Date): Promise<number> {
  const { rowCount } = await tx.query(sql`
    DELETE FROM tag_outbox
     WHERE shop_id = ${tx.shopId} AND held_by = ${heldBy}::bigint AND queued_at >= ${madeAt}
       AND bulk_id IS NULL AND claimed_by IS NULL`);
  await releaseRows(tx, heldBy);
  return rowCount ?? 0;
}
