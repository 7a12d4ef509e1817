/**
 * Members = tagged + pending + held out + suppressed + impossible, for every segment that is on: each member is in
 * exactly one of them, so the sum is always right.
 *
 * Asked in this order: gone in Shopify or known to be impossible, held out, removed by others, confirmed; what is left
 * is pending. Pending says what for: being written, the brake, many removed at once.
 */
import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { STILL_OURS } from './still-ours.ts';

export interface TagSum {
  members: number;
  /** Shopify has confirmed it, or the customer had the tag already. */
  tagged: number;
  pending: number;
  /** Of the pending ones: wait for a person's decision about a held change. */
  pendingHeld: number;
  /** Of the pending ones: removed at once with many others (tag-alerts). */
  pendingLost: number;
  heldOut: number;
  /** Removed by hand. */
  suppressed: number;
  impossible: number;
}

export interface SegmentTagSum extends TagSum {
  key: string;
  name: string;
  tag: string;
  status: 'live' | 'paused' | 'failing';
  /** Customers who have it in Shopify by our doing and are no members (any more): being removed. */
  toRemove: number;
}

/** @param keys only these; all that are on when absent. Drafts are left out: nothing is written for them */
export async function readTagSums(tx: ShopTx, keys?: readonly string[]): Promise<SegmentTagSum[]> {
  const { rows: segments } = await tx.query<
    Pick<SegmentTagSum, 'key' | 'name' | 'tag' | 'status'> & { id: string }
  >(sql`
    SELECT s.id, s.key, s.name, s.status, g.tag_prefix || s.tag_name AS tag
      FROM segment s JOIN shop_settings g ON g.shop_id = s.shop_id
     WHERE s.shop_id = ${tx.shopId} AND s.status IN ('live', 'paused', 'failing')
       AND (${keys === undefined}::boolean OR s.key = ANY(${[...(keys ?? [])]}::text[]))
     ORDER BY s.position, s.id`);
  if (segments.length === 0) return [];
  const { rows } = await tx.query<Omit<TagSum, 'pending'> & { id: string; toRemove: number }>(sql`
    WITH segment_tag AS (
      SELECT * FROM unnest(${segments.map(({ id }) => id)}::bigint[], ${segments.map(({ tag }) => tag)}::text[],
                           ${segments.map(({ tag }) => tagKey(tag))}::text[]) AS g (segment_id, tag, tag_key)
    ), judged AS (
      SELECT m.segment_id,
             CASE WHEN c.id IS NULL OR c.deleted_at IS NOT NULL THEN 'impossible'
                  WHEN h.customer_id IS NOT NULL THEN 'held_out'
                  WHEN o.suppressed_at IS NOT NULL THEN 'suppressed'
                  WHEN o.lost_in IS NOT NULL THEN 'lost'
                  WHEN o.added_at IS NOT NULL THEN 'tagged'
                  WHEN g.tag = ANY(c.tags) OR EXISTS (SELECT FROM unnest(c.tags) AS had WHERE lower(had) = g.tag_key)
                    THEN CASE WHEN o.customer_id IS NULL THEN 'tagged' ELSE 'pending' END
                  WHEN i.customer_id IS NOT NULL THEN 'impossible'
                  WHEN q.held_by IS NOT NULL THEN 'held'
                  ELSE 'pending' END AS is
        FROM membership m
        JOIN segment_tag g ON g.segment_id = m.segment_id
        LEFT JOIN customer c ON c.shop_id = m.shop_id AND c.id = m.customer_id
        LEFT JOIN tag_held_out h
          ON h.shop_id = m.shop_id AND h.segment_id = m.segment_id AND h.customer_id = m.customer_id
        LEFT JOIN tag_owned o ON o.shop_id = m.shop_id AND o.customer_id = m.customer_id AND o.tag_key = g.tag_key
        LEFT JOIN tag_impossible i
          ON i.shop_id = m.shop_id AND i.customer_id = m.customer_id AND i.tag_key = g.tag_key
        LEFT JOIN tag_outbox q ON q.shop_id = m.shop_id AND q.customer_id = m.customer_id
       WHERE m.shop_id = ${tx.shopId}
    )
    SELECT g.segment_id AS id, count(j.is)::int AS members,
           (count(*) FILTER (WHERE j.is = 'tagged'))::int AS tagged,
           (count(*) FILTER (WHERE j.is = 'held'))::int AS "pendingHeld",
           (count(*) FILTER (WHERE j.is = 'lost'))::int AS "pendingLost",
           (count(*) FILTER (WHERE j.is = 'held_out'))::int AS "heldOut",
           (count(*) FILTER (WHERE j.is = 'suppressed'))::int AS suppressed,
           (count(*) FILTER (WHERE j.is = 'impossible'))::int AS impossible,
           (SELECT count(*)::int FROM tag_owned o
             WHERE o.shop_id = ${tx.shopId} AND o.tag_key = g.tag_key AND ${STILL_OURS}
               AND o.added_at IS NOT NULL
               AND NOT EXISTS (SELECT FROM membership m WHERE m.shop_id = o.shop_id AND m.segment_id = g.segment_id
                                  AND m.customer_id = o.customer_id)) AS "toRemove"
      FROM segment_tag g LEFT JOIN judged j ON j.segment_id = g.segment_id
     GROUP BY g.segment_id, g.tag_key`);
  const sums = new Map(rows.map((row) => [row.id, row]));
  return segments.flatMap(({ id, ...segment }) => {
    const sum = sums.get(id);
    if (!sum) return [];
    const { id: _, ...counts } = sum;
    const settled = counts.tagged + counts.heldOut + counts.suppressed + counts.impossible;
    return [{ ...segment, ...counts, pending: counts.members - settled }];
  });
}

/** All segments together, in (customer, tag) pairs. */
export function totalOf(sums: readonly TagSum[]): TagSum {
  const add = (pick: (sum: TagSum) => number) => sums.reduce((total, sum) => total + pick(sum), 0);
  return {
    members: add((sum) => sum.members),
    tagged: add((sum) => sum.tagged),
    pending: add((sum) => sum.pending),
    pendingHeld: add((sum) => sum.pendingHeld),
    pendingLost: add((sum) => sum.pendingLost),
    heldOut: add((sum) => sum.heldOut),
    suppressed: add((sum) => sum.suppressed),
    impossible: add((sum) => sum.impossible),
  };
}
