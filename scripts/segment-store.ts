/**
 * A store for one command: the order export in the sandbox's loader, read by the app's own import into a PostgreSQL
 * of its own, everything computed as of one day. Nothing of it is left when it is closed.
 */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type Clock } from '../app/clock.ts';
import { SANDBOX_SECRETS } from '../app/config.server.ts';
import { createPool } from '../app/db/pool.server.ts';
import { createDb, type Db, type ShopId } from '../app/db/tenancy.server.ts';
import { ensureShop } from '../app/intake/ensure-shop.server.ts';
import { runImport } from '../app/intake/import/run-import.server.ts';
import type { LocalDate } from '../app/local-date.ts';
import { createLog, type Log } from '../app/log.server.ts';
import { recomputeShop } from '../app/pipeline/recompute-shop.server.ts';
import { installPresets } from '../app/segments/install-presets.server.ts';
import { createAdminClient } from '../app/shopify/admin-clients.server.ts';
import { createFetchResult } from '../app/shopify/fetch-bulk-result.server.ts';
import { createShopifyFetch } from '../app/shopify/sandbox-hook.server.ts';
import { startSandbox, type Sandbox } from '../sandbox/server.ts';
import { APP_ROLE, ensureDatabase, prepareDatabase } from './database.ts';
import { startEmbeddedPostgres } from './postgres.ts';

const DOMAIN = 'export.myshopify.com';

export interface ExportStore {
  /** Its local day is the as-of date. */
  clock: Clock;
  currency: string;
  log: Log;
  /** Reads the whole store into a database and computes everything. */
  load(): Promise<{ db: Db; shopId: ShopId }>;
  emailOf(customerId: string): string;
  close(): Promise<void>;
}

/** @throws ExportFileError */
export async function openExportStore(options: {
  orders: string;
  asOf: LocalDate;
  timeZone: string;
}): Promise<ExportStore> {
  const { orders, asOf, timeZone } = options;
  const sandbox = await startSandbox({
    ...SANDBOX_SECRETS,
    fast: true,
    clock: { now: asOf, frozen: true },
    stores: [{ domain: DOMAIN, timeZone, plan: 'plus', seed: { orders, asRecorded: true, asOf } }],
  });
  const store = sandbox.stores.get(DOMAIN);
  if (!store) throw new TypeError('the sandbox has the store that it was started with');
  const clock: Clock = { now: () => sandbox.clock.now(), machineNow: () => systemClock.machineNow() };
  const log = createLog({ level: 'silent', process: 'segment' });
  const closing: (() => Promise<void>)[] = [() => sandbox.close()];
  return {
    clock,
    log,
    currency: store.shop.currency,
    async load() {
      const db = await openDatabase(closing);
      const { shopId } = await ensureShop(db, { domain: DOMAIN, now: clock.now() });
      await db.inShop(shopId, (tx) => installPresets(tx, clock.now()));
      await importAll({ db, shopId, sandbox, clock, log });
      return { db, shopId };
    },
    emailOf: (customerId) => store.customer(customerId)?.email ?? '',
    async close() {
      for (const close of closing.splice(0).reverse()) await close();
    },
  };
}

async function openDatabase(closing: (() => Promise<void>)[]): Promise<Db> {
  const server = await startEmbeddedPostgres({
    folder: path.join(tmpdir(), `regulars-segment-${process.pid}`, 'data'),
    throwaway: true,
  });
  closing.push(() => server.stop());
  const url = await ensureDatabase(server.superuserUrl(), 'regulars');
  const role = { name: APP_ROLE, password: randomBytes(18).toString('base64url') };
  const { appUrl } = await prepareDatabase(url, { role });
  const pool = createPool(appUrl, { max: 4, applicationName: 'segment' });
  closing.push(() => pool.end());
  return createDb(pool);
}

async function importAll(ctx: {
  db: Db;
  shopId: ShopId;
  sandbox: Sandbox;
  clock: Clock;
  log: Log;
}): Promise<void> {
  const { db, shopId, sandbox, clock, log } = ctx;
  const where = { sandboxUrl: sandbox.url, production: false };
  const admin = createAdminClient(
    {
      clock,
      log,
      tokens: { accessToken: () => Promise.resolve(sandbox.accessTokenFor(DOMAIN)) },
      fetch: createShopifyFetch(where),
    },
    DOMAIN,
  );
  const ended = await runImport(
    {
      db,
      admin,
      clock,
      log,
      fetchResult: createFetchResult(where),
      redactionKey: randomBytes(32),
      afterLoad: async (shop, onProgress) => {
        await recomputeShop({ db, clock, log }, shop, { cause: 'import', publish: 'force', onProgress });
      },
    },
    shopId,
  );
  if (ended.outcome === 'failed') throw new Error(ended.message);
}
