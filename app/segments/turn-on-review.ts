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
   * Names exactly what was shown: the segments, their rules, the numbers in force, and every (customer, tag)
   * pair. Turning on with an old one does nothing and shows the review again.
   */
  fingerprint: string;
}
