/** The tracking plot: repeat orders of everybody up to each day, as they came and as the model expects them. */
import { ordersOfNewCustomer, type PurchaseModel } from './purchase-model.ts';
import type { DayNumber, PurchaseDays } from './purchase-history.ts';
import { inUnit, type Days, type TimeUnit } from './units.ts';

export interface CumulativePoint {
  day: DayNumber;
  actual: number;
  expected: number;
}

/** Per day: customers who ordered for the first time, and repeat purchase days of all. */
export interface DailyOrders {
  newcomers: ReadonlyMap<DayNumber, number>;
  repeats: ReadonlyMap<DayNumber, number>;
}

export function dailyOrders(customers: Iterable<PurchaseDays>): DailyOrders {
  const newcomers = new Map<DayNumber, number>();
  const repeats = new Map<DayNumber, number>();
  for (const { days } of customers) {
    days.forEach((day, i) => {
      const counts = i === 0 ? newcomers : repeats;
      counts.set(day, (counts.get(day) ?? 0) + 1);
    });
  }
  return { newcomers, repeats };
}

/** @param step days between two points; the last point is always `to` */
export function cumulativeOrders(
  model: PurchaseModel,
  unit: TimeUnit,
  { newcomers, repeats }: DailyOrders,
  { from, to, step }: { from: DayNumber; to: DayNumber; step: number },
): CumulativePoint[] {
  const points: CumulativePoint[] = [];
  const repeatDays = [...repeats].sort(([a], [b]) => a - b);
  // Many people begin on few days, and what is expected of them depends on their age alone.
  const expectedAt = new Map<number, number>();
  const expectedOf = (age: number) => {
    let expected = expectedAt.get(age);
    if (expected === undefined) {
      expected = ordersOfNewCustomer(model, inUnit(age as Days, unit));
      expectedAt.set(age, expected);
    }
    return expected;
  };
  let [next, actual] = [0, 0];
  for (let day = Math.min(from + step, to); ; day = Math.min(day + step, to)) {
    for (; next < repeatDays.length && (repeatDays[next]?.[0] ?? 0) <= day; next++) {
      actual += repeatDays[next]?.[1] ?? 0;
    }
    let expected = 0;
    for (const [first, people] of newcomers) if (first < day) expected += people * expectedOf(day - first);
    points.push({ day: day as DayNumber, actual, expected });
    if (day >= to) return points;
  }
}
