/** The tags of offers that people hold: desired beside those of segments, with a life of their own. */
import { sql } from '../../db/sql.ts';
import type { TagSource } from '../desired-tags.ts';

export const offerTags: TagSource = {
  desired: (shopId, ids) => sql`
    SELECT h.customer_id, settings.tag_prefix || o.tag_name AS tag
      FROM offer_holder h
      JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id AND o.state IN ('running', 'paused')
      JOIN shop_settings settings ON settings.shop_id = h.shop_id
     WHERE h.shop_id = ${shopId} AND h.customer_id = ANY(${ids}) AND h.ended_at IS NULL`,
};
