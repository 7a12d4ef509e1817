/**
 * Before segments are turned off: whose tags of ours would be removed, and who moves by it. A customer who was in a
 * segment of a set may be in the next one of it, or in one that asks for its members.
 */
import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { tagKey } from '../intake/tag-key.ts';
import { proposeChange } from '../segments/propose-change.server.ts';
import { affectedBy, reviewProposal } from '../segments/review-change.server.ts';
import { reviewFingerprint } from '../segments/review-fingerprint.server.ts';
import { STILL_OURS } from './tags/still-ours.ts';

export interface TurnOffReview {
  segments: {
    key: string;
    name: string;
    /** With the shop's prefix. */
    tag: string;
    /** Members now. */
    size: number;
    /** 0 for those that are turned off; of others that stay on, who moves there. */
    gains: number;
    /** Customers who lose the tag: it is ours, and not removed by hand before. */
    loses: number;
  }[];
  customersAffected: number;
  tagAdditions: number;
  tagRemovals: number;
  /** Up to ten of the customers affected. */
  sample: string[];
  /** Names what was shown: the segments, their rules and tags, and the counts. As of `TurnOnReview`. */
  fingerprint: string;
}

/** @param keys segments to turn off; drafts and unknown keys are left out; @param now business time */
export async function readTurnOffReview(
  tx: ShopTx,
  keys: readonly string[],
  now: Date,
): Promise<TurnOffReview> {
  const { rows: wanted } = await tx.query<{
    id: string;
    ruleVersion: number;
    key: string;
    name: string;
    tag: string;
    size: number;
  }>(sql`
    SELECT s.id, s.rule_version AS "ruleVersion", s.key, s.name, settings.tag_prefix || s.tag_name AS tag,
           (SELECT count(*)::int FROM membership m WHERE m.shop_id = ${tx.shopId} AND m.segment_id = s.id) AS size
      FROM segment s JOIN shop_settings settings ON settings.shop_id = s.shop_id
     WHERE s.shop_id = ${tx.shopId} AND s.key = ANY(${keys}::text[]) AND s.status <> 'draft'
     ORDER BY s.position, s.id`);
  const tagKeys = wanted.map(({ tag }) => tagKey(tag));
  const owned = await tx.query<{ key: string; customers: number }>(sql`
    SELECT tag_key AS key, count(*)::int AS customers FROM tag_owned o
     WHERE o.shop_id = ${tx.shopId} AND ${STILL_OURS} AND tag_key = ANY(${tagKeys}::text[])
     GROUP BY tag_key`);
  const losers = new Map(owned.rows.map(({ key, customers }) => [key, customers]));
  const rows = wanted.map((row) => ({ ...row, gains: 0, loses: losers.get(tagKey(row.tag)) ?? 0 }));
  const affected = await tx.query<{ customers: number; sample: string[] | null }>(sql`
    WITH affected AS (
      SELECT DISTINCT customer_id FROM tag_owned o
       WHERE o.shop_id = ${tx.shopId} AND ${STILL_OURS}
         AND tag_key = ANY(${tagKeys}::text[])
    )
    SELECT (SELECT count(*)::int FROM affected) AS customers,
           (SELECT array_agg(customer_id) FROM
             (SELECT customer_id FROM affected ORDER BY customer_id LIMIT 10) AS first) AS sample`);
  const moved = await readMoved(tx, keys, now);
  const segments = [
    ...rows.map(({ key, name, tag, size, gains, loses }) => ({ key, name, tag, size, gains, loses })),
    ...moved.segments,
  ];
  return {
    segments,
    customersAffected: Math.max(affected.rows[0]?.customers ?? 0, moved.customersAffected),
    tagAdditions: segments.reduce((sum, { gains }) => sum + gains, 0),
    tagRemovals: segments.reduce((sum, { loses }) => sum + loses, 0),
    sample: affected.rows[0]?.sample ?? [],
    fingerprint: reviewFingerprint(
      {
        act: 'turn_off',
        segments: rows.map(({ id, key, ruleVersion, tag }) => [id, key, ruleVersion, tag]),
        moved: moved.segments.map(({ key }) => key),
      },
      segments,
    ),
  };
}

/** Segments that stay on and whose members others become, or stop being, by it. */
async function readMoved(
  tx: ShopTx,
  keys: readonly string[],
  now: Date,
): Promise<Pick<TurnOffReview, 'segments' | 'customersAffected'>> {
  const proposal = await proposeChange(tx, { act: 'turn_off', keys });
  if (!affectedBy(proposal).some(({ key }) => !keys.includes(key)))
    return { segments: [], customersAffected: 0 };
  const review = await reviewProposal(tx, { act: 'turn_off', proposal, now });
  return {
    segments: review.segments.flatMap(({ key, name, tag, size, gains, loses }) =>
      keys.includes(key) || gains + loses === 0 ? [] : [{ key, name, tag, size, gains, loses }],
    ),
    customersAffected: review.customersAffected,
  };
}
