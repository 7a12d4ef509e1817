/** Leaving: everything of ours is taken out of the store. What there is to take, and the receipt. Pure. */
export const LEAVING_KINDS = [
  'tags',
  'discounts',
  'discountSegments',
  'nativeSegments',
  'metafields',
  'definitions',
] as const;
export type LeavingKind = (typeof LEAVING_KINDS)[number];
export type LeavingCounts = Record<LeavingKind, number>;

export const LEAVING_WORDS: Readonly<Record<LeavingKind, { one: string; many: string }>> = {
  tags: { one: 'tag on a customer', many: 'tags on customers' },
  discounts: { one: 'discount', many: 'discounts' },
  discountSegments: { one: 'segment for a discount', many: 'segments for discounts' },
  nativeSegments: { one: 'Shopify segment', many: 'Shopify segments' },
  metafields: { one: 'customer with metafields', many: 'customers with metafields' },
  definitions: { one: 'metafield definition', many: 'metafield definitions' },
};

export interface LeavingReceipt {
  removed: LeavingCounts;
  /** What could not be removed, with the reason and how often. */
  failed: { kind: LeavingKind; reason: string; count: number }[];
}

export const NOTHING_TO_LEAVE: LeavingCounts = {
  tags: 0,
  discounts: 0,
  discountSegments: 0,
  nativeSegments: 0,
  metafields: 0,
  definitions: 0,
};

export function totalOf(counts: LeavingCounts): number {
  return LEAVING_KINDS.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0);
}

const EMPTYING = 'empty ';

/** The step of a run that has emptied everything of the customers up to this id. */
export const emptyingStep = (customerId: string): string => EMPTYING + customerId;

/** @returns the id up to which customers were emptied; null: that step is over */
export function emptiedUpTo(step: string): string | null {
  return step.startsWith(EMPTYING) ? step.slice(EMPTYING.length) : null;
}
