/**
 * One store's fit from grouped counts: the models, whether they may be used, the predictions' parameters, and the
 * report that shows how good they are. Pure and plain data in and out, so that it can run on a thread of its own.
 *
 * Money is in minor units of the store's currency, times are in days.
 */
import { backTest, type BackTest, type BackTestColumns } from './back-test.ts';
import { calibrationDeciles, type DecileRow } from './calibration-deciles.ts';
import { cumulativeOrders, type CumulativePoint } from './cumulative-orders.ts';
import {
  amountsUsable,
  amountWarnings,
  backTestWarnings,
  MINIMUM_AMOUNTS,
  MODEL_TITLES,
} from './fit-warnings.ts';
import {
  fitGammaGamma,
  spendFrequencyCorrelation,
  type GammaGammaFit,
  type GammaGammaParams,
  type SpendColumns,
} from './gamma-gamma.ts';
import { groupCustomers, type CustomerColumns } from './grouped-customers.ts';
import type { BetaGeometricParams } from './beta-geometric.ts';
import { notYetTrusted, tooLittle, TRUSTED, type SampleSize } from './minimum-data.ts';
import type { DayNumber } from './purchase-history.ts';
import { fitPurchaseModel, MODEL_NAMES, type ModelName, type PurchaseModel } from './purchase-model.ts';
import { scoreGroups } from './score-groups.ts';
import { YEAR, type Days } from './units.ts';

type Weighted<Columns> = Columns & { weight: ArrayLike<number> };

export interface StoreFitInput {
  customers: Weighted<CustomerColumns>;
  spend: Weighted<SpendColumns>;
  size: SampleSize;
  /** Share of orders that are subscription renewals, which are left out. */
  renewalShare: number;
  /** Counted purchase days of the last 365 days, all customers, first ones too. */
  lastYear: number;
  /** Null where the first two thirds of the time hold too little. */
  holdout: {
    days: number;
    customers: Weighted<CustomerColumns>;
    actual: ArrayLike<number>;
    classMeans: readonly (number | null)[];
  } | null;
  daily: {
    newcomers: readonly (readonly [number, number])[];
    repeats: readonly (readonly [number, number])[];
  };
  span: { from: number; to: number };
}

/** What is compared, of each model. */
export interface ModelReport {
  params: Record<string, number>;
  standardErrors: Record<string, number> | null;
  /** Of the rows that all models were fitted on. */
  logLikelihood: number;
  converged: boolean;
  holdout: Pick<BackTest, 'mae' | 'rmse' | 'bias' | 'topDecileCapture'> | null;
}

export interface StoreFitReport {
  models: Record<ModelName, ModelReport>;
  amounts: Pick<GammaGammaFit, 'params' | 'standardErrors' | 'logLikelihood' | 'converged' | 'sample'> | null;
  spendFrequencyCorrelation: number | null;
  holdout: BackTest | null;
  /** Of the hold-out; absent in reports of before. */
  deciles?: DecileRow[];
  cumulative: CumulativePoint[];
  /** Customers that the comparison of the models was made on; fewer than all where Pareto/NBD would take minutes. */
  comparedOn: number;
}

export type StoreFit =
  /** May be published. */
  | ({ verdict: 'good' } & FittedStore)
  /** Computed and shown, but the last good one stays in force. */
  | ({ verdict: 'implausible'; reason: string } & FittedStore)
  | { verdict: 'too_little'; reason: string };

export interface FittedStore {
  model: ModelName;
  params: BetaGeometricParams;
  logLikelihood: number;
  /** Null: `meanAmount` stands for every customer. */
  amounts: GammaGammaParams | null;
  meanAmount: number;
  /** Enough customers for segments that rest on predictions. */
  trusted: boolean;
  warnings: string[];
  report: StoreFitReport;
}

/** Distinct rows above which the comparison is made on a sample: Pareto/NBD costs a hundred times as much. */
const COMPARED_ROWS = 10_000;
const POINTS = 60;
/** More than this share of renewals, and the models describe a minority of the orders. */
const MOSTLY_RENEWALS = 0.5;

export function fitStore(input: StoreFitInput): StoreFit {
  const reason = tooLittle(input.size);
  if (reason) return { verdict: 'too_little', reason };
  const { groups } = groupCustomers(input.customers, 'day');
  const model = fitPurchaseModel('mbgnbd', groups);
  if (model.name !== 'mbgnbd') throw new TypeError('MBG/NBD predicts');
  const paying = countPaying(input.spend);
  const amounts = paying >= MINIMUM_AMOUNTS ? fitGammaGamma(input.spend) : null;
  const correlation = spendFrequencyCorrelation(input.spend);
  const tested = testOn(input, 'mbgnbd');
  const holdout = tested?.test ?? null;
  const warnings = [
    ...present(notYetTrusted(input.size)),
    ...present(renewals(input.renewalShare)),
    ...amountWarnings(amounts, correlation),
    ...(holdout
      ? backTestWarnings(holdout)
      : ['There is no back-test: the first two thirds of the time hold too little.']),
  ];
  const fitted: FittedStore = {
    model: 'mbgnbd',
    params: model.fit.params,
    logLikelihood: model.fit.logLikelihood,
    amounts: amountsUsable(amounts) ? amounts.params : null,
    meanAmount: meanAmount(input.spend),
    trusted:
      input.size.customers >= TRUSTED.customers && input.size.repeatCustomers >= TRUSTED.repeatCustomers,
    warnings,
    report: {
      ...compare(input),
      amounts: amounts && {
        params: amounts.params,
        standardErrors: amounts.standardErrors,
        logLikelihood: amounts.logLikelihood,
        converged: amounts.converged,
        sample: amounts.sample,
      },
      spendFrequencyCorrelation: correlation,
      holdout,
      deciles: tested?.deciles() ?? [],
      cumulative: cumulative(input, model),
    },
  };
  const doubt = implausible(input, model);
  return doubt ? { verdict: 'implausible', reason: doubt, ...fitted } : { verdict: 'good', ...fitted };
}

