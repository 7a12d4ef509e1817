/**
 * How well a model would have forecast a time that is known: fitted up to a day, it says how often each customer
 * orders in the days after, and that is held against what they did, and against two forecasts that need no model:
 * - same rate: everybody goes on as before, x / T;
 * - class mean: everybody orders as often as customers with the same number of repeat orders did in the stretch
 *   of equal length before (seen from inside the calibration time, so that it knows nothing of the hold-out).
 */
import { forecastErrors, type ForecastErrors } from './forecast-errors.ts';
import { FREQUENCY_CLASSES, frequencyClassOf, type FrequencyClass } from './frequency-classes.ts';
import { countUntil, type DayNumber, type PurchaseDays } from './purchase-history.ts';

export interface FrequencyRow {
  x: FrequencyClass;
  customers: number;
  /** Mean purchase days in the hold-out; null without customers. */
  actual: number | null;
  expected: number | null;
}

export interface BackTest extends ForecastErrors {
  /** Length of the hold-out. */
  days: number;
  byFrequency: FrequencyRow[];
  baselines: { sameRate: ForecastErrors; frequencyClassMean: ForecastErrors };
}

/** One entry a customer of the calibration time (or `weight` equal ones). */
export interface BackTestColumns {
  x: ArrayLike<number>;
  TDays: ArrayLike<number>;
  /** What the model expects in the hold-out. */
  expected: ArrayLike<number>;
  /** Purchase days in the hold-out. */
  actual: ArrayLike<number>;
  weight?: ArrayLike<number>;
  /** Mean purchase days of each class in the stretch before, scaled to the hold-out's length: `classMeans`. */
  classMeans: readonly (number | null)[];
}

/** @param days length of the hold-out, at least 1; at least one customer */
export function backTest(columns: BackTestColumns, days: number): BackTest {
  const { x, TDays, expected, actual, weight, classMeans } = columns;
  const sameRate = Float64Array.from({ length: x.length }, (_, i) =>
    (TDays[i] as number) > 0 ? ((x[i] as number) / (TDays[i] as number)) * days : 0,
  );
  const classMean = sameRate.map((rate, i) => classMeans[frequencyClassOf(x[i] as number)] ?? rate);
  return {
    days,
    byFrequency: byFrequency(columns),
    ...forecastErrors(expected, actual, weight),
    baselines: {
      sameRate: forecastErrors(sameRate, actual, weight),
      frequencyClassMean: forecastErrors(classMean, actual, weight),
    },
  };
}

function byFrequency({ x, expected, actual, weight }: BackTestColumns): FrequencyRow[] {
  const sums = FREQUENCY_CLASSES.map(() => ({ customers: 0, actual: 0, expected: 0 }));
  for (let i = 0; i < x.length; i++) {
    const sum = sums[frequencyClassOf(x[i] as number)];
    if (!sum) continue;
    const people = weight?.[i] ?? 1;
    sum.customers += people;
    sum.actual += people * (actual[i] as number);
    sum.expected += people * (expected[i] as number);
  }
  return sums.map(({ customers, actual: orders, expected: forecast }, i) => ({
    x: FREQUENCY_CLASSES[i] as FrequencyClass,
    customers,
    actual: customers > 0 ? orders / customers : null,
    expected: customers > 0 ? forecast / customers : null,
  }));
}

/** The stretch inside the calibration time from which class means are learned: as long as the hold-out, at most half. */
export function learningStretch(
  calibration: { from: DayNumber; to: DayNumber },
  holdoutDays: number,
): { split: DayNumber; days: number } | undefined {
  const days = Math.min(holdoutDays, Math.floor((calibration.to - calibration.from) / 2));
  return days < 1 ? undefined : { split: (calibration.to - days) as DayNumber, days };
}

/** Null for a class that nobody was in at the beginning of the learning stretch. */
export function classMeans(
  customers: Iterable<PurchaseDays>,
  calibration: { from: DayNumber; to: DayNumber },
  holdoutDays: number,
): (number | null)[] {
  const stretch = learningStretch(calibration, holdoutDays);
  if (!stretch) return FREQUENCY_CLASSES.map(() => null);
  const sums = FREQUENCY_CLASSES.map(() => ({ customers: 0, orders: 0 }));
  for (const { days } of customers) {
    const before = countUntil(days, stretch.split);
    const sum = sums[frequencyClassOf(before - 1)];
    if (before === 0 || !sum) continue;
    sum.customers += 1;
    sum.orders += countUntil(days, calibration.to) - before;
  }
  return sums.map(({ customers: n, orders }) => (n > 0 ? ((orders / n) * holdoutDays) / stretch.days : null));
}
