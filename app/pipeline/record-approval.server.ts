import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { Segment } from '../segments/segment.ts';
import type { TurnOnReview } from '../segments/turn-on-review.ts';

/** Who turned what on or off, and the counts they saw. No customer ids: an approval outlives an erasure. */
export async function recordApproval(
  tx: ShopTx,
  {
    at,
    actor,
    act,
    segments,
    review,
  }: {
    at: Date;
    actor: string;
    act: 'turn_on' | 'turn_off';
    segments: readonly Pick<Segment, 'id' | 'key' | 'ruleVersion'>[];
    review: Partial<Omit<TurnOnReview, 'sample'>> & { sample?: unknown };
  },
): Promise<void> {
  const { sample: _ids, ...counts } = review;
  const ruleVersions = Object.fromEntries(segments.map(({ key, ruleVersion }) => [key, ruleVersion]));
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, segment_ids, review)
    VALUES (${tx.shopId}, ${at}, ${actor}, ${act}, ${segments.map(({ id }) => id)}::bigint[],
            ${JSON.stringify({ ...counts, ruleVersions })}::jsonb)`);
}
