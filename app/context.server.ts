/**
 * The one place that builds what functions are given. Web and worker call it once; tests build their own.
 * Nothing is kept in module variables, so two contexts never meet.
 */
import { PrismaPg } from '@prisma/adapter-pg';
import { createCipher, type Cipher } from './cipher.server.ts';
import { systemClock, type Clock } from './clock.ts';
import { followSandboxClock } from './clock.server.ts';
import type { Config } from './config.server.ts';
import { PrismaClient } from './db/generated/client.ts';
import { createPool } from './db/pool.server.ts';
import { createDb, type Db, type ShopId } from './db/tenancy.server.ts';
import { createJobSender, type JobSender } from './jobs/sender.server.ts';
import { createLog, type Log } from './log.server.ts';
import { afterAuth } from './server/after-auth.server.ts';
import type { AdminClient } from './shopify/admin-client.ts';
import { createAdminClients } from './shopify/admin-clients.server.ts';
import { createSessionStorage } from './shopify/encrypted-session-storage.server.ts';
import { createOfflineTokens } from './shopify/offline-token.server.ts';
import { createShopifyFetch, type Fetch } from './shopify/sandbox-hook.server.ts';
import { createShopifyApp, type ShopifyApp } from './shopify/shopify-app.server.ts';

export interface AppContext {
  config: Config;
  db: Db;
  prisma: PrismaClient;
  clock: Clock;
  log: Log;
  cipher: Cipher;
  /** Reaches Shopify's addresses (the sandbox's, when there is one). */
  shopifyFetch: Fetch;
  shopify: ShopifyApp;
  /** The shop's Admin client: one throttle a shop and process, tokens renewed under a lock. */
  adminFor(shopId: ShopId): Promise<AdminClient>;
  jobs: JobSender;
}

/** @returns the context, and what closes it: open connections end, nothing is left behind */
export async function buildContext(
  config: Config,
  processName: 'web' | 'worker',
): Promise<AppContext & { close(): Promise<void> }> {
  const log = createLog({ level: config.logLevel, process: processName });
  const pool = createPool(config.databaseUrl, { max: 10, applicationName: `regulars-${processName}` });
  const db = createDb(pool);
  const prisma = new PrismaClient({
    adapter: new PrismaPg({ connectionString: config.databaseUrl, max: 3 }),
  });
  const followed = config.sandboxUrl ? await followSandboxClock(config.sandboxUrl, log) : undefined;
  const clock = followed ?? systemClock;
  const cipher = createCipher(config.encryptionKeys);
  const shopifyFetch = createShopifyFetch(config);
  const tokens = createOfflineTokens({ config, db, cipher, clock, fetch: shopifyFetch });
  const adminFor = createAdminClients({ db, clock, log, tokens, fetch: shopifyFetch });
  const jobs = createJobSender({ db });
  const shopify = createShopifyApp(config, {
    sessionStorage: createSessionStorage(prisma, cipher),
    log,
    afterAuth: (shop) => afterAuth(context, shop),
  });
  const context: AppContext = {
    config,
    db,
    prisma,
    clock,
    log,
    cipher,
    shopifyFetch,
    shopify,
    adminFor,
    jobs,
  };
  return {
    ...context,
    async close() {
      followed?.stop();
      await jobs.close();
      await Promise.allSettled([pool.end(), prisma.$disconnect()]);
    },
  };
}
