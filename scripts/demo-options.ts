/** The options of `npm run demo`, checked before anything is started: a wrong one is a sentence and exit 2. */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { isTimeZone, parseLocalDate } from '../app/local-date.ts';

export class OptionError extends Error {}

export interface DemoOptions {
  headless: boolean;
  drafts: boolean;
  reset: boolean;
  port: number;
  dumpCustomers: string | undefined;
  /** What the sandbox is started with. */
  sandboxArgs: string[];
  /** One line that says what store it is. */
  store: string;
}

export const USAGE = `npm run demo -- [options]
  --orders FILE            a Shopify order export, plain or .gz
  --customers N --seed S   a generated store instead (default 5,000 and 1)
  --as-recorded            leave the export's dates as they are (default: newest order = yesterday)
  --as-of DATE             the business clock stands at 12:00 of that day; later orders are not loaded
  --time-zone TZ           the shop's time zone (default UTC)
  --plan standard|advanced|plus
  --fast                   no real-time pace of bulk operations
  --drafts                 turn nothing on
  --headless               run to the end, print one JSON object, stop
  --dump-customers FILE    with --headless: the sandbox's final customers, a JSON line each
  --reset                  delete what earlier runs left in .data/demo first
  --port P                 first port to try (default 4600)`;

/**
 * @param from the folder that relative paths are counted from
 * @throws OptionError
 */
export function readDemoOptions(args: string[], from: string): DemoOptions {
  const values = parse(args);
  const sandboxArgs: string[] = [];
  let store: string;
  if (values.orders !== undefined) {
    if (values.customers !== undefined || values.seed !== undefined) {
      throw new OptionError(
        '--orders and --customers / --seed exclude each other: the store is loaded or generated',
      );
    }
    const file = path.resolve(from, values.orders);
    if (!existsSync(file)) throw new OptionError(`--orders: there is no file ${values.orders}`);
    if (!statSync(file).isFile()) throw new OptionError(`--orders: ${values.orders} is not a file`);
    sandboxArgs.push('--orders', file);
    store = `the orders of ${path.basename(file)}`;
  } else {
    const customers = wholeNumber('--customers', values.customers ?? '5000', 1, 1_000_000);
    const seed = wholeNumber('--seed', values.seed ?? '1', 0, 2 ** 31 - 1);
    if (values['as-recorded'])
      throw new OptionError('--as-recorded goes with --orders: a generated store has no recorded dates');
    sandboxArgs.push('--customers', String(customers), '--seed', String(seed));
    store = `a generated store of ${customers.toLocaleString('en')} customers (seed ${seed})`;
  }
  if (values['as-recorded']) sandboxArgs.push('--as-recorded');
  if (values['as-of'] !== undefined) {
    if (!parseLocalDate(values['as-of']))
      throw new OptionError(`--as-of: ${values['as-of']} is not a date like 2026-11-22`);
    sandboxArgs.push('--as-of', values['as-of']);
  }
  const timeZone = values['time-zone'] ?? 'UTC';
  if (!isTimeZone(timeZone))
    throw new OptionError(`--time-zone: ${timeZone} is not a time zone like Europe/Berlin`);
  sandboxArgs.push('--time-zone', timeZone);
  const plan = values.plan ?? 'standard';
  if (!['standard', 'advanced', 'plus'].includes(plan)) {
    throw new OptionError(`--plan: ${plan} is not one of standard, advanced, plus`);
  }
  sandboxArgs.push('--plan', plan);
  if (values.fast) sandboxArgs.push('--fast');
  const headless = values.headless ?? false;
  if (headless) sandboxArgs.push('--freeze');
  let dumpCustomers: string | undefined;
  if (values['dump-customers'] !== undefined) {
    if (!headless) throw new OptionError('--dump-customers goes with --headless: it writes the final state');
    dumpCustomers = path.resolve(from, values['dump-customers']);
    if (existsSync(dumpCustomers) && !statSync(dumpCustomers).isFile()) {
      throw new OptionError(`--dump-customers: ${values['dump-customers']} is not a file`);
    }
    if (!existsSync(path.dirname(dumpCustomers))) {
      throw new OptionError(`--dump-customers: there is no folder ${path.dirname(values['dump-customers'])}`);
    }
  }
  return {
    headless,
    drafts: values.drafts ?? false,
    reset: values.reset ?? false,
    port: wholeNumber('--port', values.port ?? '4600', 1, 65_000),
    dumpCustomers,
    sandboxArgs,
    store,
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: false,
      options: {
        orders: { type: 'string' },
        customers: { type: 'string' },
        seed: { type: 'string' },
        'as-recorded': { type: 'boolean' },
        'as-of': { type: 'string' },
        'time-zone': { type: 'string' },
        plan: { type: 'string' },
        fast: { type: 'boolean' },
        'dump-customers': { type: 'string' },
        drafts: { type: 'boolean' },
        headless: { type: 'boolean' },
        reset: { type: 'boolean' },
        port: { type: 'string' },
      },
    }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new OptionError(`${said.split(/\.? To specify|\n/)[0]}. npm run demo -- --help lists the options.`);
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    throw new OptionError(`${name}: ${text} is not a whole number from ${min} to ${max}`);
  }
  return value;
}
