/** What an order will be worth: Gamma-Gamma where it can be used, else the mean of all repeat amounts. */
import { amountsUsable, MINIMUM_AMOUNTS } from './fit-warnings.ts';
import {
  expectedAmount,
  fitGammaGamma,
  spendFrequencyCorrelation,
  type GammaGammaFit,
} from './gamma-gamma.ts';
import type { PurchaseSummary } from './purchase-history.ts';

export interface Amounts {
  fit: GammaGammaFit | null;
  n: number;
  correlation: number | null;
  /** Stands for E(M) where the model cannot be used. */
  mean: number;
}

export function fitAmounts(summaries: readonly PurchaseSummary[]): Amounts {
  const columns = { x: summaries.map((one) => one.amountDays), zbar: summaries.map((one) => one.zbar) };
  const used = summaries.filter((one) => one.amountDays > 0 && one.zbar > 0);
  const days = used.reduce((sum, one) => sum + one.amountDays, 0);
  return {
    fit: used.length >= MINIMUM_AMOUNTS ? fitGammaGamma(columns) : null,
    n: used.length,
    correlation: spendFrequencyCorrelation(columns),
    mean: days > 0 ? used.reduce((sum, one) => sum + one.amountDays * one.zbar, 0) / days : 0,
  };
}

/** E(M | x, zbar) of one customer. */
export function amountOf({ fit, mean }: Amounts, one: Pick<PurchaseSummary, 'amountDays' | 'zbar'>): number {
  return amountsUsable(fit) ? expectedAmount(fit.params, one.amountDays, one.zbar) : mean;
}
