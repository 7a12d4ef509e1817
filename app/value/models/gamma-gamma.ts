/**
 * Gamma-Gamma model of the amount of an order: z ~ Gamma(p, nu), nu ~ Gamma(q, gamma) across customers, so that
 * the mean of few orders is drawn towards the store's mean. Fader, Hardie and Lee 2005, RFM and CLV, Journal of
 * Marketing Research 42(4); Fader and Hardie 2013, The Gamma-Gamma model of monetary value (note 025).
 * Fitted on the mean of repeat purchase days (the first day is left out, as in the purchase models). It supposes
 * that how much and how often are independent: see `spendFrequencyCorrelation`.
 *
 * p, q have no unit; gamma and all amounts are in one currency and one unit of it (all minor or all major).
 */
import { maximise, type Fit } from './maximum-likelihood.ts';
import type { Objective } from './minimise.ts';
import { digamma, logGamma } from './special-functions.ts';

export interface GammaGammaParams {
  p: number;
  q: number;
  gamma: number;
}

export type GammaGammaFit = Fit<keyof GammaGammaParams>;

/** One entry a customer (or `weight` equal ones). */
export interface SpendColumns {
  /** Purchase days that the mean is over. */
  x: ArrayLike<number>;
  /** Mean amount of those days. */
  zbar: ArrayLike<number>;
  weight?: ArrayLike<number>;
}

/** What the likelihood needs of customers with x > 0 and zbar > 0. Others hold no information on amounts. */
interface SpendRows {
  customers: number;
  /** Distinct x, and customers with each. */
  xs: Float64Array;
  xWeights: Float64Array;
  /** Per customer: position of x, x times zbar, weight. */
  xAt: Int32Array;
  totals: Float64Array;
  weights: Float64Array;
  /** Sums over customers of ln zbar and of x ln zbar. */
  logSum: number;
  logSumX: number;
  meanZbar: number;
}

export function prepareSpend(columns: SpendColumns): SpendRows {
  const length = columns.x.length;
  const used = new Int32Array(length);
  let size = 0;
  for (let i = 0; i < length; i++) {
    if ((columns.x[i] as number) > 0 && (columns.zbar[i] as number) > 0) used[size++] = i;
  }
  const position = new Map<number, number>();
  const [xAt, totals, weights] = [new Int32Array(size), new Float64Array(size), new Float64Array(size)];
  const xWeights: number[] = [];
  let [customers, logSum, logSumX, sum] = [0, 0, 0, 0];
  for (let row = 0; row < size; row++) {
    const i = used[row] as number;
    const x = columns.x[i] as number;
    const zbar = columns.zbar[i] as number;
    const weight = columns.weight?.[i] ?? 1;
    let at = position.get(x);
    if (at === undefined) {
      at = position.size;
      position.set(x, at);
      xWeights.push(0);
    }
    xWeights[at] = (xWeights[at] as number) + weight;
    xAt[row] = at;
    totals[row] = x * zbar;
    weights[row] = weight;
    customers += weight;
    logSum += weight * Math.log(zbar);
    logSumX += weight * x * Math.log(zbar);
    sum += weight * zbar;
  }
  return {
    customers,
    xs: Float64Array.from(position.keys()),
    xWeights: Float64Array.from(xWeights),
    xAt,
    totals,
    weights,
    logSum,
    logSumX,
    meanZbar: sum / customers,
  };
}

/** Mean negative log-likelihood over (ln p, ln q, ln gamma), with its gradient: note 025, equation (1). */
export function gammaGammaObjective(rows: SpendRows): Objective {
  const { customers, xs, xWeights, xAt, totals, weights, logSum, logSumX } = rows;
  return (logs, gradient) => {
    const [p, q, gamma] = Array.from(logs, Math.exp) as [number, number, number];
    const [gq, dgq, logGammaScale] = [logGamma(q), digamma(q), Math.log(gamma)];
    let sum = p * logSumX - logSum;
    let [dp, dq, dGamma] = [logSumX, 0, 0];
    for (let i = 0; i < xs.length; i++) {
      const x = xs[i] as number;
      const n = xWeights[i] as number;
      const px = p * x;
      const psiAll = digamma(px + q);
      sum += n * (logGamma(px + q) - logGamma(px) - gq + q * logGammaScale + px * Math.log(x));
      dp += n * x * (psiAll - digamma(px) + Math.log(x));
      dq += n * (psiAll - dgq + logGammaScale);
      dGamma += (n * q) / gamma;
    }
    for (let row = 0; row < xAt.length; row++) {
      const x = xs[xAt[row] as number] as number;
      const weight = weights[row] as number;
      const scale = gamma + (totals[row] as number);
      const log = Math.log(scale);
      sum -= weight * (p * x + q) * log;
      dp -= weight * x * log;
      dq -= weight * log;
      dGamma -= (weight * (p * x + q)) / scale;
    }
    const scale = -1 / customers;
    gradient[0] = scale * p * dp;
    gradient[1] = scale * q * dq;
    gradient[2] = scale * gamma * dGamma;
    return scale * sum;
  };
}

/** Log-likelihood of all customers with a repeat amount, at given parameters. */
export function gammaGammaLogLikelihood(params: GammaGammaParams, columns: SpendColumns): number {
  const rows = prepareSpend(columns);
  const logs = Float64Array.of(params.p, params.q, params.gamma).map(Math.log);
  return -rows.customers * gammaGammaObjective(rows)(logs, new Float64Array(3));
}

/** Needs at least one customer with a repeat amount. */
export function fitGammaGamma(columns: SpendColumns): GammaGammaFit {
  const rows = prepareSpend(columns);
  // Starts and ranges follow the store's mean amount, so the currency's unit changes nothing.
  const start = (p: number, q: number) => ({ p, q, gamma: (rows.meanZbar * (q - 1)) / p });
  return maximise({
    names: ['p', 'q', 'gamma'],
    objective: gammaGammaObjective(rows),
    sample: rows.customers,
    ranges: {
      p: [1e-2, 1e4],
      q: [1e-2, 1e4],
      gamma: [1e-4 * rows.meanZbar, 1e4 * rows.meanZbar],
    },
    starts: [start(4, 4), start(1, 2), start(20, 8)],
  });
}

/**
 * E(M | x, zbar), the mean amount of this customer's orders to come: note 025, equation (5). With x = 0 the store's
 * own mean. Needs q > 1, or the mean over customers is not finite.
 */
export function expectedAmount({ p, q, gamma }: GammaGammaParams, x: number, zbar: number): number {
  return (p * (gamma + x * zbar)) / (p * x + q - 1);
}

/** Pearson correlation of zbar and x over customers with x > 0; null where it is not defined. */
export function spendFrequencyCorrelation(columns: SpendColumns): number | null {
  let [n, sx, sz, sxx, szz, sxz] = [0, 0, 0, 0, 0, 0];
  for (let pass = 0; pass < 2; pass++) {
    const [mx, mz] = [n > 0 ? sx / n : 0, n > 0 ? sz / n : 0];
    for (let i = 0; i < columns.x.length; i++) {
      const x = columns.x[i] as number;
      if (x <= 0) continue;
      const z = columns.zbar[i] as number;
      const weight = columns.weight?.[i] ?? 1;
      if (pass === 0) {
        n += weight;
        sx += weight * x;
        sz += weight * z;
      } else {
        sxx += weight * (x - mx) ** 2;
        szz += weight * (z - mz) ** 2;
        sxz += weight * (x - mx) * (z - mz);
      }
    }
  }
  return sxx > 0 && szz > 0 ? sxz / Math.sqrt(sxx * szz) : null;
}
