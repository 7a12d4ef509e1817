import { sql, type Sql } from '../../db/sql.ts';
import type { ShopId } from '../../db/tenancy.server.ts';

/**
 * Statement of a WITH: whoever lost an offer because they were taken out of its segment (or out of everything) holds it
 * as if they had never been. Only what ended in that same moment.
 * @param undone rows (customer_id, segment_id, at) of the moves that are taken back
 */
export function holdAgain(shopId: ShopId, undone: Sql): Sql {
  return sql`
      UPDATE offer_holder h SET ended_at = NULL, end_cause = NULL, until = NULL
        FROM ${undone} b JOIN offer o ON o.shop_id = ${shopId} AND o.segment_id = b.segment_id AND o.state <> 'ended'
       WHERE h.shop_id = ${shopId} AND h.offer_id = o.id AND h.customer_id = b.customer_id
         AND h.end_cause IN ('left', 'excluded') AND h.ended_at = b.at`;
}
