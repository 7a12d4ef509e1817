/**
 * The review before anything is written to a store: who gains and loses which tag. Computed with the statement that
 * keeps memberships, as the segments would be, against the tags that Shopify says the customers have. Reads only.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import { compileSegments, heldMemberships } from './membership-difference.ts';
import { proposeChange, type Proposal } from './propose-change.server.ts';
import { restingOn } from './references.ts';
import { readRuleDay } from './read-rule-day.server.ts';
import { readTagSpellings } from './read-tag-spellings.server.ts';
import { reviewFingerprint } from './review-fingerprint.server.ts';
import { canonical, isActive, stateOf, type SegmentChange } from './segment-change.ts';
import { rulesOf, withMates, type Segment } from './segment.ts';
import type { ChangeReview, ReviewedSegment } from './turn-on-review.ts';
import { usesPredictions } from './uses-predictions.ts';

/** Without segments when there is nothing to change. */
export async function reviewChange(
  tx: ShopTx,
  { change, now }: { change: SegmentChange; now: Date },
): Promise<ChangeReview> {
  return reviewProposal(tx, { act: change.act, proposal: await proposeChange(tx, change), now });
}

/** The targets, the segments that share a set with one of them, before or after, and those that ask for their members. */
export function affectedBy({ targets, all }: Proposal): Segment[] {
  const ids = new Set(targets.map(({ after }) => after.id));
  const sets = new Set(targets.flatMap(({ before, after }) => [before.setId, after.setId]));
  sets.delete(null);
  const direct = all.filter(({ id, setId }) => ids.has(id) || (setId !== null && sets.has(setId)));
  const resting = new Set(restingOn(all, new Set(direct.map(({ id }) => id))).map(({ id }) => id));
  return withMates(all, ({ id }) => resting.has(id)).filter(
    (segment) => ids.has(segment.id) || isActive(segment),
  );
}

export async function reviewProposal(
  tx: ShopTx,
  { act, proposal, now }: { act: SegmentChange['act']; proposal: Proposal; now: Date },
): Promise<ChangeReview> {
  const { day, context, predictions } = await readRuleDay(tx, now);
  const affected = affectedBy(proposal);
  if (affected.length === 0) return EMPTY;
  // Joins of everybody with everybody's tags: see touched-customers.server.ts on what the planner expects.
  await tx.query(`SELECT set_config('enable_nestloop', 'off', true)`);
  const active = affected.filter(isActive);
  const tags = affected.map((segment) => day.tagPrefix + segment.tagName);
  const tagKeys = tags.map(tagKey);
  const spellings = await readTagSpellings(tx, tagKeys);
  const held =
    active.length > 0
      ? heldMemberships(tx.shopId, compileSegments(active), context, { touched: false })
      : sql`WITH held (customer_id, segment_id) AS (SELECT NULL::bigint, NULL::bigint WHERE false)`;
  const { rows } = await tx.query<{
    perSegment: (Omit<ReviewedSegment, 'key' | 'name' | 'tag' | 'warning'> & { id: string })[] | null;
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
       WHERE o.shop_id = ${tx.shopId} AND (g.live OR g.off)
    ), actual AS MATERIALIZED (
      SELECT c.id AS customer_id, g.segment_id
        FROM customer c CROSS JOIN LATERAL unnest(c.tags) AS had (tag)
        JOIN unnest(${spellings.map(({ tag }) => tag)}::text[], ${spellings.map(({ key }) => key)}::text[])
             AS spelling (tag, tag_key) ON spelling.tag = had.tag
        JOIN segment_tag g ON g.tag_key = spelling.tag_key
       WHERE c.shop_id = ${tx.shopId} AND c.deleted_at IS NULL
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
        FROM change LEFT JOIN profile p ON p.shop_id = ${tx.shopId} AND p.customer_id = change.customer_id
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
           (SELECT count(*)::int FROM profile WHERE shop_id = ${tx.shopId} AND NOT left_out) AS everybody,
           (SELECT coalesce(sum(spent), 0)::text FROM (
              SELECT DISTINCT customer_id, spent FROM priced WHERE gains) one) AS "spentByGaining",
           (SELECT coalesce(sum(spent), 0)::text FROM (
              SELECT DISTINCT customer_id, spent FROM priced WHERE NOT gains) one) AS "spentByLosing",
           (SELECT array_agg(customer_id) FROM
             (SELECT DISTINCT customer_id FROM change ORDER BY customer_id LIMIT 10) first) AS sample`);
  const row = rows[0];
  if (!row) return EMPTY;
  const counted = new Map((row.perSegment ?? []).map(({ id, ...counts }) => [id, counts]));
  const segments = affected.map((segment, i): ReviewedSegment => {
    const { id, key, name } = segment;
    const counts = counted.get(id) ?? NOTHING;
    return {
      key,
      name,
      tag: tags[i] ?? '',
      ...counts,
      warning: warningOf(segment, counts.size, row.everybody),
    };
  });
  const total = (pick: (segment: ReviewedSegment) => number) =>
    segments.reduce((sum, segment) => sum + pick(segment), 0);
  return {
    segments,
    customersAffected: row.customers,
    tagAdditions: total(({ gains }) => gains),
    tagRemovals: total(({ loses }) => loses),
    spentByGaining: row.spentByGaining,
    spentByLosing: row.spentByLosing,
    sample: row.sample ?? [],
    fingerprint: reviewFingerprint(
      {
        act,
        segments: affected.map((segment, i) => [
          segment.id,
          segment.key,
          segment.ruleVersion,
          tags[i],
          canonical(stateOf(segment)),
        ]),
        cutPoints: context.cutPoints.version,
        today: context.today,
        ...(active.some((segment) => rulesOf(segment).some(usesPredictions)) ? { predictions } : {}),
      },
      segments,
    ),
  };
}

function warningOf(segment: Segment, size: number, everybody: number): ReviewedSegment['warning'] {
  if (!isActive(segment) || segment.trial || segment.kind === 'list') return null;
  if (size === 0) return 'no_one';
  return size >= everybody ? 'everyone' : null;
}

const NOTHING = { size: 0, gains: 0, loses: 0, gainsSpent: '0', losesSpent: '0', always: 0, never: 0 };

const EMPTY: ChangeReview = {
  segments: [],
  customersAffected: 0,
  tagAdditions: 0,
  tagRemovals: 0,
  spentByGaining: '0',
  spentByLosing: '0',
  sample: [],
  fingerprint: '',
};
