/**
 * The sandbox as a process:
 *   node sandbox/start.ts [--port P] [--orders FILE | --customers N --seed S] [--as-recorded] [--as-of DATE]
 *     [--time-zone TZ] [--plan standard|advanced|plus] [--fast] [--freeze] [--app-url URL]
 *     [--app-config shopify.app.toml] [--domain NAME.myshopify.com] [--json]
 * When it is ready the last line of stdout is JSON: {"address","shop","accessToken","apiKey","apiSecret"}.
 * A bad option or file: one sentence on stderr and exit 2. SIGTERM and SIGINT end it at once.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SANDBOX_SECRETS } from '../app/config.server.ts';
import { ExportFileError } from '../app/intake/export/export-file-error.ts';
import { isTimeZone, parseLocalDate } from '../app/local-date.ts';
import type { Seed } from './seed/seed-store.ts';
import { SandboxOptionError, startSandbox } from './server.ts';
import type { SandboxOptions } from './server.ts';
import type { PlanName } from './store/model.ts';

const DEFAULT_DOMAIN = 'regulars-demo.myshopify.com';
const DEFAULT_CUSTOMERS = 5000;
const MAX_CUSTOMERS = 1_000_000;

function readOptions(argv: string[]): SandboxOptions & { json: boolean; orders: string | undefined } {
  const { values } = parse(argv);
  const timeZone = values['time-zone'] ?? 'UTC';
  if (!isTimeZone(timeZone)) throw new SandboxOptionError(`--time-zone: ${timeZone} is not a time zone.`);
  const plan = values.plan ?? 'standard';
  if (!isPlan(plan)) throw new SandboxOptionError('--plan must be standard, advanced or plus.');
  const asOf = values['as-of'];
  if (asOf !== undefined && !parseLocalDate(asOf)) {
    throw new SandboxOptionError(`--as-of: ${asOf} is not a date such as 2026-11-22.`);
  }
  const { orders } = values;
  if (orders !== undefined && (values.customers !== undefined || values.seed !== undefined)) {
    throw new SandboxOptionError('--orders cannot be given together with --customers or --seed.');
  }
  if (orders === undefined && values['as-recorded']) {
    throw new SandboxOptionError('--as-recorded needs --orders.');
  }
  if (orders !== undefined && !existsSync(orders)) {
    throw new SandboxOptionError(`--orders: there is no file ${orders}.`);
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

function isPlan(text: string): text is PlanName {
  return text === 'standard' || text === 'advanced' || text === 'plus';
}

/** The sentence for a fault that a person made; undefined for a fault of ours. */
function explain(error: unknown, orders: string | undefined): string | undefined {
  if (error instanceof ExportFileError) return `${orders ?? 'The file'}: ${error.message}`;
  if (error instanceof SandboxOptionError) return error.message;
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EADDRINUSE') return '--port: this port is in use.';
  if (code === 'EACCES') return '--port: this port may not be used.';
  return undefined;
}

async function main(): Promise<void> {
  let orders: string | undefined;
  try {
    const options = readOptions(process.argv.slice(2));
    orders = options.orders;
    const sandbox = await startSandbox(options);
    const stop = () => {
      setTimeout(() => process.exit(1), 4000).unref();
      void sandbox.close().then(() => process.exit(0));
    };
    process.once('SIGTERM', stop);
    process.once('SIGINT', stop);
    const [store] = sandbox.stores.values();
    const shop = store?.shop.domain ?? '';
    if (!options.json && store) {
      process.stderr.write(
        `Sandbox ${sandbox.url}: ${shop}, ${store.customerCount()} customers, ${store.orderCount()} orders\n`,
      );
    }
    process.stdout.write(
      `${JSON.stringify({
        address: sandbox.url,
        shop,
        // For scripts; the app is installed when somebody opens it.
        accessToken: sandbox.access.issue(shop, { expiring: false, install: false }).access_token,
        apiKey: sandbox.apiKey,
        apiSecret: sandbox.apiSecret,
      })}\n`,
    );
  } catch (error) {
    const sentence = explain(error, orders);
    process.stderr.write(`${sentence ?? (error instanceof Error ? error.stack : String(error))}\n`);
    process.exit(sentence === undefined ? 1 : 2);
  }
}

await main();
