import { sql, type Sql } from '../db/sql.ts';

/** The whole tag of `offer o`, with the prefix that was in force when it was made. */
export const wholeOfferTag = (): Sql => sql`
  (coalesce((SELECT r.from_name FROM tag_rename r
              WHERE r.shop_id = o.shop_id AND r.what = 'prefix' AND r.started_at >= o.made_at ORDER BY r.id LIMIT 1),
            (SELECT g.tag_prefix FROM shop_settings g WHERE g.shop_id = o.shop_id)) || o.tag_name)`;
