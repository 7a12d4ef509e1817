/**
 * The pages as a browser in the admin meets them: the built Remix app behind the web process's own HTTP, session
 * tokens and the token exchange of the sandbox, a database of its own as the ordinary role.
 */
import { createServer } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ServerBuild } from '@remix-run/node';
import { readConfig, SANDBOX_SECRETS } from '../../../app/config.server.ts';
import { buildContext, type AppContext } from '../../../app/context.server.ts';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { readShopByDomain } from '../../../app/intake/read-shop-by-domain.server.ts';
import { recomputeShop } from '../../../app/pipeline/recompute-shop.server.ts';
import { createHttpApp } from '../../../app/server/http-app.server.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { freePort } from '../../../scripts/postgres.ts';
import { prepareCode, ROOT } from '../../../scripts/setup.ts';
import {
  ARITHMETIC_NOON,
  ARITHMETIC_TIME_ZONE,
  insertArithmeticStore,
} from '../../support/arithmetic-store.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/147.0 Safari/537.36';

export interface PagesWorld {
  context: AppContext;
  sandbox: Sandbox;
  testDb: TestDb;
  appUrl: string;
  /** A document, as the admin frame asks for it: shop, host and a fresh session token in the address. */
  open(domain: string, path: string): Promise<Response>;
  /** A request of a page's script: the session token in the header. */
  call(domain: string, path: string, init?: RequestInit): Promise<Response>;
  /** Opens the app for the first time, then puts the arithmetic store into it as an import would. */
  importArithmeticStore(domain: string): Promise<ShopId>;
  shopIdOf(domain: string): Promise<ShopId>;
  close(): Promise<void>;
}

/** @param domains stores of the sandbox, all empty there: the app's facts are put into its database */
export async function createPagesWorld(domains: readonly string[]): Promise<PagesWorld> {
  await prepareCode({ build: true });
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
  const port = await freePort(20_000 + (process.pid % 20_000));
  const appUrl = `http://localhost:${port}`;
  const context = await buildContext(
    readConfig({
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      PORT: String(port),
      DATABASE_URL: testDb.url,
      SHOPIFY_API_KEY: SANDBOX_SECRETS.apiKey,
      SHOPIFY_API_SECRET: SANDBOX_SECRETS.apiSecret,
      SHOPIFY_APP_URL: appUrl,
      ENCRYPTION_KEY: SANDBOX_SECRETS.encryptionKey,
      REDACTION_KEY: SANDBOX_SECRETS.redactionKey,
      SANDBOX_URL: sandbox.url,
      APP_BRIDGE_URL: `${sandbox.url}/app-bridge.js`,
    }),
    'web',
  );
  const folder = path.join(ROOT, 'build');
  const build = (await import(pathToFileURL(path.join(folder, 'server/index.js')).href)) as ServerBuild;
  const app = createHttpApp(context, {
    pages: { build, clientFolder: path.join(folder, 'client'), context },
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));

  const shopIdOf = async (domain: string) => {
    const shop = await readShopByDomain(context.db, domain);
    if (!shop) throw new Error(`${domain} has not been opened yet`);
    return shop.shopId;
  };
  const open = (domain: string, page: string) => {
    const url = new URL(page, appUrl);
    const name = domain.replace('.myshopify.com', '');
    for (const [key, value] of Object.entries({
      embedded: '1',
      shop: domain,
      host: Buffer.from(`admin.shopify.com/store/${name}`).toString('base64'),
      id_token: sandbox.sessionTokenFor(domain),
    })) {
      url.searchParams.set(key, value);
    }
    return fetch(url, { headers: { 'user-agent': BROWSER }, redirect: 'manual' });
  };

  return {
    context,
    sandbox,
    testDb,
    appUrl,
    open,
    shopIdOf,
    call: (domain, page, init = {}) =>
      fetch(new URL(page, appUrl), {
        redirect: 'manual',
        ...init,
        headers: {
          'user-agent': BROWSER,
          authorization: `Bearer ${sandbox.sessionTokenFor(domain)}`,
          ...(init.headers as Record<string, string> | undefined),
        },
      }),
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
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await context.jobs.close();
      await context.close();
      await sandbox.close();
      await testDb.close();
    },
  };
}

/** What a reader of the page sees: the text of its HTML, without scripts and styles, blanks folded. */
export function textOf(html: string): string {
  return html
    .replace(/<(script|style|head)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&#x27;/g, '’')
    .replace(/\s+/g, ' ')
    .trim();
}
