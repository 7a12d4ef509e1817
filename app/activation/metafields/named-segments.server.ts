/**
 * Which segments name themselves in the metafields of these customers: what the store has by our tags, or is about to
 * have. Who waits to be compared has a row in the outbox and goes by the memberships. Without one the tags are as they
 * stay, and memberships may say otherwise: somebody discarded a held change, and the names stay with the tags then.
 *
 * A segment in whose control group somebody is does not name itself there: what reads the metafields would treat them.
 * One that is paused or failing stays as it is in the store, so it names itself for those who have its tag of ours, and
 * for whom Shopify refused it.
 */
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { STILL_OURS } from '../tags/still-ours.ts';

/** @returns rows (customer_id, segment_id, held_until, member) */
export async function namedSegments(tx: ShopTx, ids: readonly ShopifyId[]): Promise<Sql> {
  const { shopId } = tx;
  const { rows } = await tx.query<{ id: string; tag: string; live: boolean }>(sql`
    SELECT s.id, g.tag_prefix || s.tag_name AS tag, s.status = 'live' AS live
      FROM segment s JOIN shop_settings g ON g.shop_id = s.shop_id
     WHERE s.shop_id = ${shopId} AND s.status IN ('live', 'paused', 'failing')
    UNION
    SELECT s.id, f.tag, false FROM segment s
      JOIN tag_former f ON f.shop_id = s.shop_id AND f.segment_id = s.id
      JOIN tag_rename r ON r.shop_id = f.shop_id AND r.id = f.rename_id AND r.state <> 'done'
     WHERE s.shop_id = ${shopId} AND s.status IN ('paused', 'failing')`);
  const given = sql`${[...ids]}::bigint[]`;
  const tags = (some: typeof rows) => sql`
    unnest(${some.map(({ id }) => id)}::bigint[], ${some.map(({ tag }) => tagKey(tag))}::text[]) AS t (segment_id, tag_key)`;
  const live = rows.filter((row) => row.live);
  const still = rows.filter((row) => !row.live);
  const isOurs = sql`o.shop_id = ${shopId} AND o.customer_id = ANY(${given})`;
  return sql`
    SELECT m.customer_id, m.segment_id, m.held_until, true AS member FROM membership m
      JOIN ${tags(live)} ON t.segment_id = m.segment_id
      JOIN customer c ON c.shop_id = m.shop_id AND c.id = m.customer_id
     WHERE m.shop_id = ${shopId} AND m.customer_id = ANY(${given})
       AND NOT EXISTS (SELECT FROM tag_held_out h WHERE h.shop_id = m.shop_id AND h.segment_id = m.segment_id
                          AND h.customer_id = m.customer_id)
       AND (EXISTS (SELECT FROM tag_outbox q WHERE q.shop_id = m.shop_id AND q.customer_id = m.customer_id)
            OR EXISTS (SELECT FROM tag_owned o WHERE o.shop_id = m.shop_id AND o.customer_id = m.customer_id
                          AND o.tag_key = t.tag_key)
            OR EXISTS (SELECT FROM tag_impossible i WHERE i.shop_id = m.shop_id AND i.customer_id = m.customer_id
                          AND i.tag_key = t.tag_key)
            OR EXISTS (SELECT FROM unnest(c.tags) AS had WHERE lower(had) = t.tag_key))
    UNION
    SELECT o.customer_id, t.segment_id, NULL, false FROM tag_owned o JOIN ${tags(live)} ON t.tag_key = o.tag_key
     WHERE ${isOurs} AND o.added_at IS NOT NULL AND ${STILL_OURS}
       AND NOT EXISTS (SELECT FROM tag_outbox q WHERE q.shop_id = o.shop_id AND q.customer_id = o.customer_id)
       AND NOT EXISTS (SELECT FROM membership m WHERE m.shop_id = o.shop_id AND m.segment_id = t.segment_id
                          AND m.customer_id = o.customer_id)
    UNION
    SELECT o.customer_id, t.segment_id, m.held_until, m.customer_id IS NOT NULL
      FROM (SELECT customer_id, tag_key FROM tag_owned o WHERE ${isOurs}
            UNION SELECT customer_id, tag_key FROM tag_impossible o WHERE ${isOurs}) o
      JOIN ${tags(still)} ON t.tag_key = o.tag_key
      LEFT JOIN membership m ON m.shop_id = ${shopId} AND m.segment_id = t.segment_id AND m.customer_id = o.customer_id`;
}
