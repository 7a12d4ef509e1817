/** The options of `npm run segment`: a wrong one is a sentence and exit 2. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isTimeZone, parseLocalDate, type LocalDate } from '../app/local-date.ts';

export class SegmentOptionError extends Error {}

export interface SegmentCommand {
  orders: string;
  rule: string;
  asOf: LocalDate | null;
  timeZone: string;
  /** CSV to write, a row a member. */
  out: string | undefined;
}

export const USAGE = `npm run segment -- --orders FILE --rule RULE.json [options]
  --orders FILE     a Shopify order export, plain or .gz
  --rule RULE.json  a rule (docs/segments.md); money in major units of the file's currency
  --as-of DATE      the day that is meant; later orders are left aside (default: the day of the newest order)
  --time-zone TZ    whose days are meant (default UTC)
  --out MEMBERS.csv write a row for each member: e-mail address, then the values that the rule used`;

/**
 * @param from the folder that relative paths are counted from
 * @throws SegmentOptionError
 */
export function readSegmentOptions(args: string[], from: string): SegmentCommand {
  const values = parse(args);
  if (values.orders === undefined) {
    throw new SegmentOptionError('--orders FILE is needed: a Shopify order export');
  }
  if (values.rule === undefined) {
    throw new SegmentOptionError('--rule RULE.json is needed: a rule as docs/segments.md describes it');
  }
  const timeZone = values['time-zone'] ?? 'UTC';
  if (!isTimeZone(timeZone)) {
    throw new SegmentOptionError(`--time-zone: ${timeZone} is not a time zone like Europe/Berlin`);
  }
  const asOf = values['as-of'] === undefined ? null : parseLocalDate(values['as-of']);
  if (asOf === undefined) {
    throw new SegmentOptionError(`--as-of: ${values['as-of']} is not a date like 2026-11-22`);
  }
  return {
    orders: path.resolve(from, values.orders),
    rule: path.resolve(from, values.rule),
    asOf,
    timeZone,
    out: values.out === undefined ? undefined : path.resolve(from, values.out),
  };
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: false,
      options: { orders: text, rule: text, 'as-of': text, 'time-zone': text, out: text },
    }).values;
  } catch (error) {
    throw new SegmentOptionError(error instanceof Error ? error.message : String(error));
  }
}
