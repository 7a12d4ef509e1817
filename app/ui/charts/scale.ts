/** Axes that begin at 0 and end at a round number, so that a chart neither exaggerates nor cuts off. */

export interface Axis {
  /** The end of the axis: at least every value. */
  max: number;
  /** Ascending, from 0 to `max`. */
  ticks: number[];
}

/** @param most the largest value (0 or more); @param steps about how many intervals are wanted */
export function axisTo(most: number, steps = 4): Axis {
  if (!(most > 0) || !Number.isFinite(most)) return { max: 1, ticks: [0, 1] };
  const step = niceStep(most / steps);
  const count = Math.ceil(most / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, i) => clean(i * step));
  return { max: ticks.at(-1) ?? 1, ticks };
}

/** The next 1, 2, 2.5 or 5 times a power of ten that is not below `wanted`. */
function niceStep(wanted: number): number {
  const power = 10 ** Math.floor(Math.log10(wanted));
  const digit = [1, 2, 2.5, 5, 10].find((each) => each * power >= wanted * (1 - 1e-9)) ?? 10;
  return digit * power;
}

/** 0.30000000000000004 -> 0.3 */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** Position on an axis in percent, kept inside of it, short enough to be written into a document. */
export function percentOf(value: number, max: number): number {
  const share = max > 0 ? value / max : 0;
  return Math.round(Math.min(1, Math.max(0, share)) * 10_000) / 100;
}
