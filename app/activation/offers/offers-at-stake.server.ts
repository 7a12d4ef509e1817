/**
 * Offers on the segments that a change touches, for its review: those that end, because their segment is turned off; of
 * the others how many would be in the segment then, and the most the offer could cost if all of them had it. By itself
 * the change gives it to nobody.
 */
import { sql, type Sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';
import { compileSegments, heldMemberships } from '../../segments/membership-difference.ts';
import type { Proposal } from '../../segments/propose-change.server.ts';
import { readRuleDay } from '../../segments/read-rule-day.server.ts';
import { affectedBy } from '../../segments/review-change.server.ts';
import { isActive } from '../../segments/segment-change.ts';
import { mostCosts } from './most-cost.ts';
import type { Offer } from './offer.ts';
import { readOpenOffers } from './read-offers.server.ts';

export interface OfferAtStake {
  id: string;
  name: string;
  segmentName: string;
  /** With its segment: so many people lose it. Null: it goes on. */
  endsFor: number | null;
  /** In the segment after the change. */
  members: number;
  /** If all of them had the offer, minor units. */
  mostMinor: string;
}

/**
 * @param options.off ids of the segments that are turned off by it
 * @param options.now business time
 * @param options.heldBy WITH ..., held (customer_id, segment_id) of these segments, where it was worked out before
 */
export async function offersAtStake(
  tx: ShopTx,
  proposal: Proposal,
  {
    off,
    now,
    heldBy,
  }: { off: readonly string[]; now: Date; heldBy?: (segmentIds: readonly string[]) => Sql },
): Promise<OfferAtStake[]> {
  const offers = await readOpenOffers(tx);
  if (offers.length === 0) return [];
  const ending = await readEnding(tx, offers.filter(({ segmentId }) => off.includes(segmentId))); // prettier-ignore
  const active = affectedBy(proposal).filter(isActive);
  const touched = offers.filter(({ segmentId }) => active.some(({ id }) => id === segmentId));
  if (touched.length === 0) return ending;
  const { day, context: today } = await readRuleDay(tx, now);
  const context = { ...today, undoing: proposal.undoing };
  const { rows } = await tx.query<{ id: string; members: number; most: string }>(sql`
    ${heldBy?.(touched.map(({ segmentId }) => segmentId)) ?? heldMemberships(tx.shopId, compileSegments(active), context, { touched: false })},
    person AS MATERIALIZED (
      SELECT g.offer_id, held.customer_id
        FROM held JOIN unnest(${touched.map(({ id }) => id)}::bigint[],
                              ${touched.map(({ segmentId }) => segmentId)}::bigint[])
                       AS g (offer_id, segment_id) ON g.segment_id = held.segment_id
    )
    SELECT offer_id AS id, count(*)::int AS members, coalesce(sum(most_minor), 0)::text AS most
      FROM (${mostCosts(tx.shopId, day, sql`SELECT offer_id, customer_id FROM person`, touched)}) cost
     GROUP BY offer_id`);
  return [
    ...ending,
    ...touched.map(({ id, name, segmentName }) => {
      const { members = 0, most = '0' } = rows.find((row) => row.id === id) ?? {};
      return { id, name, segmentName, endsFor: null, members, mostMinor: most };
    }),
  ];
}

async function readEnding(tx: ShopTx, offers: readonly Offer[]): Promise<OfferAtStake[]> {
  const { rows } = await tx.query<{ id: string; holders: number }>(sql`
    SELECT offer_id AS id, count(*)::int AS holders FROM offer_holder
     WHERE shop_id = ${tx.shopId} AND offer_id = ANY(${offers.map(({ id }) => id)}::bigint[]) AND ended_at IS NULL
     GROUP BY offer_id`);
  return offers.map(({ id, name, segmentName }) => {
    const { holders = 0 } = rows.find((row) => row.id === id) ?? {};
    return { id, name, segmentName, endsFor: holders, members: 0, mostMinor: '0' };
  });
}
