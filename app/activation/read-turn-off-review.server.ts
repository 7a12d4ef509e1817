/** Before segments are turned off: whose tags of ours would be removed. */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { reviewFingerprint } from '../segments/review-fingerprint.server.ts';

export interface TurnOffReview {
  segments: {
    key: string;
    name: string;
    /** With the shop's prefix. */
    tag: string;
    /** Members now. */
    size: number;
    /** Always 0: turning off adds no tag. */
    gains: number;
    /** Customers who lose the tag: it is ours, and not removed by hand before. */
    loses: number;
  }[];
  customersAffected: number;
  tagRemovals: number;
  /** Up to ten of the customers affected. */
  sample: string[];
  /** Names what was shown: the segments, their rules and tags, and the counts. As of `TurnOnReview`. */
  fingerprint: string;
}

/** @param keys segments to turn off; drafts and unknown keys are left out */
export async function readTurnOffReview(tx: ShopTx, keys: readonly string[]): Promise<TurnOffReview> {
  const { rows } = await tx.query<
    TurnOffReview['segments'][number] & { id: string; ruleVersion: number } & Record<string, unknown>
  >(sql`
    WITH wanted AS (
      SELECT s.id, s.key, s.name, s.position, s.rule_version, settings.tag_prefix || s.tag_name AS tag
        FROM segment s JOIN shop_settings settings ON settings.shop_id = s.shop_id
       WHERE s.shop_id = ${tx.shopId} AND s.key = ANY(${keys}::text[]) AND s.status <> 'draft'
    ), owned AS (
      SELECT tag_key, count(*)::int AS customers FROM tag_owned
       WHERE shop_id = ${tx.shopId} AND suppressed_at IS NULL
         AND tag_key IN (SELECT lower(tag) FROM wanted) GROUP BY tag_key
    )
    SELECT wanted.id, rule_version AS "ruleVersion", key, name, tag, 0 AS gains, coalesce(owned.customers, 0) AS loses,
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
    segments: rows.map(({ key, name, tag, size, gains, loses }) => ({ key, name, tag, size, gains, loses })),
    customersAffected: affected.rows[0]?.customers ?? 0,
    tagRemovals: rows.reduce((sum, { loses }) => sum + loses, 0),
    sample: affected.rows[0]?.sample ?? [],
    fingerprint: reviewFingerprint(
      { act: 'turn_off', segments: rows.map(({ id, key, ruleVersion, tag }) => [id, key, ruleVersion, tag]) },
      rows,
    ),
  };
}
