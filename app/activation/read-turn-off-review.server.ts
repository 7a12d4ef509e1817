/** Before segments are turned off: whose tags of ours would be removed. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';

export interface TurnOffReview {
  segments: {
    key: string;
    name: string;
    /** With the shop's prefix. */
    tag: string;
    /** Members now. */
    size: number;
    /** Customers who lose the tag: it is ours, and not removed by hand before. */
    loses: number;
  }[];
  customersAffected: number;
  tagRemovals: number;
  /** Up to ten of the customers affected. */
  sample: string[];
}

/** @param keys segments to turn off; drafts and unknown keys are left out */
export async function readTurnOffReview(tx: ShopTx, keys: readonly string[]): Promise<TurnOffReview> {
  const { rows } = await tx.query<TurnOffReview['segments'][number] & Record<string, unknown>>(sql`
    WITH wanted AS (
      SELECT s.id, s.key, s.name, s.position, settings.tag_prefix || s.tag_name AS tag
        FROM segment s JOIN shop_settings settings ON settings.shop_id = s.shop_id
       WHERE s.shop_id = ${tx.shopId} AND s.key = ANY(${keys}::text[]) AND s.status <> 'draft'
    ), owned AS (
      SELECT tag_key, count(*)::int AS customers FROM tag_owned
       WHERE shop_id = ${tx.shopId} AND suppressed_at IS NULL
         AND tag_key IN (SELECT lower(tag) FROM wanted) GROUP BY tag_key
    )
    SELECT key, name, tag, coalesce(owned.customers, 0) AS loses,
           (SELECT count(*)::int FROM membership m WHERE m.shop_id = ${tx.shopId} AND m.segment_id = wanted.id) AS size
      FROM wanted LEFT JOIN owned ON owned.tag_key = lower(wanted.tag) ORDER BY position, id`);
  const affected = await tx.query<{ customers: number; sample: string[] | null }>(sql`
    WITH affected AS (
      SELECT DISTINCT customer_id FROM tag_owned
       WHERE shop_id = ${tx.shopId} AND suppressed_at IS NULL
         AND tag_key = ANY(${rows.map(({ tag }) => tag.toLowerCase())}::text[])
    )
    SELECT (SELECT count(*)::int FROM affected) AS customers,
           (SELECT array_agg(customer_id) FROM
             (SELECT customer_id FROM affected ORDER BY customer_id LIMIT 10) AS first) AS sample`);
  return {
    segments: rows,
    customersAffected: affected.rows[0]?.customers ?? 0,
    tagRemovals: rows.reduce((sum, { loses }) => sum + loses, 0),
    sample: affected.rows[0]?.sample ?? [],
  };
}
