import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { tagKey } from '../../intake/tag-key.ts';
import { wholeOfferTag } from '../../segments/whole-offer-tag.ts';

/**
 * Of `tag_outbox`: an offer is over for them that goes on for others (used, taken, the days after leaving), so until its
 * tag is off they get its discount. What ended for everybody gives nothing any more.
 */
export const OVER_BUT_GIVES = sql`
  (offer_over AND EXISTS (
    SELECT FROM offer_holder h JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id AND o.state <> 'ended'
     WHERE h.shop_id = tag_outbox.shop_id AND h.customer_id = tag_outbox.customer_id
       AND h.ended_at IS NOT NULL AND h.end_cause <> 'left' OFFSET 0))`;

/**
 * Of these customers: keys of the tags of offers that are over for them, by the offer's end, its days after leaving, its
 * use or a merchant's word. Not of those that ended with the leaving itself, which may be what waits for a decision;
 * nor of a tag that a segment has by now.
 */
export async function readOverTags(
  tx: ShopTx,
  ids: readonly ShopifyId[],
): Promise<Map<ShopifyId, Set<string>>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: ShopifyId; tags: string[] }>(sql`
    SELECT h.customer_id AS id, array_agg(${wholeOfferTag()}) AS tags
      FROM offer_holder h JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id
     WHERE h.shop_id = ${tx.shopId} AND h.customer_id = ANY(${[...ids]}::bigint[])
       AND (o.state = 'ended' OR h.ended_at IS NOT NULL AND h.end_cause <> 'left')
       AND NOT EXISTS (SELECT FROM segment s JOIN shop_settings g ON g.shop_id = s.shop_id
                        WHERE s.shop_id = h.shop_id AND lower(g.tag_prefix || s.tag_name) = lower(${wholeOfferTag()}))
     GROUP BY h.customer_id`);
  return new Map(rows.map(({ id, tags }) => [id, new Set(tags.map(tagKey))]));
}
