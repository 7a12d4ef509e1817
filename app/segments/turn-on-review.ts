/** What a change of segments would do, as shown before it is approved. */
export interface ChangeReview {
  segments: ReviewedSegment[];
  /** Customers with at least one change of tags. */
  customersAffected: number;
  /** (customer, tag) pairs. */
  tagAdditions: number;
  tagRemovals: number;
  /** What those who gain and those who lose a tag have spent, minor units. */
  spentByGaining: string;
  spentByLosing: string;
  /** Up to ten of the customers affected. */
  sample: string[];
  /**
   * Names what was shown: the segments, their rules and tags, the numbers in force, the shop's date, and the
   * counts. Approving one of something else, or with counts beyond the bound of review-bound.ts, does
   * nothing and shows the review again.
   */
  fingerprint: string;
}

export type TurnOnReview = ChangeReview;

export interface ReviewedSegment {
  key: string;
  name: string;
  /** With the shop's prefix. */
  tag: string;
  /** Members then. */
  size: number;
  /** Customers who get the tag. */
  gains: number;
  /** Customers who lose it: it is ours from before, and the rule does not hold. */
  loses: number;
  /** What they have spent, minor units. */
  gainsSpent: string;
  losesSpent: string;
  /** People named by hand. */
  always: number;
  never: number;
  /** The rule holds for all customers, or for none. */
  warning: 'everyone' | 'no_one' | null;
}

export function warningWords(warning: NonNullable<ReviewedSegment['warning']>): string {
  return warning === 'everyone'
    ? 'This holds for every customer: the tag would say nothing.'
    : 'This holds for nobody now.';
}
