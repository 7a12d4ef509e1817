import { sql } from '../db/sql.ts';
import type { ShopTx } from '../db/tenancy.server.ts';
import type { ReviewedCounts } from '../segments/review-bound.ts';
import type { Segment } from '../segments/segment.ts';
import type { SegmentState } from '../segments/segment-change.ts';
import type { TurnOnReview } from '../segments/turn-on-review.ts';

/** The counts of a review, of either act. */
export interface ApprovedReview {
  segments: readonly Pick<TurnOnReview['segments'][number], 'key' | 'tag' | 'size' | 'gains' | 'loses'>[];
  customersAffected: number;
  tagRemovals: number;
  tagAdditions?: number;
}

/**
 * Who turned what on or off: the counts they saw (`reviewed`) and the counts of the instant in which it was done
 * (`done`). No customer ids: an approval outlives an erasure; whom it moves is in the mass changes after `movesAfter`.
 * Before the moves are made. @returns its id
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
    before,
    undoes = null,
  }: {
    at: Date;
    actor: string;
    act: string;
    segments: readonly Pick<Segment, 'id' | 'key' | 'ruleVersion'>[];
    /** In the order of `done.segments`. */
    shown: readonly ReviewedCounts[];
    done: ApprovedReview;
    /** The states that were changed, by segment id: what undoing goes back to. */
    before?: Readonly<Record<string, SegmentState>>;
    /** The approval that this takes back. */
    undoes?: string | null;
  },
): Promise<string> {
  const { customersAffected, tagAdditions = 0, tagRemovals } = done;
  const review = {
    reviewed: done.segments.map(({ key }, i) => ({ key, ...shown[i] })),
    done: {
      segments: done.segments.map(({ key, tag, size, gains, loses }) => ({ key, tag, size, gains, loses })),
      customersAffected,
      tagAdditions,
      tagRemovals,
    },
    ...(before ? { before } : {}),
    ruleVersions: Object.fromEntries(segments.map(({ key, ruleVersion }) => [key, ruleVersion])),
  };
  const { rows } = await tx.query<{ id: string }>(sql`
    INSERT INTO approval (shop_id, at, actor, act, segment_ids, review, undoes)
    VALUES (${tx.shopId}, ${at}, ${actor}, ${act}, ${segments.map(({ id }) => id)}::bigint[],
            ${JSON.stringify(review)}::jsonb || jsonb_build_object('movesAfter',
              (SELECT coalesce(max(id), 0) FROM mass_change WHERE shop_id = ${tx.shopId})), ${undoes}::bigint)
    RETURNING id`);
  return rows[0]?.id ?? '';
}
