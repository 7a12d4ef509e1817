/**
 * Starts a sandbox: stores are filled first, then the server listens, then the parts that follow changes begin,
 * so seeding sends no webhook. Several sandboxes may run in one process.
 */
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parse as parseToml } from 'smol-toml';
import { isTimeZone } from '../app/local-date.ts';
import { Access } from './access/access.ts';
import { BulkRunner } from './bulk/bulk-runner.ts';
import { StagedUploads } from './bulk/staged-uploads.ts';
import { BusinessClock, parseClockTime } from './clock.ts';
import { Control } from './control/control.ts';
import { Faults } from './faults/faults.ts';
import { adminApiRoutes } from './graphql/admin-route.ts';
import { ApiLog } from './graphql/api-log.ts';
import { adminSchema } from './graphql/schema.ts';
import { startSearchIndex } from './graphql/search-index.ts';
import { createHttpServer } from './http/serve.ts';
import type { HttpLimits } from './http/serve.ts';
import type { Route } from './http/route.ts';
import { SandboxOptionError } from './option-error.ts';
import { createPlugins, fixedRoutes } from './routes.ts';
import type { Sandbox, SandboxPlugin } from './sandbox.ts';
import { seedStore } from './seed/seed-store.ts';
import type { Seed } from './seed/seed-store.ts';
import type { PlanName, SandboxShop } from './store/model.ts';
import { Store } from './store/store.ts';

export { SandboxOptionError } from './option-error.ts';
export type { Sandbox } from './sandbox.ts';

export interface StoreOptions {
  /** "NAME.myshopify.com" */
  domain: string;
  /** IANA; UTC unless told. */
  timeZone?: string;
  /** ISO 4217, for generated and empty stores; an export brings its own. USD unless told. */
  currency?: string;
  plan?: PlanName;
  seed: Seed;
}

export interface SandboxOptions {
  /** 0 or nothing: any free port. */
  port?: number;
  /** Loopback unless told: the secrets of a sandbox are published. */
  host?: string;
  /** The name in the sandbox's own links; 127.0.0.1 unless told. It answers to others, too. */
  hostName?: string;
  /** Patience with slow senders; for tests. */
  httpLimits?: HttpLimits;
  apiKey: string;
  apiSecret: string;
  appUrl?: string;
  /** Path of shopify.app.toml. */
  appConfig?: string;
  /** No real-time pace; for tests only. */
  fast?: boolean;
  /** `now`: an ISO instant or a date (12:00 in the first store's time zone). */
  clock?: { now?: string; frozen?: boolean };
  stores: readonly StoreOptions[];
}

const DEFAULT_SCOPES = [
  'read_customers', 'write_customers', 'read_orders', 'read_all_orders', 'read_products',
  'write_discounts', 'read_customer_merge', 'write_customer_merge', 'write_orders', 'write_products',
  'read_discounts', 'read_reports',
]; // prettier-ignore

