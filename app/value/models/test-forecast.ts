/** Back-tests of a whole store; why there is none goes to the warnings. */
import { backTest, classMeans, type BackTest } from './back-test.ts';
import { tooLittle } from './minimum-data.ts';
import { countUntil, type DayNumber } from './purchase-history.ts';
import { fitPurchaseModel, type ModelName, type PurchaseModel } from './purchase-model.ts';
import { scoreGroups } from './score-groups.ts';
import { takeSample, type LtvCustomer, type Sample, type Span } from './take-sample.ts';
import type { Days, TimeUnit } from './units.ts';

/** A fit of its own on the first two thirds of the span, tested on the rest. */
export function testTwoThirds(
  customers: readonly LtvCustomer[],
  span: Span,
  options: { model: ModelName; unit: TimeUnit },
  warnings: string[],
): BackTest | null {
  const split = (span.from + Math.floor((2 * (span.to - span.from)) / 3)) as DayNumber;
  const sample = takeSample(customers, split, options.unit);
  const reason = tooLittle(sample.size);
  if (reason) {
    warnings.push(`There is no back-test: in the first two thirds of the time, ${lower(reason)}`);
    return null;
  }
  return testAfter(sample, fitPurchaseModel(options.model, sample.groups.groups), span, warnings);
}

/** The model, fitted up to the sample's day, against the days after it. */
export function testAfter(
  sample: Sample,
  model: PurchaseModel,
  span: Span,
  warnings: string[],
): BackTest | null {
  const days = span.to - sample.asOf;
  if (days < 1) {
    warnings.push('There is no back-test: no order lies after the calibration end.');
    return null;
  }
  const { groups, rowOf } = sample.groups;
  const { orders } = scoreGroups(model, groups, { days: days as Days, annualRate: 0 });
  const purchases = sample.members.map((one) => one.purchases);
  return backTest(
    {
      x: sample.summaries.map((one) => one.x),
      TDays: sample.summaries.map((one) => one.TDays),
      expected: Float64Array.from(rowOf, (row) => orders[row] as number),
      actual: purchases.map((one) => one.days.length - countUntil(one.days, sample.asOf)),
      classMeans: classMeans(purchases, { from: span.from, to: sample.asOf }, days),
    },
    days,
  );
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
