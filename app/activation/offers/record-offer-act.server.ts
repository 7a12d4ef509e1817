import { sql } from '../../db/sql.ts';
import type { ShopTx } from '../../db/tenancy.server.ts';

export type OfferAct =
  | 'make_offer'
  | 'change_offer'
  | 'pause_offer'
  | 'resume_offer'
  | 'end_offer'
  | 'give_offer'
  | 'take_offer'
  | 'give_back_offer'
  | 'repair_discount'
  | 'accept_discount';

/** Who did what with an offer, with the counts that were shown; beside the other approvals. No customer ids. */
export async function recordOfferAct(
  tx: ShopTx,
  {
    act,
    segmentId,
    actor,
    at,
    review,
  }: { act: OfferAct; segmentId: string | null; actor: string; at: Date; review: Record<string, unknown> },
): Promise<void> {
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, segment_ids, review)
    VALUES (${tx.shopId}, ${at}, ${actor}, ${act}, ${segmentId === null ? [] : [segmentId]}::bigint[],
            ${JSON.stringify(review)}::jsonb)`);
}
