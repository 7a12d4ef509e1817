/** How long to wait before something that failed is tried again: twice as long after each time. */
export interface BackOff {
  firstMs: number;
  longestMs: number;
}

/** @param earlier how often it had failed before */
export function backOffMs({ firstMs, longestMs }: BackOff, earlier: number): number {
  return Math.min(longestMs, firstMs * 2 ** earlier);
}
