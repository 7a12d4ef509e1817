/** The library's app object against the sandbox: token exchange over HTTP, and the hook that leads it there. */
import { PrismaPg } from '@prisma/adapter-pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';
import { readConfig, SANDBOX_SECRETS, type Config } from '../../../app/config.server.ts';
import { PrismaClient } from '../../../app/db/generated/client.ts';
import { createLog } from '../../../app/log.server.ts';
import { createSessionStorage } from '../../../app/shopify/encrypted-session-storage.server.ts';
import { createShopifyFetch, redirectLibrary } from '../../../app/shopify/sandbox-hook.server.ts';
import { createShopifyApp, type ShopifyApp } from '../../../app/shopify/shopify-app.server.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const SHOP = 'exchange.myshopify.com';
const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';

let sandbox: Sandbox;
let testDb: TestDb;
let prisma: PrismaClient;
let config: Config;
let shopify: ShopifyApp;
const authenticated: { domain: string; scope: string }[] = [];
const lines: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({
    apiKey: SANDBOX_SECRETS.apiKey,
    apiSecret: SANDBOX_SECRETS.apiSecret,
    fast: true,
    stores: [{ domain: SHOP, seed: { empty: true } }],
  });
  testDb = await createTestDb();
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDb.url, max: 2 }) });
  config = readConfig({
    DATABASE_URL: testDb.url,
    SHOPIFY_API_KEY: SANDBOX_SECRETS.apiKey,
    SHOPIFY_API_SECRET: SANDBOX_SECRETS.apiSecret,
    SHOPIFY_APP_URL: 'http://localhost:4999',
    ENCRYPTION_KEY: SANDBOX_SECRETS.encryptionKey,
    REDACTION_KEY: SANDBOX_SECRETS.redactionKey,
    SANDBOX_URL: sandbox.url,
  });
  shopify = createShopifyApp(config, {
    sessionStorage: createSessionStorage(prisma, createCipher(config.encryptionKeys)),
    log: createLog({ level: 'trace', process: 'test' }, { write: (line) => void lines.push(line) }),
    afterAuth: async (shop) => void authenticated.push(shop),
  });
});
afterAll(async () => {
  await prisma.$disconnect();
  await sandbox.close();
  await testDb.close();
});

function opening(idToken: string): Request {
  const url = new URL('http://localhost:4999/app');
  const host = Buffer.from('admin.shopify.com/store/exchange').toString('base64').replace(/=+$/, '');
  for (const [name, value] of Object.entries({ embedded: '1', shop: SHOP, host, id_token: idToken })) {
    url.searchParams.set(name, value);
  }
  return new Request(url, { headers: { 'user-agent': BROWSER } });
}

it('exchanges the session token for an expiring offline token, once, and says who came', async () => {
  const idToken = sandbox.sessionTokenFor(SHOP);
  const { session } = await shopify.authenticate.admin(opening(idToken));
  expect(session.shop).toBe(SHOP);
  expect(session.isOnline).toBe(false);
  expect(session.expires?.getTime()).toBeGreaterThan(Date.now());
  expect(sandbox.access.shopOf(session.accessToken ?? '')).toBe(SHOP);
  expect(authenticated).toEqual([{ domain: SHOP, scope: expect.stringContaining('read_orders') as string }]);

  const again = await shopify.authenticate.admin(opening(sandbox.sessionTokenFor(SHOP)));
  expect(again.session.accessToken).toBe(session.accessToken);
  expect(authenticated).toHaveLength(1);
  const row = await prisma.session.findUniqueOrThrow({ where: { id: `offline_${SHOP}` } });
  expect(row.accessToken).toMatch(/^sealed:/);
  expect(row.refreshToken).toMatch(/^sealed:/);
});

it('lets nobody in with a token of another secret, and logs no token', async () => {
  const [head, body] = sandbox.sessionTokenFor(SHOP).split('.');
  const refused = await shopify.authenticate
    .admin(opening(`${head}.${body}.c2lnbmF0dXJl`))
    .catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(Response);
  expect((refused as Response).status).not.toBe(200);
  expect(lines.join('\n')).not.toMatch(/eyJ|shpat_|shprt_/);
});

it('never leads a production process to the sandbox', () => {
  const production = { sandboxUrl: sandbox.url, production: true };
  expect(() => createShopifyFetch(production)).toThrow('production');
  expect(() => redirectLibrary(production)).toThrow('production');
});

it('leaves addresses alone without a sandbox, and names the shop with one', async () => {
  const seen: { url: string; shop: string | null }[] = [];
  const send = async (url: string, init?: RequestInit) => {
    seen.push({ url, shop: new Headers(init?.headers).get('x-sandbox-shop') });
    return new Response();
  };
  const address = `https://${SHOP}/admin/api/2026-10/graphql.json?x=1`;
  await createShopifyFetch({ sandboxUrl: undefined, production: true }, send)(address);
  await createShopifyFetch({ sandboxUrl: 'http://localhost:1', production: false }, send)(address);
  expect(seen).toEqual([
    { url: address, shop: null },
    { url: 'http://localhost:1/admin/api/2026-10/graphql.json?x=1', shop: SHOP },
  ]);
});
