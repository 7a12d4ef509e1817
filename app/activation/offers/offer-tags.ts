/**
 * The tags of offers that people hold: desired beside those of segments, with a life of their own. An offer keeps the
 * tag it was made with when the prefix changes: its discount goes by it, and it ends by itself.
 */
import { sql } from '../../db/sql.ts';
import { wholeOfferTag } from '../../segments/whole-offer-tag.ts';
import type { TagSource } from '../tags/desired-tags.ts';

export const offerTags: TagSource = {
  desired: (shopId, ids) => sql`
    SELECT h.customer_id, ${wholeOfferTag()} AS tag
      FROM offer_holder h
      JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id AND o.state IN ('running', 'paused')
     WHERE h.shop_id = ${shopId} AND h.customer_id = ANY(${ids}) AND h.ended_at IS NULL`,
};
