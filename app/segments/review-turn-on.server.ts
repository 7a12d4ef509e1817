/**
 * The review before anything is written to a store: who gains and loses which tag. Computed with the predicates
 * that are used once the segments are live, against the tags that Shopify says the customers have. Reads only.
 */
import { join, sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import { subjectOf } from './compile-rule.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { compileSegments } from './membership-difference.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { readTagSpellings } from './read-tag-spellings.server.ts';
import { reviewFingerprint } from './review-fingerprint.server.ts';
import type { TurnOnReview } from './turn-on-review.ts';
import { usesPredictions } from './uses-predictions.ts';

/**
 * @param keys segments to turn on; those that are live already or unknown are left out of the review, and so are
 *   drafts whose rule cannot be read
 */
export async function reviewTurnOn(
  tx: ShopTx,
  { keys, now }: { keys: readonly string[]; now: Date },
): Promise<TurnOnReview> {
  const { day, context, predictions } = await readRuleDay(tx, now);
  const drafts = await loadReadableSegments(tx, { statuses: ['draft', 'paused', 'failing'], keys });
  if (drafts.length === 0) return EMPTY;
  // Joins of everybody with everybody's tags: see touched-customers.server.ts on what the planner expects.
  await tx.query(`SELECT set_config('enable_nestloop', 'off', true)`);
  const compiled = compileSegments(drafts);
  const tags = drafts.map((segment) => day.tagPrefix + segment.tagName);
  const tagKeys = tags.map(tagKey);
  const spellings = await readTagSpellings(tx, tagKeys);
  const fields = [...new Set(compiled.flatMap((segment) => segment.evidence))];
  const held = compiled.map(({ predicate, id }) => sql`CASE WHEN ${predicate} THEN ${id}::bigint END`);
  const { rows } = await tx.query<{
    perSegment: { id: string; size: number; gains: number; loses: number }[] | null;
    customers: number;
    sample: string[] | null;
  }>(sql`
    WITH segment_tag AS (
      SELECT * FROM unnest(${drafts.map(({ id }) => id)}::bigint[], ${tags}::text[],
                           ${tagKeys}::text[]) AS g (segment_id, tag, tag_key)
    ), held AS MATERIALIZED (
      SELECT customer_id, segment_id FROM (
        SELECT customer_id, unnest(ARRAY[${join(held)}]::bigint[]) AS segment_id
          FROM (${subjectOf(tx.shopId, fields, context)}) subject) answer
       WHERE segment_id IS NOT NULL
    ), owned AS (
      SELECT o.customer_id, g.segment_id, o.suppressed_at IS NOT NULL AS suppressed
        FROM tag_owned o JOIN segment_tag g ON g.tag_key = o.tag_key WHERE o.shop_id = ${tx.shopId}
    ), actual AS MATERIALIZED (
      SELECT c.id AS customer_id, g.segment_id
        FROM customer c CROSS JOIN LATERAL unnest(c.tags) AS had (tag)
        JOIN unnest(${spellings.map(({ tag }) => tag)}::text[], ${spellings.map(({ key }) => key)}::text[])
             AS spelling (tag, tag_key) ON spelling.tag = had.tag
        JOIN segment_tag g ON g.tag_key = spelling.tag_key
       WHERE c.shop_id = ${tx.shopId} AND c.deleted_at IS NULL
    ), change AS MATERIALIZED (
      SELECT customer_id, segment_id, true AS gains FROM held
       WHERE NOT EXISTS (SELECT FROM actual a
                          WHERE a.customer_id = held.customer_id AND a.segment_id = held.segment_id)
         AND NOT EXISTS (SELECT FROM owned o
                          WHERE o.customer_id = held.customer_id AND o.segment_id = held.segment_id AND o.suppressed)
      UNION ALL
      SELECT o.customer_id, o.segment_id, false
        FROM owned o JOIN actual a ON a.customer_id = o.customer_id AND a.segment_id = o.segment_id
       WHERE NOT o.suppressed
         AND NOT EXISTS (SELECT FROM held h
                          WHERE h.customer_id = o.customer_id AND h.segment_id = o.segment_id)
    )
    SELECT (SELECT jsonb_agg(jsonb_build_object('id', g.segment_id::text, 'size', coalesce(size.n, 0),
                                                'gains', coalesce(moved.gains, 0),
                                                'loses', coalesce(moved.loses, 0)))
              FROM segment_tag g
              LEFT JOIN (SELECT segment_id, count(*) AS n FROM held GROUP BY segment_id) size USING (segment_id)
              LEFT JOIN (SELECT segment_id, count(*) FILTER (WHERE gains) AS gains,
                                count(*) FILTER (WHERE NOT gains) AS loses
                           FROM change GROUP BY segment_id) moved USING (segment_id)) AS "perSegment",
           (SELECT count(DISTINCT customer_id)::int FROM change) AS customers,
           (SELECT array_agg(customer_id) FROM
             (SELECT DISTINCT customer_id FROM change ORDER BY customer_id LIMIT 10) first) AS sample`);
  const row = rows[0];
  if (!row) return EMPTY;
  const counted = new Map((row.perSegment ?? []).map((segment) => [segment.id, segment]));
  const segments = drafts.map(({ id, key, name }, i) => {
    const { size = 0, gains = 0, loses = 0 } = counted.get(id) ?? {};
    return { key, name, tag: tags[i] ?? '', size, gains, loses };
  });
  return {
    segments,
    customersAffected: row.customers,
    tagAdditions: segments.reduce((sum, segment) => sum + segment.gains, 0),
    tagRemovals: segments.reduce((sum, segment) => sum + segment.loses, 0),
    sample: row.sample ?? [],
    fingerprint: reviewFingerprint(
      {
        act: 'turn_on',
        segments: drafts.map(({ id, key, ruleVersion }, i) => [id, key, ruleVersion, tags[i]]),
        cutPoints: context.cutPoints.version,
        today: context.today,
        ...(drafts.some(({ rule }) => usesPredictions(rule)) ? { predictions } : {}),
      },
      segments,
    ),
  };
}

const EMPTY: TurnOnReview = {
  segments: [],
  customersAffected: 0,
  tagAdditions: 0,
  tagRemovals: 0,
  sample: [],
  fingerprint: '',
};
