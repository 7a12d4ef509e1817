/** The values of a rule in words, with the numbers in force where the words stand for them. */
import { formatMoney } from '../money.ts';
import type { CutPoints } from '../value/cut-points.ts';
import { fieldOf } from './fields.ts';
import type { Field } from './field.ts';
import type { WhatKind } from './param.ts';
import type { Condition, Scalar } from './rule.ts';

export interface PrintOptions {
  /** ISO 4217 of the shop. */
  currency: string;
  /** Numbers in force. */
  cutPoints?: Pick<CutPoints, 'version' | 'rhythmDays' | 'spentPercentiles'>;
  /** False: there are none that segments may rest on, and conditions on them say so. */
  predictions?: boolean;
  /** Names of products, collections, segments and tiers by their id or key (of a step); without one that is shown. */
  names?: (kind: WhatKind | 'segment' | 'tiers', id: string) => string | undefined;
}

export function printValue(
  key: Condition['field'],
  value: Scalar | undefined,
  options: PrintOptions,
): string {
  const field: Field = fieldOf(key);
  if (value === undefined) return '';
  if (field.type === 'money') return printMoney(Number(value), options);
  if (field.type === 'percent') return `${String(value)} %`;
  return field.options?.find((option) => option.value === value)?.label ?? String(value);
}

export function printMoney(minor: number, { currency }: PrintOptions): string {
  return formatMoney(BigInt(Math.floor(minor)), currency);
}

/** " (more than €150.00)" behind a percentile whose amount is published; else nothing. */
export function formatBound(percent: Condition['value'], options: PrintOptions): string {
  const bound = options.cutPoints?.spentPercentiles[percent as 75];
  return typeof bound === 'number' ? ` (more than ${printMoney(bound, options)})` : '';
}

/** What the best customers spent more than; null: nobody bought yet; undefined: no numbers in force. */
export function valueLimit(options: PrintOptions): string | null | undefined {
  if (options.cutPoints === undefined) return undefined;
  const limit = options.cutPoints.spentPercentiles[80];
  return limit === null ? null : printMoney(limit, options);
}

/** "92 to 196 days ago"; undefined without numbers in force. */
export function rhythmDaysAgo(rhythm: Condition['value'], { cutPoints }: PrintOptions): string | undefined {
  if (cutPoints === undefined) return undefined;
  const [active, slowing, away] = cutPoints.rhythmDays.map(Math.floor) as [number, number, number];
  const days: Record<string, string> = {
    active: `at most ${active} days ago`,
    slowing: `${active + 1} to ${slowing} days ago`,
    away: `${slowing + 1} to ${away} days ago`,
    gone: `more than ${away} days ago`,
  };
  return days[String(rhythm)];
}

/** Behind a condition that cannot hold of anybody because there are no predictions; else nothing. */
export function missingPrediction({ field }: Condition, { predictions }: PrintOptions): string {
  const isMissing = predictions === false && fieldOf(field).source === 'prediction';
  return isMissing ? ' (predictions are not available yet)' : '';
}
