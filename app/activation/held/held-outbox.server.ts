/**
 * Customers in the outbox who wait for a person's decision (tag_outbox.held_by): what would be written for them, and
 * the two ways on. Memberships are kept up to date meanwhile; only the store waits, Flow and metafields with the tags
 * (held-reach.server.ts).
 */
import { AT_ONCE, wake } from '../../db/shop-due.server.ts';
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { holdFlowEvents, wakeReach } from './held-reach.server.ts';
import { wholeOfferTag } from '../../segments/whole-offer-tag.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

/** What the tag of one live segment or of one offer would change, in customers. */
export interface TagChange {
  /** Of the segment; "offer:ID" for an offer, whose tag has a life of its own. */
  key: string;
  name: string;
  /** With the prefix: the shop's, or the one with which the offer was made. */
  tag: string;
  gains: number;
  loses: number;
}

export interface HeldTagChanges {
  /** Customers with at least one change. */
  affected: number;
  /** Segments and offers without a change are absent. */
  changes: TagChange[];
}

/**
 * Memberships of live segments and held offers against what is ours in the store, for the customers who wait for
 * `heldBy`.
 */
export async function readHeldTagChanges(tx: ShopTx, heldBy: string): Promise<HeldTagChanges> {
  const { rows: tags } = await tx.query<
    { key: string; name: string; tag: string } & Record<string, unknown>
  >(sql`
    SELECT one.key, one.name, one.tag
      FROM (SELECT s.key, s.name, settings.tag_prefix || s.tag_name AS tag, 1 AS place, s.position, s.id FROM segment s
              JOIN shop_settings settings ON settings.shop_id = s.shop_id
             WHERE s.shop_id = ${tx.shopId} AND s.status = 'live'
            UNION ALL
            SELECT 'offer:' || o.id, 'Offer: ' || o.name, ${wholeOfferTag()}, 2, 0, o.id FROM offer o
             WHERE o.shop_id = ${tx.shopId} AND EXISTS (SELECT FROM offer_holder h
                     WHERE h.shop_id = o.shop_id AND h.offer_id = o.id)) one
     ORDER BY one.place, one.position, one.id`);
  const { rows } = await tx.query<{
    affected: number;
    counts: { key: string; gains: number; loses: number }[] | null;
  }>(sql`
    WITH held AS MATERIALIZED (
      SELECT customer_id FROM tag_outbox WHERE shop_id = ${tx.shopId} AND held_by = ${heldBy}::bigint
    ), known_tag AS (
      SELECT * FROM unnest(${tags.map(({ key }) => key)}::text[], ${tags.map(({ tag }) => tag)}::text[],
                           ${tags.map(({ tag }) => tagKey(tag))}::text[]) AS g (key, tag, tag_key)
    ), member AS MATERIALIZED (
      SELECT wanted.customer_id, g.key, g.tag, g.tag_key FROM (
        SELECT m.customer_id, s.key FROM membership m
          JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
         WHERE m.shop_id = ${tx.shopId} AND m.customer_id IN (SELECT customer_id FROM held)
           AND NOT EXISTS (SELECT FROM tag_held_out n WHERE n.shop_id = m.shop_id AND n.segment_id = m.segment_id
                              AND n.customer_id = m.customer_id)
        UNION ALL
        SELECT h.customer_id, 'offer:' || h.offer_id FROM offer_holder h
          JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id AND o.state <> 'ended'
         WHERE h.shop_id = ${tx.shopId} AND h.ended_at IS NULL
           AND h.customer_id IN (SELECT customer_id FROM held)) wanted
        JOIN known_tag g USING (key)
    ), ours AS MATERIALIZED (
      SELECT o.customer_id, o.tag_key, o.added_at, o.suppressed_at, o.lost_in FROM tag_owned o
       WHERE o.shop_id = ${tx.shopId} AND o.customer_id IN (SELECT customer_id FROM held)
    ), change AS MATERIALIZED (
      SELECT m.customer_id, m.key, true AS gains FROM member m
        JOIN customer c ON c.shop_id = ${tx.shopId} AND c.id = m.customer_id AND c.deleted_at IS NULL
       WHERE NOT m.tag = ANY(c.tags)
         AND NOT EXISTS (SELECT FROM ours o WHERE o.customer_id = m.customer_id AND o.tag_key = m.tag_key
                            AND (o.added_at IS NOT NULL OR NOT ${STILL_OURS}))
      UNION ALL
      SELECT o.customer_id, g.key, false FROM ours o
        JOIN known_tag g ON g.tag_key = o.tag_key
       WHERE ${STILL_OURS}
         AND NOT EXISTS (SELECT FROM member m WHERE m.customer_id = o.customer_id AND m.tag_key = o.tag_key)
    )
    SELECT (SELECT count(DISTINCT customer_id)::int FROM change) AS affected,
           (SELECT json_agg(json_build_object('key', key, 'gains', gains, 'loses', loses)) FROM (
              SELECT key, count(*) FILTER (WHERE gains) AS gains, count(*) FILTER (WHERE NOT gains) AS loses
                FROM change GROUP BY key) counted) AS counts`);
  const counts = new Map((rows[0]?.counts ?? []).map((one) => [one.key, one]));
  return {
    affected: rows[0]?.affected ?? 0,
    changes: tags.flatMap(({ key, name, tag }) => {
      const one = counts.get(key);
      return one ? [{ key, name, tag, gains: one.gains, loses: one.loses }] : [];
    }),
  };
}