/** Why a fit must not be put in force, as a sentence; undefined when it may. */
function implausible(input: StoreFitInput, model: PurchaseModel): string | undefined {
  if (input.renewalShare > MOSTLY_RENEWALS) {
    return 'Most orders are subscription renewals, which come by contract and not by choice: the models do not apply.';
  }
  const { fit } = model;
  if (!fit.converged) {
    const on = fit.atEdge.length > 0 ? ` (the data do not settle ${fit.atEdge.join(' and ')})` : '';
    return `${MODEL_TITLES[model.name]} did not converge${on}.`;
  }
  const { groups } = groupCustomers(input.customers, 'day');
  const { orders } = scoreGroups(model, groups, { days: YEAR, annualRate: 0 });
  const expected = orders.reduce((sum, each, row) => sum + each * (groups.weights[row] as number), 0);
  if (!Number.isFinite(expected)) return 'The expected orders are not finite numbers.';
  // Those who are customers already order less and less; twice what everybody bought last year is no forecast.
  if (expected > 2 * input.lastYear + 10) {
    return `It expects ${Math.round(expected)} orders in a year from customers of whom all ordered ${input.lastYear} times in the last one.`;
  }
  return undefined;
}

function testOn(
  input: StoreFitInput,
  name: ModelName,
  every = 1,
): { test: BackTest; deciles: () => DecileRow[] } | null {
  if (!input.holdout) return null;
  const { days, classMeans } = input.holdout;
  const columns = thin({ ...input.holdout.customers, actual: input.holdout.actual }, every);
  const { groups, rowOf } = groupCustomers(columns, 'day');
  const model = fitPurchaseModel(name, groups);
  const { orders } = scoreGroups(model, groups, { days: days as Days, annualRate: 0 });
  const test: BackTestColumns = {
    ...columns,
    expected: Float64Array.from(rowOf, (row) => orders[row] as number),
    classMeans,
  };
  return {
    test: backTest(test, days),
    deciles: () => calibrationDeciles(test.expected, test.actual, test.weight),
  };
}

/** All three models on the same rows, by likelihood and by hold-out. */
function compare(input: StoreFitInput): Pick<StoreFitReport, 'models' | 'comparedOn'> {
  const rows = Math.max(input.customers.x.length, input.holdout?.customers.x.length ?? 0);
  const every = Math.max(1, Math.ceil(rows / COMPARED_ROWS));
  const { groups } = groupCustomers(thin(input.customers, every), 'day');
  const models = MODEL_NAMES.map((name) => {
    const { fit } = fitPurchaseModel(name, groups);
    const test = testOn(input, name, every)?.test;
    const report: ModelReport = {
      params: fit.params,
      standardErrors: fit.standardErrors,
      logLikelihood: fit.logLikelihood,
      converged: fit.converged,
      holdout: test
        ? {
            mae: test.mae,
            rmse: test.rmse,
            bias: test.bias,
            topDecileCapture: test.topDecileCapture,
          }
        : null,
    };
    return [name, report] as const;
  });
  return {
    models: Object.fromEntries(models) as Record<ModelName, ModelReport>,
    comparedOn: groups.customers,
  };
}

/** Every so-manieth row of columns of equal length. */
function thin<Columns extends object>(columns: Columns, every: number): Columns {
  if (every === 1) return columns;
  const thinned = Object.entries(columns).map(([name, column]) => [
    name,
    Array.from(column as ArrayLike<number>).filter((_, i) => i % every === 0),
  ]);
  return Object.fromEntries(thinned) as Columns;
}

function cumulative(input: StoreFitInput, model: PurchaseModel): CumulativePoint[] {
  const { from, to } = input.span;
  const daily = {
    newcomers: new Map(input.daily.newcomers as [DayNumber, number][]),
    repeats: new Map(input.daily.repeats as [DayNumber, number][]),
  };
  const step = Math.max(1, Math.ceil((to - from) / POINTS));
  return cumulativeOrders(model, 'day', daily, { from: from as DayNumber, to: to as DayNumber, step });
}

function countPaying({ x, zbar, weight }: StoreFitInput['spend']): number {
  let count = 0;
  for (let i = 0; i < x.length; i++) if ((zbar[i] as number) > 0) count += weight[i] as number;
  return count;
}

function meanAmount({ x, zbar, weight }: StoreFitInput['spend']): number {
  let [sum, days] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const n = (x[i] as number) * (weight[i] as number);
    sum += n * (zbar[i] as number);
    days += n;
  }
  return days > 0 ? sum / days : 0;
}

function renewals(share: number): string | undefined {
  return share > 0.1
    ? `${(share * 100).toFixed(0)} % of the orders are subscription renewals. They come by contract and are left out, so expected orders are those on top of them.`
    : undefined;
}

function present(sentence: string | undefined): string[] {
  return sentence === undefined ? [] : [sentence];
}
