import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import type { ShopifyId } from '../../intake/facts.ts';
import { TAG_TAKEN_OFF } from './had-offer.ts';
import type { LocalDate } from '../../local-date.ts';

export interface CustomerOffer {
  offerId: string;
  name: string;
  state: 'running' | 'paused' | 'ended';
  since: Date;
  /** Somebody put its tag on them in Shopify. */
  byHand: boolean;
  /** Somebody took its tag off in Shopify: they do not get the discount. */
  tagOff: boolean;
  /** Has left the segment and keeps it until then; null: as long as they are in it, at most until `endsOn`. */
  until: LocalDate | null;
  endsOn: LocalDate;
  endedAt: Date | null;
  /** used, left, lapsed, hand, excluded, gone, offer; null: held. */
  endCause: string | null;
}

/**
 * Offers that one customer holds or had, the held ones first, then the newest. One that is over is held by nobody,
 * also while its holders are still gone through.
 */
export async function readCustomerOffers(tx: ShopTx, customerId: ShopifyId): Promise<CustomerOffer[]> {
  const { rows } = await tx.query<CustomerOffer & Record<string, unknown>>(sql`
    SELECT h.offer_id AS "offerId", o.name, o.state, h.since, h.cause = 'hand' AS "byHand", ${TAG_TAKEN_OFF} AS "tagOff", h.until, o.ends_on AS "endsOn",
           e.over AS "endedAt",
           coalesce(h.end_cause, CASE WHEN o.state = 'ended' THEN 'offer' END) AS "endCause"
      FROM offer_holder h JOIN offer o ON o.shop_id = h.shop_id AND o.id = h.offer_id
      CROSS JOIN LATERAL (SELECT coalesce(h.ended_at, CASE WHEN o.state = 'ended' THEN o.ended_at END) AS over) e
     WHERE h.shop_id = ${tx.shopId} AND h.customer_id = ${customerId}::bigint
     ORDER BY e.over IS NOT NULL, h.since DESC, h.offer_id DESC LIMIT 20`);
  return rows;
}
