import type { ReviewedSegment } from './turn-on-review.ts';

export type CountedSegment = Omit<ReviewedSegment, 'key' | 'name' | 'tag' | 'warning'>;

/** What a review counts, of a whole store or of some of its customers. */
export interface ReviewCounts {
  /** By segment id. */
  segments: Readonly<Record<string, CountedSegment>>;
  /** With at least one change of tags. */
  customers: number;
  /** Who can be in a segment. */
  everybody: number;
  /** Minor units. */
  spentByGaining: string;
  spentByLosing: string;
  /** Ten at most. */
  sample: readonly string[];
}

const SAMPLE = 10;

/** Of two groups of customers that have nobody in common. */
export function addCounts(one: ReviewCounts | null, other: ReviewCounts): ReviewCounts {
  if (one === null) return other;
  const ids = new Set([...Object.keys(one.segments), ...Object.keys(other.segments)]);
  return {
    segments: Object.fromEntries(
      [...ids].map((id) => [id, addSegment(one.segments[id], other.segments[id])]),
    ),
    customers: one.customers + other.customers,
    everybody: one.everybody + other.everybody,
    spentByGaining: addMoney(one.spentByGaining, other.spentByGaining),
    spentByLosing: addMoney(one.spentByLosing, other.spentByLosing),
    sample: [...one.sample, ...other.sample].slice(0, SAMPLE),
  };
}

function addSegment(one: CountedSegment = NO_COUNTS, other: CountedSegment = NO_COUNTS): CountedSegment {
  return {
    size: one.size + other.size,
    gains: one.gains + other.gains,
    loses: one.loses + other.loses,
    gainsSpent: addMoney(one.gainsSpent, other.gainsSpent),
    losesSpent: addMoney(one.losesSpent, other.losesSpent),
    // People named by hand are counted once for the store.
    always: Math.max(one.always, other.always),
    never: Math.max(one.never, other.never),
  };
}

const addMoney = (one: string, other: string) => (BigInt(one) + BigInt(other)).toString();

export const NO_COUNTS: CountedSegment = {
  size: 0,
  gains: 0,
  loses: 0,
  gainsSpent: '0',
  losesSpent: '0',
  always: 0,
  never: 0,
};
