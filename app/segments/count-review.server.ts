/**
 * The counts of a review: who gains and loses which tag, against the tags that Shopify says the customers have. Sums over
 * customers, so that a large store is counted in steps and added up (review-counts.ts).
 */
import { raw, sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { withinTouched } from '../history/within-touched.ts';
import { tagKey } from '../intake/tag-key.ts';
import { readTagSpellings } from './read-tag-spellings.server.ts';
import type { CountedSegment, ReviewCounts } from './review-counts.ts';
import type { Segment } from './segment.ts';

/**
 * @param asked.affected the segments as they would be
 * @param asked.held WITH ..., held (customer_id, segment_id): who would be a member
 * @param asked.touched only those of touched_customer
 */
export async function countReview(
  tx: ShopTx,
  {
    affected,
    tagPrefix,
    held,
    touched = false,
  }: { affected: readonly Segment[]; tagPrefix: string; held: Sql; touched?: boolean },
): Promise<ReviewCounts> {
  const tags = affected.map((segment) => tagPrefix + segment.tagName);
  const tagKeys = tags.map(tagKey);
  const spellings = await readTagSpellings(tx, tagKeys);
  const among = (column: 'o.customer_id' | 'c.id' | 'p.customer_id') =>
    touched ? sql`AND ${withinTouched(column)}` : raw('');
  const { rows } = await tx.query<{
    perSegment: (CountedSegment & { id: string })[] | null;
    customers: number;
    everybody: number;
    spentByGaining: string;
    spentByLosing: string;
    sample: string[] | null;
  }>(sql`
    ${held},
    segment_tag AS (
      SELECT * FROM unnest(${affected.map(({ id }) => id)}::bigint[], ${tags}::text[], ${tagKeys}::text[],
                           ${affected.map(({ status }) => status === 'live')}::boolean[],
                           ${affected.map(({ status }) => status === 'draft')}::boolean[])
                    AS g (segment_id, tag, tag_key, live, off)
    ), owned AS (
      SELECT o.customer_id, g.segment_id, g.off, o.suppressed_at IS NOT NULL AS suppressed
        FROM tag_owned o JOIN segment_tag g ON g.tag_key = o.tag_key
       WHERE o.shop_id = ${tx.shopId} ${among('o.customer_id')} AND (g.live OR g.off)
    ), actual AS MATERIALIZED (
      SELECT c.id AS customer_id, g.segment_id
        FROM customer c CROSS JOIN LATERAL unnest(c.tags) AS had (tag)
        JOIN unnest(${spellings.map(({ tag }) => tag)}::text[], ${spellings.map(({ key }) => key)}::text[])
             AS spelling (tag, tag_key) ON spelling.tag = had.tag
        JOIN segment_tag g ON g.tag_key = spelling.tag_key
       WHERE c.shop_id = ${tx.shopId} ${among('c.id')} AND c.deleted_at IS NULL
    ), change AS MATERIALIZED (
      SELECT held.customer_id, held.segment_id, true AS gains
        FROM held JOIN segment_tag g ON g.segment_id = held.segment_id AND g.live
       WHERE NOT EXISTS (SELECT FROM actual a
                          WHERE a.customer_id = held.customer_id AND a.segment_id = held.segment_id)
         AND NOT EXISTS (SELECT FROM owned o
                          WHERE o.customer_id = held.customer_id AND o.segment_id = held.segment_id AND o.suppressed)
      UNION ALL
      SELECT o.customer_id, o.segment_id, false FROM owned o
       WHERE NOT o.suppressed
         AND (o.off OR EXISTS (SELECT FROM actual a
                                WHERE a.customer_id = o.customer_id AND a.segment_id = o.segment_id))
         AND NOT EXISTS (SELECT FROM held h
                          WHERE h.customer_id = o.customer_id AND h.segment_id = o.segment_id)
    ), priced AS MATERIALIZED (
      SELECT change.*, coalesce(p.spent_minor, 0) AS spent
        FROM change LEFT JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = change.customer_id ${among('p.customer_id')}
    )
    SELECT (SELECT jsonb_agg(jsonb_build_object(
                     'id', g.segment_id::text, 'size', coalesce(size.n, 0),
                     'gains', coalesce(moved.gains, 0), 'loses', coalesce(moved.loses, 0),
                     'gainsSpent', coalesce(moved.gains_spent, 0)::text, 'losesSpent', coalesce(moved.loses_spent, 0)::text,
                     'always', coalesce(person.always, 0), 'never', coalesce(person.never, 0)))
              FROM segment_tag g
              LEFT JOIN (SELECT segment_id, count(*) AS n FROM held GROUP BY segment_id) size USING (segment_id)
              LEFT JOIN (SELECT segment_id, count(*) FILTER (WHERE list = 'always') AS always,
                                count(*) FILTER (WHERE list = 'never') AS never
                           FROM segment_person WHERE shop_id = ${tx.shopId} AND list IN ('always', 'never')
                          GROUP BY segment_id) person USING (segment_id)
              LEFT JOIN (SELECT segment_id, count(*) FILTER (WHERE gains) AS gains,
                                count(*) FILTER (WHERE NOT gains) AS loses,
                                sum(spent) FILTER (WHERE gains) AS gains_spent,
                                sum(spent) FILTER (WHERE NOT gains) AS loses_spent
                           FROM priced GROUP BY segment_id) moved USING (segment_id)) AS "perSegment",
           (SELECT count(DISTINCT customer_id)::int FROM change) AS customers,
           (SELECT count(*)::int FROM profile p WHERE p.shop_id = ${tx.shopId} ${among('p.customer_id')} AND NOT p.left_out) AS everybody,
           (SELECT coalesce(sum(spent), 0)::text FROM (
              SELECT DISTINCT customer_id, spent FROM priced WHERE gains) one) AS "spentByGaining",
           (SELECT coalesce(sum(spent), 0)::text FROM (
              SELECT DISTINCT customer_id, spent FROM priced WHERE NOT gains) one) AS "spentByLosing",
           (SELECT array_agg(customer_id) FROM
             (SELECT DISTINCT customer_id FROM change ORDER BY customer_id LIMIT 10) first) AS sample`);
  const row = rows[0];
  return {
    segments: Object.fromEntries((row?.perSegment ?? []).map(({ id, ...counts }) => [id, counts])),
    customers: row?.customers ?? 0,
    everybody: row?.everybody ?? 0,
    spentByGaining: row?.spentByGaining ?? '0',
    spentByLosing: row?.spentByLosing ?? '0',
    sample: row?.sample ?? [],
  };
}
