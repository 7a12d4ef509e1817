/**
 * Intervals of 95 %, so that a difference is not taken for more than it is. The formulas, with their sources, are in
 * docs/analysis.md: Wilson's score interval for a share, Newcombe's hybrid of two of them for the difference of two
 * shares, Welch's for the difference of two means, with Student's t by the expansion in Abramowitz and Stegun 26.7.5.
 */
export interface Interval {
  from: number;
  to: number;
}

export interface Share {
  /** So many of ... */
  some: number;
  of: number;
}

export interface Mean {
  n: number;
  mean: number;
  /** Of the sample (n - 1). */
  variance: number;
}

/** The 97.5 % point of the normal distribution. */
const Z = 1.959963984540054;

/** @returns undefined without anybody */
export function shareInterval({ some, of }: Share): Interval | undefined {
  if (of <= 0) return undefined;
  const share = some / of;
  const centre = share + (Z * Z) / (2 * of);
  const width = Z * Math.sqrt((share * (1 - share)) / of + (Z * Z) / (4 * of * of));
  const scale = 1 + (Z * Z) / of;
  return { from: Math.max(0, (centre - width) / scale), to: Math.min(1, (centre + width) / scale) };
}

/** Of a minus b. */
export function shareDifference(a: Share, b: Share): Interval | undefined {
  const [one, other] = [shareInterval(a), shareInterval(b)];
  if (!one || !other) return undefined;
  const [p, q] = [a.some / a.of, b.some / b.of];
  const difference = p - q;
  return {
    from: difference - Math.hypot(p - one.from, other.to - q),
    to: difference + Math.hypot(one.to - p, q - other.from),
  };
}

/** Below this many on a side, means of what is skewed like money are not compared. */
export const FEWEST_FOR_MEANS = 10;

/** Of a minus b; undefined when a side has too few. */
export function meanDifference(a: Mean, b: Mean): Interval | undefined {
  if (a.n < FEWEST_FOR_MEANS || b.n < FEWEST_FOR_MEANS) return undefined;
  const [s, t] = [a.variance / a.n, b.variance / b.n];
  const difference = a.mean - b.mean;
  if (s + t === 0) return { from: difference, to: difference };
  const freedom = (s + t) ** 2 / ((s * s) / (a.n - 1) + (t * t) / (b.n - 1));
  const width = studentT(freedom) * Math.sqrt(s + t);
  return { from: difference - width, to: difference + width };
}

/** The 97.5 % point of Student's t; from 9 degrees of freedom on (the fewest that are compared) to three decimals. */
export function studentT(freedom: number): number {
  const z = Z;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const g4 = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160;
  return z + g1 / freedom + g2 / freedom ** 2 + g3 / freedom ** 3 + g4 / freedom ** 4;
}

/** Whether the interval of a difference leaves out "none". */
export function isClear(interval: Interval | undefined): boolean {
  return interval !== undefined && (interval.from > 0 || interval.to < 0);
}
