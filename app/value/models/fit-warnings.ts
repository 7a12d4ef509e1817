/** What a merchant should know about a fit, in words. No warning = the fit can be used as it is. */
import type { BackTest } from './back-test.ts';
import type { GammaGammaFit } from './gamma-gamma.ts';
import { notYetTrusted, type SampleSize } from './minimum-data.ts';
import type { PurchaseSummary } from './purchase-history.ts';
import type { ModelName, PurchaseModel } from './purchase-model.ts';

export const MODEL_TITLES: Readonly<Record<ModelName, string>> = {
  mbgnbd: 'MBG/NBD',
  bgnbd: 'BG/NBD',
  pareto: 'Pareto/NBD',
};

/** What each parameter says when it runs to an edge: the data hold nothing on it. */
const EDGES: Readonly<Record<string, { low: string; high: string }>> = {
  r: { low: 'a few customers order nearly everything', high: 'all customers order equally often' },
  alpha: { low: 'customers order at once or never', high: 'all customers order equally often' },
  a: { low: 'nobody seems to leave', high: 'all customers are equally ready to leave' },
  b: { low: 'nearly everybody leaves at once', high: 'nobody seems to leave' },
  s: { low: 'nobody seems to leave', high: 'all customers stay equally long' },
  beta: { low: 'customers leave at once or never', high: 'all customers stay equally long' },
};

/** One customer with more than this share of all repeat orders, or repeat spend, bends every figure. */
const GIANT = 0.1;

export function sampleWarnings(
  size: SampleSize,
  summaries: readonly PurchaseSummary[],
  horizonDays: number,
): string[] {
  const warnings: string[] = [];
  const few = notYetTrusted(size);
  if (few) warnings.push(few);
  if (size.spanDays < horizonDays) {
    warnings.push(
      `The orders span ${size.spanDays} days and the forecast looks ${horizonDays} days ahead: further than what is known.`,
    );
  }
  const giant = (of: (one: PurchaseSummary) => number) => {
    const all = summaries.reduce((sum, one) => sum + of(one), 0);
    return all > 0 ? summaries.reduce((most, one) => Math.max(most, of(one)), 0) / all : 0;
  };
  const [orders, spent] = [giant((one) => one.x), giant((one) => one.amountDays * one.zbar)];
  const share = Math.max(orders, spent);
  if (share > GIANT) {
    warnings.push(
      `One customer makes ${(share * 100).toFixed(0)} % of all repeat ${orders >= spent ? 'orders' : 'spend'} and bends every figure. A reseller or a test account is better left out.`,
    );
  }
  return warnings;
}

/** Of the model that predicts, or (shorter) of one that is only compared. */
export function purchaseWarnings(model: PurchaseModel, predicts: boolean): string[] {
  const { fit } = model;
  if (fit.converged) return [];
  const title = MODEL_TITLES[model.name];
  const edges = fit.atEdge.map((name) => {
    const words = EDGES[name];
    const value = (fit.params as Record<string, number>)[name] ?? 0;
    return words ? `${name} (${value < 1 ? words.low : words.high})` : name;
  });
  const why =
    edges.length > 0
      ? `the data do not settle ${edges.join(' and ')}`
      : 'no maximum of the likelihood was found';
  return [
    `${title} did not converge: ${why}. ${predicts ? 'Take its predictions as rough.' : 'It is shown for comparison only.'}`,
  ];
}

/** At least this many customers with a repeat amount, or their mean stands for everybody. */
export const MINIMUM_AMOUNTS = 10;

/** Whether E(M | x, zbar) can be used: it needs q > 1 to be finite at all. */
export function amountsUsable(fit: GammaGammaFit | null): fit is GammaGammaFit {
  return fit !== null && fit.params.q > 1.01 && Object.values(fit.params).every(Number.isFinite);
}

/** Above this the assumption that how much and how often are independent does not hold well. */
export const CORRELATED = 0.3;

export function amountWarnings(fit: GammaGammaFit | null, correlation: number | null): string[] {
  const warnings: string[] = [];
  if (!amountsUsable(fit)) {
    warnings.push(
      fit === null
        ? `Fewer than ${MINIMUM_AMOUNTS} customers have a repeat order with an amount: the mean amount stands for every customer.`
        : 'Amounts differ too wildly for the Gamma-Gamma model (its mean is not finite): the mean amount stands for every customer.',
    );
  } else if (!fit.converged) {
    warnings.push(
      'Gamma-Gamma did not converge: the amounts are too much alike, or too few, to tell how they vary. Expected amounts are close to what each customer spent before.',
    );
  }
  if (correlation !== null && Math.abs(correlation) > CORRELATED) {
    warnings.push(
      `Customers who order more often spend ${correlation > 0 ? 'more' : 'less'} an order (correlation ${correlation.toFixed(2)}): the model supposes that the two are independent, so the value of frequent customers is likely too ${correlation > 0 ? 'low' : 'high'}.`,
    );
  }
  return warnings;
}

export function backTestWarnings(test: BackTest): string[] {
  const warnings: string[] = [];
  const customers = test.byFrequency.reduce((sum, row) => sum + row.customers, 0);
  const mean = (of: 'actual' | 'expected') =>
    test.byFrequency.reduce((sum, row) => sum + row.customers * (row[of] ?? 0), 0) / customers;
  const [actual, expected] = [mean('actual'), mean('expected')];
  if (actual === 0) {
    return ['Nobody came back in the back-test, so it cannot tell a good forecast from a bad one.'];
  }
  const off = expected / actual - 1;
  if (Math.abs(off) > 0.2) {
    warnings.push(
      `In the back-test of ${test.days} days the model expected ${Math.abs(off * 100).toFixed(0)} % ${off > 0 ? 'more' : 'fewer'} orders than came.`,
    );
  }
  const { sameRate, frequencyClassMean } = test.baselines;
  if (test.rmse > Math.min(sameRate.rmse, frequencyClassMean.rmse) * 1.02) {
    warnings.push('In the back-test a rule of thumb forecast better than the model: do not rely on it yet.');
  }
  return warnings;
}
