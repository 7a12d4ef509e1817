/**
 * Bins of a histogram of amounts, with round bounds that a person would choose: steps of 1, 2 or 5 times a power of
 * ten. Amounts that span more than a factor of ten get bins that grow (1, 2, 5, 10, 20, 50 ...), because most shops'
 * amounts do: equal bins would put nearly everybody into the first.
 */

/** Most bins there are, the two open ends included. */
const MOST_BINS = 12;

/**
 * Inner bounds in minor units, ascending, each the lower end of the bin that begins there; the first bin begins at 0
 * and the last one has no end.
 * @param low,high amounts between which nearly all lie (percentiles 5 and 99), minor units
 */
export function histogramBounds(low: number, high: number): number[] {
  if (!(high > 0)) return [];
  const [from, to] = [Math.max(1, low), Math.max(1, high)];
  return to / from > 10 ? growing(from, to) : equal(from, to);
}

function growing(from: number, to: number): number[] {
  const bounds: number[] = [];
  for (let power = Math.floor(Math.log10(to)) + 1; power >= 0; power--) {
    for (const digit of [5, 2, 1]) {
      const bound = digit * 10 ** power;
      if (bound > to) continue;
      bounds.unshift(bound);
      // The bin that holds the smallest usual amounts begins here.
      if (bound <= from || bounds.length === MOST_BINS - 1) return bounds;
    }
  }
  return bounds;
}

function equal(from: number, to: number): number[] {
  const step = roundStep((to - from) / 8 || to / 4);
  const first = Math.floor(from / step) * step;
  const bounds: number[] = [];
  for (let bound = first; bound <= to && bounds.length < MOST_BINS - 1; bound += step) {
    if (bound > 0) bounds.push(bound);
  }
  return bounds;
}

/** The next 1, 2 or 5 times a power of ten that is not below `wanted`; at least 1. */
export function roundStep(wanted: number): number {
  if (!(wanted > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const digit = [1, 2, 5, 10].find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10;
  return Math.round(digit * power);
}
