/**
 * One by one or in bulk: whichever ends earlier. Aliased mutations pay 10 points each at the shop's restore
 * rate (after what the bucket holds now); a bulk operation is free of points, but takes a while to set up and
 * then about 50 lines a second, in up to four slots side by side.
 */
export const POINTS_PER_MUTATION = 10;
/** Assumption: no rate is published; measured by peers at about this. */
export const BULK_LINES_PER_SECOND = 50;
/** Shopify allows 5 running bulk mutations; one is left to other uses. */
export const BULK_SLOTS = 4;
/** Stage, start, notice the end and read the result. */
export const BULK_OVERHEAD_SECONDS = 8;
/** About a minute at the assumed rate: a file's customers are written by nothing else until it has ended. */
export const MAX_BULK_LINES = 3_000;
/** Below this a bulk operation is never worth its locks. */
export const MIN_BULK_CUSTOMERS = 100;

export interface Budget {
  restoreRate: number;
  currentlyAvailable: number;
}

export function chooseWay(customers: number, budget: Budget): 'single' | 'bulk' {
  if (customers < MIN_BULK_CUSTOMERS) return 'single';
  const points = customers * POINTS_PER_MUTATION;
  const single = Math.max(0, points - budget.currentlyAvailable) / Math.max(1, budget.restoreRate);
  const bulk = BULK_OVERHEAD_SECONDS + customers / (BULK_LINES_PER_SECOND * BULK_SLOTS);
  return bulk < single ? 'bulk' : 'single';
}

/** Lines of the next file, so that the customers spread over the free slots and each file ends soon. */
export function linesPerFile(customers: number, freeSlots: number): number {
  return Math.min(MAX_BULK_LINES, Math.max(1, Math.ceil(customers / Math.max(1, freeSlots))));
}
