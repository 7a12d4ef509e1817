/**
 * Where desired tags come from. Each source names (customer_id, tag) for some customers; whoever carries a tag of its
 * own adds a source here, and everything else follows: writing, confirming, removals by hand, the sums.
 *
 * `frozen` tags are those that are neither added nor removed for the moment; `standing` are those of them that the
 * customer should have once it goes on.
 */
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopId } from '../../db/tenancy.server.ts';
import { leftoverTags } from '../leftovers/leftover-tags.ts';
import { offerTags } from '../offers/offer-tags.ts';

export interface TagSource {
  /** Rows (customer_id bigint, tag text) for the customers in `ids` (bigint[]): what they should have. */
  desired(shopId: ShopId, ids: Sql): Sql;
  /** The same of what stands still. */
  standing?(shopId: ShopId, ids: Sql): Sql;
  /** Rows (tag text): all tags that stand still. */
  frozen?(shopId: ShopId): Sql;
  /** Rows (tag text): all tags that make whoever gets one by hand a member. */
  live?(shopId: ShopId): Sql;
}

const membersOf = (shopId: ShopId, ids: Sql, statuses: readonly string[]) => sql`
  SELECT m.customer_id, settings.tag_prefix || s.tag_name AS tag
    FROM membership m
    JOIN segment s ON s.shop_id = m.shop_id AND s.id = m.segment_id
    JOIN shop_settings settings ON settings.shop_id = m.shop_id
   WHERE m.shop_id = ${shopId} AND m.customer_id = ANY(${ids}) AND s.status = ANY(${[...statuses]}::text[])
     AND NOT EXISTS (SELECT FROM tag_held_out h WHERE h.shop_id = m.shop_id AND h.segment_id = m.segment_id
                        AND h.customer_id = m.customer_id)`;

const tagsOf = (shopId: ShopId, statuses: readonly string[]) => sql`
  SELECT settings.tag_prefix || s.tag_name AS tag
    FROM segment s JOIN shop_settings settings ON settings.shop_id = s.shop_id
   WHERE s.shop_id = ${shopId} AND s.status = ANY(${[...statuses]}::text[])`;

/** Members of live segments, without the control group. */
const segmentTags: TagSource = {
  desired: (shopId, ids) => membersOf(shopId, ids, ['live']),
  standing: (shopId, ids) => membersOf(shopId, ids, ['paused', 'failing']),
  frozen: (shopId) => tagsOf(shopId, ['paused', 'failing']),
  live: (shopId) => tagsOf(shopId, ['live']),
};

/** Until everything that hangs on a new tag has been verified, members have the old one too. */
const formerTags: TagSource = {
  desired: (shopId, ids) => sql`
    SELECT m.customer_id, f.tag
      FROM tag_former f
      JOIN tag_rename r ON r.shop_id = f.shop_id AND r.id = f.rename_id AND r.state IN ('adding', 'verifying')
      JOIN segment s ON s.shop_id = f.shop_id AND s.id = f.segment_id AND s.status = 'live'
      JOIN membership m ON m.shop_id = f.shop_id AND m.segment_id = f.segment_id
     WHERE f.shop_id = ${shopId} AND m.customer_id = ANY(${ids})
       AND NOT EXISTS (SELECT FROM tag_held_out h WHERE h.shop_id = m.shop_id AND h.segment_id = m.segment_id
                          AND h.customer_id = m.customer_id)`,
  frozen: (shopId) => sql`
    SELECT f.tag FROM tag_former f
      JOIN tag_rename r ON r.shop_id = f.shop_id AND r.id = f.rename_id AND r.state <> 'done'
      JOIN segment s ON s.shop_id = f.shop_id AND s.id = f.segment_id AND s.status IN ('paused', 'failing')
     WHERE f.shop_id = ${shopId}`,
};

export const TAG_SOURCES: readonly TagSource[] = [segmentTags, formerTags, offerTags, leftoverTags];
