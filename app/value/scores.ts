/**
 * R, F and M from 1 to 5, as pure functions of a value and the published cut points (20, 40, 60, 80 %).
 * A value equal to a cut point stays in the band below it, so equal values always score equal. Recency is the
 * age of the last counted order at the publication's date, not today: the clock alone never changes R, and a
 * later order has an age of 0 or less and scores 5.
 */

/** Orders or spent: 1 + number of cut points strictly below the value. */
export function risingScore(value: number, cutPoints: readonly number[]): number {
  return 1 + countBelow(value, cutPoints);
}

/** Age in days: 5 - number of cut points strictly below it. */
export function recencyScore(ageDays: number, cutPoints: readonly number[]): number {
  return 5 - countBelow(ageDays, cutPoints);
}

function countBelow(value: number, cutPoints: readonly number[]): number {
  return cutPoints.filter((cut) => cut < value).length;
}
