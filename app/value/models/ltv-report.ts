/**
 * Everything `npm run ltv` says, from the purchase days of each customer: the fits, the predictions as of a day,
 * and the back-test. Pure: reading the file and writing the answer are the script's.
 *
 * With a calibration end, all is as of that day and the days after it are the hold-out. Without, all is as of the
 * last order's day, and a second fit on the first two thirds of the span is back-tested on the rest.
 */
import type { BackTest } from './back-test.ts';
import { amountOf, fitAmounts, type Amounts } from './fit-amounts.ts';
import { amountWarnings, backTestWarnings, purchaseWarnings, sampleWarnings } from './fit-warnings.ts';
import type { GammaGammaParams } from './gamma-gamma.ts';
import { tooLittle } from './minimum-data.ts';
import type { DayNumber } from './purchase-history.ts';
import { fitPurchaseModel, MODEL_NAMES, type ModelName, type PurchaseModel } from './purchase-model.ts';
import { scoreGroups, type Horizon } from './score-groups.ts';
import { spanOf, takeSample, type LtvCustomer, type Sample } from './take-sample.ts';
import { testAfter, testTwoThirds } from './test-forecast.ts';
import { DAYS_PER_UNIT, type TimeUnit } from './units.ts';

export interface LtvOptions extends Horizon {
  unit: TimeUnit;
  model: ModelName;
  /** Inclusive; null = the last order's day. */
  calibrationEnd: DayNumber | null;
}

export interface LtvRow {
  customer: string;
  x: number;
  /** In the time unit. */
  tx: number;
  T: number;
  zbar: number;
  alive: number;
  expectedOrders: number;
  expectedValue: number;
}

export interface FitSummary<Params> {
  params: Params;
  logLikelihood: number;
  converged: boolean;
}

export interface LtvReport {
  asOf: DayNumber;
  customers: number;
  repeatCustomers: number;
  models: Record<ModelName, FitSummary<Record<string, number>>>;
  gammaGamma: {
    params: GammaGammaParams | null;
    logLikelihood: number | null;
    n: number;
    spendFrequencyCorrelation: number | null;
    converged: boolean;
  };
  predictedBy: ModelName;
  holdout: BackTest | null;
  totals: { expectedOrders: number; expectedValue: number };
  warnings: string[];
  /** In the order of the customers given. */
  rows: LtvRow[];
}

export type LtvOutcome =
  | { outcome: 'report'; report: LtvReport }
  /** Too little data: a sentence. */
  | { outcome: 'nothing'; sentence: string };

/** @param customers each with at least one purchase day, which may lie after the calibration end */
export function reportLtv(customers: readonly LtvCustomer[], options: LtvOptions): LtvOutcome {
  const span = spanOf(customers);
  if (!span)
    return {
      outcome: 'nothing',
      sentence: tooLittle({ customers: 0, repeatCustomers: 0, spanDays: 0 }) ?? '',
    };
  const asOf = options.calibrationEnd ?? span.to;
  const sample = takeSample(customers, asOf, options.unit);
  const reason = tooLittle(sample.size);
  if (reason) return { outcome: 'nothing', sentence: reason };

  const fitted = MODEL_NAMES.map((name) => fitPurchaseModel(name, sample.groups.groups));
  const model = fitted.find((one) => one.name === options.model) as PurchaseModel;
  const amounts = fitAmounts(sample.summaries);
  const rows = predict(sample, model, amounts, options);
  const totals = rows.reduce(
    (sum, row) => ({
      expectedOrders: sum.expectedOrders + row.expectedOrders,
      expectedValue: sum.expectedValue + row.expectedValue,
    }),
    { expectedOrders: 0, expectedValue: 0 },
  );
  if (!Number.isFinite(totals.expectedOrders) || !Number.isFinite(totals.expectedValue)) {
    return {
      outcome: 'nothing',
      sentence: 'The predictions are not finite numbers: the data do not fit the model.',
    };
  }

  const warnings = [
    ...sampleWarnings(sample.size, sample.summaries, options.days),
    ...fitted.flatMap((one) => purchaseWarnings(one, one.name === model.name)),
    ...amountWarnings(amounts.fit, amounts.correlation),
  ];
  const holdout =
    options.calibrationEnd === null
      ? testTwoThirds(customers, span, options, warnings)
      : testAfter(sample, model, span, warnings);
  if (holdout) warnings.push(...backTestWarnings(holdout));

  return {
    outcome: 'report',
    report: {
      asOf,
      customers: sample.size.customers,
      repeatCustomers: sample.size.repeatCustomers,
      models: Object.fromEntries(fitted.map((one) => [one.name, summaryOf(one)])) as LtvReport['models'],
      gammaGamma: {
        params: amounts.fit?.params ?? null,
        logLikelihood: amounts.fit?.logLikelihood ?? null,
        n: amounts.n,
        spendFrequencyCorrelation: amounts.correlation,
        converged: amounts.fit?.converged ?? false,
      },
      predictedBy: model.name,
      holdout,
      totals,
      warnings,
      rows,
    },
  };
}

function predict(sample: Sample, model: PurchaseModel, amounts: Amounts, options: LtvOptions): LtvRow[] {
  const { groups, rowOf } = sample.groups;
  const scores = scoreGroups(model, groups, options);
  const perUnit = DAYS_PER_UNIT[groups.unit];
  return sample.summaries.map((one, i) => {
    const row = rowOf[i] as number;
    return {
      customer: (sample.members[i] as LtvCustomer).name,
      x: one.x,
      tx: one.txDays / perUnit,
      T: one.TDays / perUnit,
      zbar: one.zbar,
      alive: scores.alive[row] as number,
      expectedOrders: scores.orders[row] as number,
      expectedValue: (scores.discountedOrders[row] as number) * amountOf(amounts, one),
    };
  });
}

function summaryOf(model: PurchaseModel): FitSummary<Record<string, number>> {
  const { params, logLikelihood, converged } = model.fit;
  return { params, logLikelihood, converged };
}
