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

/** At least one customer; arrays of equal length. */
export function forecastErrors(expected: ArrayLike<number>, actual: ArrayLike<number>): ForecastErrors {
  const n = expected.length;
  let [absolute, square, sum] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const error = (expected[i] as number) - (actual[i] as number);
    absolute += Math.abs(error);
    square += error * error;
    sum += error;
  }
  return {
    mae: absolute / n,
    rmse: Math.sqrt(square / n),
    bias: sum / n,
    topDecileCapture: topDecileCapture(expected, actual),
  };
}

/**
 * Customers who are expected to order equally often are one group: where the tenth ends inside it, it counts with
 * the same share, so that the figure does not depend on the order of the customers.
 */
function topDecileCapture(expected: ArrayLike<number>, actual: ArrayLike<number>): number | null {
  const n = expected.length;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (i, j) => (expected[j] as number) - (expected[i] as number),
  );
  let room = n / 10;
  let [captured, all] = [0, 0];
  for (let from = 0; from < n;) {
    const value = expected[order[from] as number] as number;
    let [to, orders] = [from, 0];
    while (to < n && expected[order[to] as number] === value)
      orders += actual[order[to++] as number] as number;
    const share = Math.max(0, Math.min(1, room / (to - from)));
    captured += share * orders;
    room -= to - from;
    all += orders;
    from = to;
  }
  return all > 0 ? captured / all : null;
}
