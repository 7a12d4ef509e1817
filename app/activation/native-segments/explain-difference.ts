/** Why a segment has another number of members in Shopify than here. */
export interface NativeCounts {
  native: 'tag' | 'rule';
  /** In Shopify; null: not counted yet. */
  members: number | null;
  /** Here. */
  expected: number | null;
  /** Tags that are on their way to Shopify or out of it. */
  pending: number;
  /** Members here who do not get the tag: taken off by hand, the control group, 250 tags. */
  without: number;
  /** Since when the numbers differ with nothing on its way (machine time). */
  differsAt: Date | null;
}

export type NativeDifference =
  | { cause: 'none' }
  | { cause: 'not_counted' }
  /** Tags are on their way. */
  | { cause: 'pending'; pending: number; by: number }
  /** Shopify takes a while to sort customers in again. */
  | { cause: 'settling'; by: number }
  | { cause: 'without'; without: number; by: number }
  /** Shopify works out its own rule from its own figures. */
  | { cause: 'definition'; by: number }
  /** Nothing explains it: somebody else gives or takes the tag, or Shopify is late for very long. */
  | { cause: 'drift'; by: number };

/** How long Shopify may take to sort customers in; not documented. */
export const SETTLES_WITHIN_MS = 15 * 60_000;

/** @param machineNow the machine's clock. `by`: Shopify's number minus ours */
export function explainDifference(counts: NativeCounts, machineNow: Date): NativeDifference {
  const { native, members, expected, pending, without, differsAt } = counts;
  if (members === null || expected === null) return { cause: 'not_counted' };
  const by = members - expected;
  if (by === 0) return { cause: 'none' };
  if (native === 'tag' && pending > 0) return { cause: 'pending', pending, by };
  if (native === 'tag' && by === -without) return { cause: 'without', without, by };
  if (differsAt === null || machineNow.getTime() - differsAt.getTime() < SETTLES_WITHIN_MS) {
    return { cause: 'settling', by };
  }
  return native === 'rule' ? { cause: 'definition', by } : { cause: 'drift', by };
}
