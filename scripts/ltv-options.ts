/** The options of `npm run ltv`: a wrong one is a sentence and exit 2. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isTimeZone, parseLocalDate, type LocalDate } from '../app/local-date.ts';
import { MODEL_NAMES, type ModelName } from '../app/value/models/purchase-model.ts';
import type { Days, TimeUnit } from '../app/value/models/units.ts';

export class LtvOptionError extends Error {}

export interface LtvCommand {
  orders: string;
  calibrationEnd: LocalDate | null;
  unit: TimeUnit;
  model: ModelName;
  horizon: Days;
  annualRate: number;
  countZeroOrders: boolean;
  timeZone: string;
  /** CSV to write, a row a customer. */
  customers: string | undefined;
}

export const USAGE = `npm run ltv -- --orders FILE [options]
  --orders FILE               a Shopify order export, plain or .gz
  --calibration-end DATE      fit up to this day, inclusive, and test on the days after it
                              (default: fit all; test on the last third of the time)
  --time-unit day|week        unit of t_x, T and the parameters (default day)
  --model mbgnbd|bgnbd|pareto the model that predicts (default mbgnbd); all are fitted
  --horizon-days N            how far to look ahead (default 365)
  --discount-rate-annual R    0.1 is ten per cent a year (default 0)
  --zero-orders skip|count    whether paid orders with a total of 0 count (default skip)
  --time-zone TZ              whose days are meant (default UTC)
  --customers OUT.csv         write a row for each customer`;

const WORDS = {
  'time-unit': ['day', 'week'],
  model: MODEL_NAMES,
  'zero-orders': ['skip', 'count'],
} as const;

/**
 * @param from the folder that relative paths are counted from
 * @throws LtvOptionError
 */
export function readLtvOptions(args: string[], from: string): LtvCommand {
  const values = parse(args);
  if (values.orders === undefined)
    throw new LtvOptionError('--orders FILE is needed: a Shopify order export');
  const timeZone = values['time-zone'] ?? 'UTC';
  if (!isTimeZone(timeZone)) {
    throw new LtvOptionError(`--time-zone: ${timeZone} is not a time zone like Europe/Berlin`);
  }
  return {
    orders: path.resolve(from, values.orders),
    calibrationEnd: readDay(values['calibration-end']),
    unit: oneOf('time-unit', values['time-unit'] ?? 'day'),
    model: oneOf('model', values.model ?? 'mbgnbd'),
    horizon: readHorizon(values['horizon-days'] ?? '365'),
    annualRate: readRate(values['discount-rate-annual'] ?? '0'),
    countZeroOrders: oneOf('zero-orders', values['zero-orders'] ?? 'skip') === 'count',
    timeZone,
    customers: values.customers === undefined ? undefined : path.resolve(from, values.customers),
  };
}

function parse(args: string[]) {
  try {
    const text = { type: 'string' } as const;
    return parseArgs({
      args,
      allowPositionals: false,
      options: {
        orders: text,
        'calibration-end': text,
        'time-unit': text,
        model: text,
        'horizon-days': text,
        'discount-rate-annual': text,
        'zero-orders': text,
        'time-zone': text,
        customers: text,
      },
    }).values;
  } catch (error) {
    throw new LtvOptionError(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<Name extends keyof typeof WORDS>(name: Name, text: string): (typeof WORDS)[Name][number] {
  const words: readonly string[] = WORDS[name];
  if (words.includes(text)) return text as (typeof WORDS)[Name][number];
  throw new LtvOptionError(`--${name}: ${text} is not one of ${words.join(', ')}`);
}

function readDay(text: string | undefined): LocalDate | null {
  if (text === undefined) return null;
  const date = parseLocalDate(text);
  if (date) return date;
  throw new LtvOptionError(`--calibration-end: ${text} is not a date like 1997-09-30`);
}

function readHorizon(text: string): Days {
  const days = Number(text);
  if (/^\d+$/.test(text) && days >= 1 && days <= 36_500) return days as Days;
  throw new LtvOptionError(`--horizon-days: ${text} is not a whole number of days from 1 to 36500`);
}

function readRate(text: string): number {
  const rate = Number(text);
  if (/^\d*\.?\d+$/.test(text) && rate <= 10) return rate;
  throw new LtvOptionError(
    `--discount-rate-annual: ${text} is not a rate from 0 to 10; ten per cent is written 0.1`,
  );
}