/** @throws SandboxOptionError; ExportFileError when an order export is bad (no store exists then) */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const clock = createClock(options);
  adminSchema();
  const stores = new Map<string, Store>();
  for (const [index, storeOptions] of options.stores.entries()) {
    const shop = describeShop(storeOptions, index);
    if (stores.has(shop.domain)) throw new SandboxOptionError(`There are two stores ${shop.domain}.`);
    const store = await seedStore(shop, clock, storeOptions.seed);
    startSearchIndex(store, options.fast ?? false);
    stores.set(shop.domain, store);
  }

  const { apiKey, apiSecret } = options;
  const access = new Access({ apiKey, apiSecret, scopes: readScopes(options.appConfig), clock });
  let routes: readonly Route[] = [];
  const server = createHttpServer(
    () => routes,
    () => sandbox,
    options.httpLimits,
  );
  const port = await listen(server, options);
  const plugins: SandboxPlugin[] = [];
  /** How each store was made, for `reset`; the number makes its id. */
  const origins = new Map(options.stores.map((store, index) => [store.domain, { store, index }]));
  let made = options.stores.length;
  const sandbox: Sandbox = {
    url: `http://${options.hostName ?? '127.0.0.1'}:${port}`,
    port,
    apiKey,
    apiSecret,
    appUrl: options.appUrl?.replace(/\/+$/, ''),
    appConfig: options.appConfig,
    fast: options.fast ?? false,
    clock,
    stores,
    access,
    apiLog: new ApiLog(),
    faults: new Faults(),
    get control() {
      return control;
    },
    plugins,
    accessTokenFor: (domain) => access.issue(domain, { expiring: false }).access_token,
    sessionTokenFor: (domain) => access.sessionTokenFor(domain),
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await control.close();
      await bulk.close();
      await uploads.close();
      for (const plugin of plugins) await plugin.close?.();
      await closed;
    },
  };
  const uploads = new StagedUploads(() => sandbox.url);
  const bulk = new BulkRunner(sandbox, uploads);
  const make = async ({ store, index }: { store: StoreOptions; index: number }) =>
    seedStore(describeShop(store, index), clock, store.seed);
  const control = new Control(sandbox, bulk, uploads, {
    async make(wanted) {
      const origin = { store: wanted, index: made++ };
      const store = await make(origin);
      return {
        store,
        add() {
          startSearchIndex(store, options.fast ?? false);
          stores.set(wanted.domain, store);
          origins.set(wanted.domain, origin);
        },
      };
    },
    again: async (domain) => {
      const origin = origins.get(domain);
      return origin && make(origin);
    },
  });
  try {
    plugins.push(...createPlugins(sandbox));
  } catch (error) {
    await sandbox.close();
    throw error;
  }
  routes = [
    ...adminApiRoutes(uploads, bulk),
    ...fixedRoutes,
    ...plugins.flatMap((plugin) => plugin.routes ?? []),
  ];
  return sandbox;
}

function createClock(options: SandboxOptions): BusinessClock {
  const [first] = options.stores;
  const zone = first?.timeZone ?? 'UTC';
  if (!isTimeZone(zone)) throw new SandboxOptionError(`${zone} is not a time zone.`);
  const asOf = first && 'orders' in first.seed ? first.seed.asOf : undefined;
  const text = options.clock?.now ?? asOf;
  const now = text === undefined ? undefined : parseClockTime(text, zone);
  if (text !== undefined && !now) throw new SandboxOptionError(`${text} is neither a date nor an instant.`);
  return new BusinessClock({ now, frozen: options.clock?.frozen ?? asOf !== undefined });
}

function describeShop(options: StoreOptions, index: number): SandboxShop {
  const { domain, timeZone = 'UTC', currency = 'USD', plan = 'standard' } = options;
  if (!/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/.test(domain)) {
    throw new SandboxOptionError(`${domain} is not a store's address such as demo.myshopify.com.`);
  }
  if (!isTimeZone(timeZone)) throw new SandboxOptionError(`${timeZone} is not a time zone.`);
  if (!/^[A-Z]{3}$/.test(currency)) throw new SandboxOptionError(`${currency} is not a currency.`);
  const name = domain.replace(/\.myshopify\.com$/, '');
  return {
    domain,
    id: String(70_000_000_001 + index),
    name: name.replace(
      /(^|-)([a-z])/g,
      (_, dash: string, letter: string) => (dash ? ' ' : '') + letter.toUpperCase(),
    ),
    email: `owner@${name}.example`,
    currency,
    ianaTimezone: timeZone,
    countryCode: 'US',
    plan,
  };
}

function readScopes(appConfig: string | undefined): string[] {
  if (appConfig === undefined) return DEFAULT_SCOPES;
  const parsed = parseToml(readFileSync(appConfig, 'utf8')) as { access_scopes?: { scopes?: string } };
  const scopes = parsed.access_scopes?.scopes?.split(',').map((scope) => scope.trim());
  return scopes?.filter(Boolean) ?? DEFAULT_SCOPES;
}

async function listen(server: Server, options: SandboxOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', () => resolve());
  });
  return (server.address() as AddressInfo).port;
}
