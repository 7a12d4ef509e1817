/**
 * The pages as a browser in the admin meets them: the built Remix app behind the web process's own HTTP, session
 * tokens and the token exchange of the sandbox, a database of its own as the ordinary role.
 */
import path from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { SANDBOX_SECRETS } from '../../../app/config.server.ts';
import type { AppContext } from '../../../app/context.server.ts';
import type { ShopId, ShopTx } from '../../../app/db/tenancy.server.ts';
import { readShopByDomain } from '../../../app/intake/read-shop-by-domain.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { ROOT } from '../../../scripts/setup.ts';
import {
  ARITHMETIC_NOON,
  ARITHMETIC_TIME_ZONE,
  insertArithmeticStore,
} from '../../support/arithmetic-store.ts';
import { textOf, type PageCalls } from '../../support/page-calls.ts';
import { serveApp } from '../../support/serve-app.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

export { BROWSER, textOf } from '../../support/page-calls.ts';

export interface PagesWorld extends PageCalls {
  context: AppContext;
  sandbox: Sandbox;
  testDb: TestDb;
  appUrl: string;
  /** Opens the app for the first time, then puts the arithmetic store into it as an import would. */
  importArithmeticStore(domain: string): Promise<ShopId>;
  shopIdOf(domain: string): Promise<ShopId>;
  close(): Promise<void>;
}

/** One shop with the arithmetic store, for a whole file. The functions may be taken out of it. */
export interface ArithmeticPages {
  readonly domain: string;
  readonly world: PagesWorld;
  readonly shopId: ShopId;
  now(): Date;
  inShop<T>(work: (tx: ShopTx) => Promise<T>): Promise<T>;
  html(path: string): Promise<string>;
  /** The words of a page, without its mark-up. */
  text(path: string): Promise<string>;
  /** Sends a form as the admin's frame does. */
  post(path: string, form: Record<string, string>): Promise<Response>;
}

/** Registers the hooks of the file that calls it. `prepare` is done once the store is imported. */
export function arithmeticPages(prepare?: (pages: ArithmeticPages) => Promise<unknown>): ArithmeticPages {
  const domain = 'arithmetic.myshopify.com';
  let world: PagesWorld;
  let shopId: ShopId;
  const html = async (path: string) => (await world.open(domain, path)).text();
  const pages: ArithmeticPages = {
    domain,
    get world() {
      return world;
    },
    get shopId() {
      return shopId;
    },
    now: () => world.context.clock.now(),
    inShop: (work) => world.context.db.inShop(shopId, work),
    html,
    text: async (path) => textOf(await html(path)),
    post: (path, form) =>
      world.call(domain, `${path}.data`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
        body: new URLSearchParams(form).toString(),
      }),
  };
  beforeAll(async () => {
    world = await createPagesWorld([domain]);
    shopId = await world.importArithmeticStore(domain);
    await prepare?.(pages);
  });
  afterAll(() => world.close());
  return pages;
}

/** @param domains stores of the sandbox, all empty there: the app's facts are put into its database */
export async function createPagesWorld(domains: readonly string[]): Promise<PagesWorld> {
  const sandbox = await startSandbox({
    apiKey: SANDBOX_SECRETS.apiKey,
    apiSecret: SANDBOX_SECRETS.apiSecret,
    appConfig: path.join(ROOT, 'shopify.app.toml'),
    fast: true,
    clock: { now: ARITHMETIC_NOON.toISOString(), frozen: true },
    stores: domains.map((domain) => ({
      domain,
      currency: 'EUR',
      timeZone: ARITHMETIC_TIME_ZONE,
      seed: { empty: true },
    })),
  });
  const testDb = await createTestDb();
  const app = await serveApp(sandbox, testDb);
  const { context, appUrl, open, call } = app;

  const shopIdOf = async (domain: string) => {
    const shop = await readShopByDomain(context.db, domain);
    if (!shop) throw new Error(`${domain} has not been opened yet`);
    return shop.shopId;
  };

  return {
    context,
    sandbox,
    testDb,
    appUrl,
    open,
    call,
    shopIdOf,
    async importArithmeticStore(domain) {
      await open(domain, '/app');
      const shopId = await shopIdOf(domain);
      const now = context.clock.now();
      await context.db.inShop(shopId, insertArithmeticStore);
      await recomputeShop(context, shopId, { cause: 'import', publish: 'force' });
      await context.db.inShop(shopId, async (tx) => {
        await tx.query({
          text: 'UPDATE shop_settings SET first_imported_at = $2, last_synced_at = $2 WHERE shop_id = $1',
          values: [shopId, now],
        });
        await tx.query({
          text: `INSERT INTO import_run (shop_id, state, step, started_at, finished_at)
                 VALUES ($1, 'done', 'done', $2, $2)`,
          values: [shopId, now],
        });
      });
      return shopId;
    },
    async close() {
      await app.close();
      await sandbox.close();
      await testDb.close();
    },
  };
}
