/** The command line of the sandbox's process: every option is checked before anything starts. */
import path from 'node:path';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SANDBOX_SECRETS } from '../app/config.server.ts';
import { isTimeZone, parseLocalDate } from '../app/local-date.ts';
import { SandboxOptionError } from './option-error.ts';
import type { Seed } from './seed/seed-store.ts';
import type { SandboxOptions } from './server.ts';
import type { PlanName } from './store/model.ts';

const DEFAULT_DOMAIN = 'regulars-demo.myshopify.com';
const DEFAULT_CUSTOMERS = 5000;
const MAX_CUSTOMERS = 1_000_000;

export interface StartOptions extends SandboxOptions {
  /** Nothing but the JSON is printed. */
  json: boolean;
  orders: string | undefined;
}

/** @throws SandboxOptionError */
export function readOptions(argv: string[]): StartOptions {
  const { values } = parse(argv);
  const timeZone = values['time-zone'] ?? 'UTC';
  if (!isTimeZone(timeZone)) throw new SandboxOptionError(`--time-zone: ${timeZone} is not a time zone.`);
  const plan = values.plan ?? 'standard';
  if (!isPlan(plan)) throw new SandboxOptionError('--plan must be standard, advanced or plus.');
  const asOf = values['as-of'];
  if (asOf !== undefined && !parseLocalDate(asOf)) {
    throw new SandboxOptionError(`--as-of: ${asOf} is not a date such as 2026-11-22.`);
  }
  // A path is counted from where the command was called, not from where the launcher runs it.
  const from = process.env['REGULARS_CALLED_FROM'] ?? process.cwd();
  const orders = values.orders === undefined ? undefined : path.resolve(from, values.orders);
  if (orders !== undefined && (values.customers !== undefined || values.seed !== undefined)) {
    throw new SandboxOptionError('--orders cannot be given together with --customers or --seed.');
  }
  if (orders === undefined && values['as-recorded']) {
    throw new SandboxOptionError('--as-recorded needs --orders.');
  }
  if (orders !== undefined && !existsSync(orders)) {
    throw new SandboxOptionError(`--orders: there is no file ${values.orders}.`);
  }
  const appConfig = values['app-config'];
  if (appConfig !== undefined && !existsSync(appConfig)) {
    throw new SandboxOptionError(`--app-config: there is no file ${appConfig}.`);
  }
  const seed: Seed =
    orders === undefined
      ? {
          customers: wholeNumber('--customers', values.customers, DEFAULT_CUSTOMERS, 0, MAX_CUSTOMERS),
          seed: wholeNumber('--seed', values.seed, 1, 0, Number.MAX_SAFE_INTEGER),
        }
      : { orders, asRecorded: values['as-recorded'] ?? false, asOf };
  return {
    json: values.json ?? false,
    orders,
    hostName: hostName(values['host-name']),
    port: wholeNumber('--port', values.port, 0, 0, 65_535),
    apiKey: SANDBOX_SECRETS.apiKey,
    apiSecret: SANDBOX_SECRETS.apiSecret,
    appUrl: values['app-url'],
    appConfig,
    fast: values.fast ?? false,
    clock: { now: asOf, frozen: (values.freeze ?? false) || asOf !== undefined },
    stores: [{ domain: values.domain ?? DEFAULT_DOMAIN, timeZone, plan, seed }],
  };
}

function parse(argv: string[]) {
  try {
    return parseArgs({
      args: argv,
      options: {
        port: { type: 'string' },
        orders: { type: 'string' },
        customers: { type: 'string' },
        seed: { type: 'string' },
        'as-recorded': { type: 'boolean' },
        'as-of': { type: 'string' },
        'time-zone': { type: 'string' },
        plan: { type: 'string' },
        fast: { type: 'boolean' },
        freeze: { type: 'boolean' },
        'app-url': { type: 'string' },
        'app-config': { type: 'string' },
        domain: { type: 'string' },
        'host-name': { type: 'string' },
        json: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new SandboxOptionError(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(
  name: string,
  text: string | undefined,
  preset: number,
  least: number,
  most: number,
): number {
  if (text === undefined) return preset;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw new SandboxOptionError(`${name} must be a whole number from ${least} to ${most}.`);
  }
  return number;
}

/** The name in links: a browser that shows the app at localhost wants its frame there, too. */
function hostName(text: string | undefined): string | undefined {
  if (text === undefined || text === 'localhost' || text === '127.0.0.1') return text;
  throw new SandboxOptionError('--host-name must be localhost or 127.0.0.1.');
}

function isPlan(text: string): text is PlanName {
  return text === 'standard' || text === 'advanced' || text === 'plus';
}
