/** The tracking plot: repeat orders of everybody up to each day, as they came and as the model expects them. */
import { ordersOfNewCustomer, type PurchaseModel } from './purchase-model.ts';
import type { DayNumber, PurchaseDays } from './purchase-history.ts';
import { inUnit, type Days, type TimeUnit } from './units.ts';

export interface CumulativePoint {
  day: DayNumber;
  actual: number;
  expected: number;
}

/** @param step days between two points; the last point is always `to` */
export function cumulativeOrders(
  model: PurchaseModel,
  unit: TimeUnit,
  customers: Iterable<PurchaseDays>,
  { from, to, step }: { from: DayNumber; to: DayNumber; step: number },
): CumulativePoint[] {
  const newcomers = new Map<DayNumber, number>();
  const repeats = new Map<DayNumber, number>();
  for (const { days } of customers) {
    days.forEach((day, i) => {
      const counts = i === 0 ? newcomers : repeats;
      counts.set(day, (counts.get(day) ?? 0) + 1);
    });
  }
  const points: CumulativePoint[] = [];
  const repeatDays = [...repeats].sort(([a], [b]) => a - b);
  let [next, actual] = [0, 0];
  for (let day = Math.min(from + step, to); ; day = Math.min(day + step, to)) {
    for (; next < repeatDays.length && (repeatDays[next]?.[0] ?? 0) <= day; next++) {
      actual += repeatDays[next]?.[1] ?? 0;
    }
    let expected = 0;
    for (const [first, people] of newcomers) {
      if (first < day) expected += people * ordersOfNewCustomer(model, inUnit((day - first) as Days, unit));
    }
    points.push({ day: day as DayNumber, actual, expected });
    if (day >= to) return points;
  }
}
