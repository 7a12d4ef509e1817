/**
 * How far a store may move on between a review and its approval. What is decided on must be the same to the
 * letter; the counts may differ a little, because a busy store changes with every order.
 */
export const REVIEW_BOUND = { customers: 10, share: 0.02 } as const;

/** The bound as the review page says it. */
export const REVIEW_BOUND_WORDS =
  'Your store may change while you look. If a number has moved by more than ' +
  `${REVIEW_BOUND.customers} customers or ${REVIEW_BOUND.share * 100} %, whichever is more, nothing is done and ` +
  'you see the new numbers first.';

/** What the tags of one segment would change, in customers. */
export interface ReviewedCounts {
  gains: number;
  loses: number;
}

/** Whether `now` is still what was reviewed, gains and loses each within the bound. */
export function withinBound(reviewed: ReviewedCounts, now: ReviewedCounts): boolean {
  const near = (was: number, is: number) =>
    Math.abs(is - was) <= Math.max(REVIEW_BOUND.customers, was * REVIEW_BOUND.share);
  return near(reviewed.gains, now.gains) && near(reviewed.loses, now.loses);
}
