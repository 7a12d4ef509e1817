/**
 * The tags of offers that people hold: desired beside those of segments, with a life of their own. An offer keeps the
 * tag it was made with when the prefix changes: its discount goes by it, and it ends by itself.
 */
import { sql, type Sql } from '../../db/sql.ts';
import type { TagSource } from '../desired-tags.ts';

/** The whole tag of `offer o`, with the prefix that was in force when it was made. */
export const wholeOfferTag = (): Sql => sql`
  (coalesce((SELECT r.from_name FROM tag_rename r
              WHERE r.shop_id = o.shop_id AND r.what = 'prefix' AND r.started_at >= o.made_at ORDER BY r.id LIMIT 1),
            (SELECT g.tag_prefix FROM shop_settings g WHERE g.shop_id = o.shop_id)) || o.tag_name)`;

export const offerTags: TagSource = {
  desired: (shopId, ids) => sql`
    SELECT h.customer_id, ${wholeOfferTag()} AS tag
      FROM offer_holder h
      JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id AND o.state IN ('running', 'paused')
     WHERE h.shop_id = ${shopId} AND h.customer_id = ANY(${ids}) AND h.ended_at IS NULL`,
};
