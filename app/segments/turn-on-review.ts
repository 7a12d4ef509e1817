/** What turning segments on would do, as shown before it is approved. */
export interface TurnOnReview {
  segments: {
    key: string;
    name: string;
    /** With the shop's prefix. */
    tag: string;
    /** Members once it is on. */
    size: number;
    /** Customers who get the tag. */
    gains: number;
    /** Customers who lose it: it is ours from before, and the rule does not hold. */
    loses: number;
  }[];
  /** Customers with at least one change of tags. */
  customersAffected: number;
  /** (customer, tag) pairs. */
  tagAdditions: number;
  tagRemovals: number;
  /** Up to ten of the customers affected. */
  sample: string[];
  /**
   * Names what was shown: the segments, their rules and tags, the numbers in force, the shop's date, and the
   * counts. Turning on with one of something else, or with counts beyond the bound of review-bound.ts, does
   * nothing and shows the review again.
   */
  fingerprint: string;
}
