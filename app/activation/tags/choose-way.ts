/**
 * One by one or in bulk: whichever ends earlier, by the rates that were measured in this shop. Until there are any:
 * aliased mutations pay 10 points each at the shop's restore rate (after what the bucket holds now); a bulk operation
 * is free of points, but takes a while to set up and then about 50 lines a second, in up to four slots side by side.
 */
export const POINTS_PER_MUTATION = 10;
/** Assumption: no rate is published; measured by peers at about this. */
export const BULK_LINES_PER_SECOND = 50;
/** Shopify allows 5 running bulk mutations; one is left to other uses. */
export const BULK_SLOTS = 4;
/** Stage, start, notice the end and read the result. */
export const BULK_OVERHEAD_SECONDS = 8;
/** A file's customers are written by nothing else until it has ended: a minute is aimed at. */
export const FILE_SECONDS = 60;
/** Whatever the rate: what one file may hold. They are claimed and compared in one transaction, in memory. */
export const MAX_BULK_LINES = 3_000;
/** Shopify takes 100 MB; a file of ours stays well below. */
export const MAX_FILE_BYTES = 50_000_000;
/** Below this a bulk operation is never worth its locks. */
export const MIN_BULK_CUSTOMERS = 100;

export interface Budget {
  restoreRate: number;
  currentlyAvailable: number;
}

/** As measured; absent: not measured yet. */
export interface WriteRates {
  /** Mutations a second the single way keeps up, without what the bucket held at its start. */
  mutationsPerSecond?: number;
  /** Lines a second of one bulk operation. */
  linesPerSecond?: number;
  /** Seconds of a file beside its lines. */
  overheadSeconds?: number;
}

/**
 * Customers from which on the bulk way ends earlier; Infinity: never.
 *   single(n) = (n - held) / s     bulk(n) = overhead + n / (b * slots)
 * with s mutations and b lines a second, and `held` mutations that the bucket pays at once.
 */
export function bulkThreshold(budget: Budget, rates: WriteRates = {}): number {
  const paid = Math.max(1, budget.restoreRate) / POINTS_PER_MUTATION;
  // Other calls of the shop may slow the single way down; points it does not get it cannot go beyond.
  const single = Math.min(paid, rates.mutationsPerSecond ?? paid);
  const bulk = (rates.linesPerSecond ?? BULK_LINES_PER_SECOND) * BULK_SLOTS;
  const overhead = rates.overheadSeconds ?? BULK_OVERHEAD_SECONDS;
  const held = Math.max(0, budget.currentlyAvailable) / POINTS_PER_MUTATION;
  const gain = 1 / single - 1 / bulk;
  if (gain <= 0) return Infinity;
  return Math.max(MIN_BULK_CUSTOMERS, Math.floor((overhead + held / single) / gain) + 1);
}

export function chooseWay(customers: number, budget: Budget, rates: WriteRates = {}): 'single' | 'bulk' {
  return customers >= bulkThreshold(budget, rates) ? 'bulk' : 'single';
}

/** Lines that a file may have so that it ends within about a minute. */
export function mostLines(rates: WriteRates = {}): number {
  const perSecond = rates.linesPerSecond ?? BULK_LINES_PER_SECOND;
  return Math.min(MAX_BULK_LINES, Math.max(MIN_BULK_CUSTOMERS, Math.floor(perSecond * FILE_SECONDS)));
}

/** Lines of the next file, so that the customers spread over the free slots and each file ends soon. */
export function linesPerFile(customers: number, freeSlots: number, rates: WriteRates = {}): number {
  return Math.min(mostLines(rates), Math.max(1, Math.ceil(customers / Math.max(1, freeSlots))));
}
