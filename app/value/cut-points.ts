/**
 * Store-wide numbers that scores, the life-cycle map and the top-x % segments read. They are statistics over
 * buyers (customers with a counted order, nobody left out), so fractions of a minor unit are not rounded.
 */
import type { LocalDate } from '../local-date.ts';

/** Percentiles of spent that are published, as percents of buyers below. */
export const SPENT_PERCENTS = [75, 80, 90, 95, 99] as const;
export type SpentPercent = (typeof SPENT_PERCENTS)[number];

/** What is computed; a publication gives it a version. Quantiles are R's type 7 (PostgreSQL's percentile_cont). */
export interface StoreNumbers {
  /** The shop-local date to which recency is counted. */
  asOf: LocalDate;
  buyers: number;
  /** Counted orders at 20, 40, 60, 80 %; empty without buyers. */
  frequency: number[];
  /** Spent, minor units, at 20, 40, 60, 80 %. */
  monetaryMinor: number[];
  /** Days from the last counted order to `asOf`, at 20, 40, 60, 80 %. */
  recencyDays: number[];
  /** Upper bounds in days of active, slowing and away, after the floors. */
  rhythmDays: [number, number, number];
  /** Gaps between one customer's consecutive days with a counted order, that the rhythm was taken from. */
  gaps: number;
  /** Spent in minor units; null without buyers. */
  spentPercentiles: Record<SpentPercent, number | null>;
}

export interface CutPoints extends StoreNumbers {
  /** 0: nothing has been published yet. */
  version: number;
  publishedAt: Date | null;
}

/** The rhythm's bounds are never below these, in days. */
export const RHYTHM_FLOORS = [30, 60, 180] as const;
/** With fewer gaps than this the store's own rhythm is not trusted, and the page says so. */
export const MINIMUM_GAPS = 100;
export const RHYTHM_WITHOUT_GAPS = [30, 90, 365] as const;

/** Bounds from the 0.75 and 0.90 quantiles of the gaps in days; null when there are no gaps. */
export function rhythmBounds(
  gaps: number,
  quarter: number | null,
  tenth: number | null,
): [number, number, number] {
  if (gaps < MINIMUM_GAPS || quarter === null || tenth === null) return [...RHYTHM_WITHOUT_GAPS];
  return [
    Math.max(RHYTHM_FLOORS[0], quarter),
    Math.max(RHYTHM_FLOORS[1], tenth),
    Math.max(RHYTHM_FLOORS[2], 2 * tenth),
  ];
}

/** In force before anything is published: no scores above the lowest, nobody in a top group. */
export function noCutPoints(today: LocalDate): CutPoints {
  return {
    version: 0,
    publishedAt: null,
    asOf: today,
    buyers: 0,
    frequency: [],
    monetaryMinor: [],
    recencyDays: [],
    rhythmDays: [...RHYTHM_WITHOUT_GAPS],
    gaps: 0,
    spentPercentiles: { 75: null, 80: null, 90: null, 95: null, 99: null },
  };
}

/** New numbers are put in force when they are this far from the old ones ... */
export const PUBLISH_DIFFERENCE = 0.05;
/** ... or when the old ones are this old. */
export const PUBLISH_AFTER_DAYS = 30;

export type PublicationReason = 'first' | 'changed' | 'age';

/**
 * Whether `computed` should replace `inForce`: nothing published yet, any number more than 5 % away from the one
 * in force, or the ones in force 30 days old. Undefined: leave them.
 * @param daysInForce whole days between the two as-of dates
 */
export function publicationReason(
  inForce: CutPoints,
  computed: StoreNumbers,
  daysInForce: number,
): PublicationReason | undefined {
  if (inForce.version === 0) return 'first';
  if (daysInForce >= PUBLISH_AFTER_DAYS) return 'age';
  const [before, after] = [numbersOf(inForce), numbersOf(computed)];
  const differs =
    before.length !== after.length ||
    before.some((old, i) => Math.abs((after[i] ?? NaN) - old) > PUBLISH_DIFFERENCE * Math.abs(old));
  return differs ? 'changed' : undefined;
}

function numbersOf(numbers: StoreNumbers): number[] {
  return [
    ...numbers.frequency,
    ...numbers.monetaryMinor,
    ...numbers.recencyDays,
    ...numbers.rhythmDays,
    ...SPENT_PERCENTS.flatMap((percent) => numbers.spentPercentiles[percent] ?? []),
  ];
}