/**
 * Customers who are in the outbox already wait from now on.
 * @param customers SELECT of customer_id
 * @returns how many; those who wait for another stay there
 */
export async function holdRows(tx: ShopTx, heldBy: string, customers: Sql): Promise<number> {
  const { rowCount } = await tx.query(sql`
    UPDATE tag_outbox SET held_by = ${heldBy}::bigint
     WHERE shop_id = ${tx.shopId} AND held_by IS NULL AND customer_id IN (${customers})`);
  if (rowCount) await holdFlowEvents(tx, heldBy, customers);
  return rowCount ?? 0;
}

/** They are compared and written, Flow is told, metafields follow. @returns how many */
export async function releaseRows(tx: ShopTx, heldBy: string): Promise<number> {
  const { rowCount } = await tx.query(sql`
    UPDATE tag_outbox SET held_by = NULL WHERE shop_id = ${tx.shopId} AND held_by = ${heldBy}::bigint`);
  if (rowCount) {
    await wake(tx, tx.shopId, 'outbox', AT_ONCE);
    await wakeReach(tx);
  }
  return rowCount ?? 0;
}

/**
 * They leave the outbox: their tags stay as they are until something else changes for them, their metafields with them
 * (metafields/named-segments.server.ts), and Flow is not told. Whoever was queued before `madeAt`, or is being written at
 * this moment, has other changes waiting and is only set free. Of an offer that is over the tag goes nevertheless, and
 * nothing else is written with it (`only_over`); a claim of somebody who waits is for that alone.
 * @param options.now business time
 * @returns how many were dropped
 */
export async function dropRows(
  tx: ShopTx,
  heldBy: string,
  { madeAt, now }: { madeAt: Date; now: Date },
): Promise<number> {
  const { rows } = await tx.query<{ dropped: number }>(sql`
    WITH narrowed AS (
      UPDATE tag_outbox SET held_by = NULL, only_over = true
       WHERE shop_id = ${tx.shopId} AND held_by = ${heldBy}::bigint AND queued_at >= ${madeAt} AND offer_over
      RETURNING customer_id
    ), gone AS (
      DELETE FROM tag_outbox
       WHERE shop_id = ${tx.shopId} AND held_by = ${heldBy}::bigint AND queued_at >= ${madeAt} AND NOT offer_over
         AND bulk_id IS NULL AND claimed_by IS NULL
      RETURNING customer_id
    ), dropped AS (
      SELECT customer_id FROM narrowed UNION ALL SELECT customer_id FROM gone
    ), untold AS (
      UPDATE flow_event e SET state = 'dropped', finished_at = ${now}, wait_until = NULL, last_error = 'discarded'
        FROM dropped d
       WHERE e.shop_id = ${tx.shopId} AND e.customer_id = d.customer_id AND e.state = 'waiting' AND e.attempts = 0
         AND e.at >= ${madeAt}
    ), unwritten AS (
      DELETE FROM metafield_outbox m USING dropped d
       WHERE m.shop_id = ${tx.shopId} AND m.customer_id = d.customer_id AND m.queued_at >= ${madeAt}
    )
    SELECT count(*)::int AS dropped FROM dropped`);
  await releaseRows(tx, heldBy);
  await wakeReach(tx);
  return rows[0]?.dropped ?? 0;
}
