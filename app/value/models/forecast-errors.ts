/** How far forecasts of orders were from what happened, customer by customer. */
export interface ForecastErrors {
  /** Mean of |expected - actual|, orders a customer. */
  mae: number;
  /** Root of the mean square of the same. */
  rmse: number;
  /** Mean of expected - actual: above 0 is too many expected. */
  bias: number;
  /** Share of all actual orders that came from the tenth of customers with the most expected; null without orders. */
  topDecileCapture: number | null;
}

/** At least one customer; arrays of equal length. @param weights customers of each entry; 1 when left out */
export function forecastErrors(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  weights?: ArrayLike<number>,
): ForecastErrors {
  let [n, absolute, square, sum] = [0, 0, 0, 0];
  for (let i = 0; i < expected.length; i++) {
    const weight = weights?.[i] ?? 1;
    const error = (expected[i] as number) - (actual[i] as number);
    n += weight;
    absolute += weight * Math.abs(error);
    square += weight * error * error;
    sum += weight * error;
  }
  return {
    mae: absolute / n,
    rmse: Math.sqrt(square / n),
    bias: sum / n,
    topDecileCapture: topDecileCapture(expected, actual, n, weights),
  };
}

/**
 * Customers who are expected to order equally often are one group: where the tenth ends inside it, it counts with
 * the same share, so that the figure does not depend on the order of the customers.
 */
function topDecileCapture(
  expected: ArrayLike<number>,
  actual: ArrayLike<number>,
  customers: number,
  weights?: ArrayLike<number>,
): number | null {
  const order = Array.from({ length: expected.length }, (_, i) => i).sort(
    (i, j) => (expected[j] as number) - (expected[i] as number),
  );
  let room = customers / 10;
  let [captured, all] = [0, 0];
  for (let next = 0; next < order.length;) {
    const value = expected[order[next] as number] as number;
    let [people, orders] = [0, 0];
    for (; next < order.length && expected[order[next] as number] === value; next++) {
      const i = order[next] as number;
      people += weights?.[i] ?? 1;
      orders += (weights?.[i] ?? 1) * (actual[i] as number);
    }
    captured += Math.max(0, Math.min(1, room / people)) * orders;
    room -= people;
    all += orders;
  }
  return all > 0 ? captured / all : null;
}
