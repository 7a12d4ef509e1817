import { wake } from '../db/shop-due.server.ts';
import { sql, type Sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import { loadReadableSegments } from './load-segments.server.ts';
import { rulesOf } from './segment.ts';
import { usesOffers } from './uses-offers.ts';

/**
 * These customers were given an offer, or what they were given has moved, after their memberships were decided: where
 * a rule asks for offers they are decided again, within seconds.
 * @param customers rows (customer_id). @param now business time
 */
export async function reviewOffered(tx: ShopTx, customers: Sql, now: Date): Promise<void> {
  const segments = await loadReadableSegments(tx, { statuses: ['live', 'paused'] });
  if (!segments.some((segment) => rulesOf(segment).some(usesOffers))) return;
  const { rowCount } = await tx.query(sql`
    UPDATE profile p SET next_review_at = ${now} FROM (${customers}) given
     WHERE p.shop_id = ${tx.shopId} AND p.customer_id = given.customer_id
       AND (p.next_review_at IS NULL OR p.next_review_at > ${now})`);
  if (rowCount) await wake(tx, tx.shopId, 'review', now);
}
