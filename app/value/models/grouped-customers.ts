/**
 * Customers grouped by equal (x, t_x, T): the likelihood and the predictions cost what the distinct rows cost,
 * not what the customers cost. Distinct values of x and of time are tabulated too, because the models need
 * logarithms of each.
 */
import { DAYS_PER_UNIT, type TimeUnit } from './units.ts';

/** One entry a customer (or a group of `weight` equal ones). Days are whole numbers from 0 up, txDays <= TDays. */
export interface CustomerColumns {
  /** Repeat purchase days: days with an order, without the first. */
  x: ArrayLike<number>;
  /** First to last order, days; 0 when x = 0. */
  txDays: ArrayLike<number>;
  /** First order to the day of the fit, days. */
  TDays: ArrayLike<number>;
  /** Customers in the entry; 1 when left out. */
  weight?: ArrayLike<number>;
}

export interface GroupedCustomers {
  unit: TimeUnit;
  /** Sum of the weights. */
  customers: number;
  /** Distinct rows. */
  size: number;
  /** Distinct x, and customers with each. */
  xs: Float64Array;
  xWeights: Float64Array;
  /** Distinct t_x and T in the unit. */
  times: Float64Array;
  /** Per row: positions of x in `xs`, of t_x and T in `times`, and customers. */
  xAt: Int32Array;
  txAt: Int32Array;
  TAt: Int32Array;
  weights: Float64Array;
}

/** The groups, and for each entry of `columns` the row it fell into. */
export function groupCustomers(
  columns: CustomerColumns,
  unit: TimeUnit,
): { groups: GroupedCustomers; rowOf: Int32Array } {
  const count = columns.x.length;
  const xs = tabulate(columns.x);
  const times = tabulate(columns.txDays, columns.TDays);
  const rowOf = new Int32Array(count);
  const rows = new Map<number, number>();
  const keys: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < count; i++) {
    const x = xs.at.get(columns.x[i] as number) as number;
    const tx = times.at.get(columns.txDays[i] as number) as number;
    const T = times.at.get(columns.TDays[i] as number) as number;
    const key = (x * times.values.length + tx) * times.values.length + T;
    let row = rows.get(key);
    if (row === undefined) {
      row = keys.length;
      rows.set(key, row);
      keys.push(key);
      weights.push(0);
    }
    weights[row] = (weights[row] as number) + (columns.weight?.[i] ?? 1);
    rowOf[i] = row;
  }
  return { groups: fromKeys(keys, weights, xs.values, times.values, unit), rowOf };
}

function fromKeys(
  keys: readonly number[],
  weights: readonly number[],
  xs: readonly number[],
  times: readonly number[],
  unit: TimeUnit,
): GroupedCustomers {
  const size = keys.length;
  const [xAt, txAt, TAt] = [new Int32Array(size), new Int32Array(size), new Int32Array(size)];
  const xWeights = new Float64Array(xs.length);
  let customers = 0;
  keys.forEach((key, row) => {
    TAt[row] = key % times.length;
    const rest = Math.floor(key / times.length);
    txAt[row] = rest % times.length;
    const x = Math.floor(rest / times.length);
    xAt[row] = x;
    xWeights[x] = (xWeights[x] as number) + (weights[row] as number);
    customers += weights[row] as number;
  });
  return {
    unit,
    customers,
    size,
    xs: Float64Array.from(xs),
    xWeights,
    times: Float64Array.from(times, (days) => days / DAYS_PER_UNIT[unit]),
    xAt,
    txAt,
    TAt,
    weights: Float64Array.from(weights),
  };
}

function tabulate(...columns: ArrayLike<number>[]): { values: number[]; at: Map<number, number> } {
  const at = new Map<number, number>();
  for (const column of columns) {
    for (let i = 0; i < column.length; i++) {
      const value = column[i] as number;
      if (!at.has(value)) at.set(value, at.size);
    }
  }
  return { values: [...at.keys()], at };
}

/** Repeat purchase days of all customers, and the time they were watched, in the unit. */
export function totalsOf(groups: GroupedCustomers): {
  repeats: number;
  time: number;
  repeatCustomers: number;
} {
  let [repeats, time, repeatCustomers] = [0, 0, 0];
  for (let row = 0; row < groups.size; row++) {
    const weight = groups.weights[row] as number;
    const x = groups.xs[groups.xAt[row] as number] as number;
    repeats += weight * x;
    time += weight * (groups.times[groups.TAt[row] as number] as number);
    if (x > 0) repeatCustomers += weight;
  }
  return { repeats, time, repeatCustomers };
}
