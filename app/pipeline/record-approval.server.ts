import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ReviewedCounts } from '../segments/review-bound.ts';
import type { Segment } from '../segments/segment.ts';
import type { TurnOnReview } from '../segments/turn-on-review.ts';

/** The counts of a review, of either act. */
export type ApprovedReview = Pick<TurnOnReview, 'segments' | 'customersAffected' | 'tagRemovals'> & {
  tagAdditions?: number;
};

/**
 * Who turned what on or off: the counts they saw (`reviewed`) and the counts of the instant in which it was done
 * (`done`). No customer ids: an approval outlives an erasure.
 */
export async function recordApproval(
  tx: ShopTx,
  {
    at,
    actor,
    act,
    segments,
    shown,
    done,
  }: {
    at: Date;
    actor: string;
    act: 'turn_on' | 'turn_off';
    segments: readonly Pick<Segment, 'id' | 'key' | 'ruleVersion'>[];
    /** In the order of `done.segments`. */
    shown: readonly ReviewedCounts[];
    done: ApprovedReview;
  },
): Promise<void> {
  const { customersAffected, tagAdditions = 0, tagRemovals } = done;
  const review = {
    reviewed: done.segments.map(({ key }, i) => ({ key, ...shown[i] })),
    done: {
      segments: done.segments.map(({ key, tag, size, gains, loses }) => ({ key, tag, size, gains, loses })),
      customersAffected,
      tagAdditions,
      tagRemovals,
    },
    ruleVersions: Object.fromEntries(segments.map(({ key, ruleVersion }) => [key, ruleVersion])),
  };
  await tx.query(sql`
    INSERT INTO approval (shop_id, at, actor, act, segment_ids, review)
    VALUES (${tx.shopId}, ${at}, ${actor}, ${act}, ${segments.map(({ id }) => id)}::bigint[],
            ${JSON.stringify(review)}::jsonb)`);
}
