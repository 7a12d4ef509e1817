/** Tokens at rest and in use: encrypted, renewed once by many at once, and told apart from what only a person can mend. */
import { PrismaPg } from '@prisma/adapter-pg';
import { Session } from '@shopify/shopify-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createCipher } from '../../../app/cipher.server.ts';
import { systemClock } from '../../../app/clock.ts';
import { PrismaClient } from '../../../app/db/generated/client.ts';
import { createPool } from '../../../app/db/pool.server.ts';
import { createDb } from '../../../app/db/tenancy.server.ts';
import { createSessionStorage } from '../../../app/shopify/encrypted-session-storage.server.ts';
import { createOfflineTokens, type OfflineTokens } from '../../../app/shopify/offline-token.server.ts';
import { createShopifyFetch, type Fetch } from '../../../app/shopify/sandbox-hook.server.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/server.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';

const SHOP = 'tokens.myshopify.com';
const app = { apiKey: 'key-for-tests', apiSecret: 'a-secret-for-tests-only' };
const cipher = createCipher([Buffer.alloc(32, 1)]);

let sandbox: Sandbox;
let testDb: TestDb;
let prisma: PrismaClient;
let storage: ReturnType<typeof createSessionStorage>;
let refreshes: number;
let fault: Fetch | undefined;

beforeAll(async () => {
  sandbox = await startSandbox({ ...app, fast: true, stores: [{ domain: SHOP, seed: { empty: true } }] });
  testDb = await createTestDb();
  prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: testDb.url, max: 2 }) });
  storage = createSessionStorage(prisma, cipher);
});
afterAll(async () => {
  await prisma.$disconnect();
  await sandbox.close();
  await testDb.close();
});

beforeEach(async () => {
  refreshes = 0;
  fault = undefined;
  await storage.deleteSessions([`offline_${SHOP}`]);
});

const shopifyFetch: Fetch = async (url, init) => {
  refreshes += 1;
  if (fault) return fault(url, init);
  return createShopifyFetch({ sandboxUrl: sandbox.url, production: false })(url, init);
};

/** One process: its own pool and its own memory. */
async function inProcess<T>(work: (tokens: OfflineTokens) => Promise<T>): Promise<T> {
  const pool = createPool(testDb.url, { max: 5, applicationName: 'tokens' });
  try {
    return await work(
      createOfflineTokens({
        config: { apiKey: app.apiKey, apiSecrets: [app.apiSecret] },
        db: createDb(pool),
        cipher,
        clock: systemClock,
        fetch: shopifyFetch,
      }),
    );
  } finally {
    await pool.end();
  }
}

async function install(options: { expiresInMs?: number; refreshable?: boolean } = {}): Promise<Session> {
  const issued = sandbox.access.issue(SHOP, { expiring: true });
  const session = new Session({
    id: `offline_${SHOP}`,
    shop: SHOP,
    state: '',
    isOnline: false,
    scope: issued.scope,
    accessToken: issued.access_token,
    expires: new Date(Date.now() + (options.expiresInMs ?? 3_600_000)),
    ...(options.refreshable !== false && {
      refreshToken: issued.refresh_token,
      refreshTokenExpires: new Date(Date.now() + 90 * 86_400_000),
    }),
  });
  await storage.storeSession(session);
  return session;
}

describe('the session table', () => {
  it('holds no token in clear, and gives back what was stored', async () => {
    const session = await install();
    const row = await prisma.session.findUniqueOrThrow({ where: { id: session.id } });
    const text = JSON.stringify(row);
    expect(text).not.toContain(session.accessToken);
    expect(text).not.toContain(session.refreshToken);
    expect(text).not.toMatch(/shp[a-z]{2}_/);
    const loaded = await storage.loadSession(session.id);
    expect(loaded?.accessToken).toBe(session.accessToken);
    expect(loaded?.refreshToken).toBe(session.refreshToken);
    expect(loaded?.expires).toEqual(session.expires);
    expect((await storage.findSessionsByShop(SHOP))[0]?.accessToken).toBe(session.accessToken);
  });

  it('holds nobody’s name or address', async () => {
    const online = new Session({
      id: 'online_1',
      shop: SHOP,
      state: '',
      isOnline: true,
      accessToken: 'shpua_canary',
      onlineAccessInfo: {
        expires_in: 60,
        associated_user_scope: '',
        associated_user: {
          id: 42, first_name: 'Canary', last_name: 'Bird', email: 'canary@example.com', account_owner: true, locale: 'en',
          collaborator: false, email_verified: true,
        },
      },
    }); // prettier-ignore
    await storage.storeSession(online);
    const row = await prisma.session.findUniqueOrThrow({ where: { id: 'online_1' } });
    expect(row).toMatchObject({ userId: 42n, firstName: null, lastName: null, email: null });
    expect(JSON.stringify({ ...row, userId: '' })).not.toMatch(/canary/i);
    await storage.deleteSession('online_1');
  });

  it('does not open one shop’s token for another', async () => {
    const session = await install();
    const row = await prisma.session.findUniqueOrThrow({ where: { id: session.id } });
    await prisma.session.create({ data: { ...row, id: 'offline_b.myshopify.com', shop: 'b.myshopify.com' } });
    await expect(storage.loadSession('offline_b.myshopify.com')).rejects.toMatchObject({ code: 'config' });
    await prisma.session.delete({ where: { id: 'offline_b.myshopify.com' } });
  });
});

describe('the access token', () => {
  it('is given out as it is while it is good, without a call', async () => {
    const session = await install();
    expect(await inProcess((tokens) => tokens.accessToken(SHOP))).toBe(session.accessToken);
    expect(refreshes).toBe(0);
  });

  it('is renewed exactly once by five callers in each of two processes', async () => {
    const session = await install({ expiresInMs: 60_000 });
    const five = (tokens: OfflineTokens) =>
      Promise.all(Array.from({ length: 5 }, () => tokens.accessToken(SHOP)));
    const all = (await Promise.all([inProcess(five), inProcess(five)])).flat();
    expect(refreshes).toBe(1);
    expect(new Set(all).size).toBe(1);
    expect(all[0]).not.toBe(session.accessToken);
    expect(sandbox.access.shopOf(all[0] as string)).toBe(SHOP);
    // The library finds the new one, with a refresh token that works.
    const stored = await storage.loadSession(session.id);
    expect(stored?.accessToken).toBe(all[0]);
    expect(stored?.refreshToken).not.toBe(session.refreshToken);
    expect(stored?.expires?.getTime()).toBeGreaterThan(Date.now() + 50 * 60_000);
  });

  it('is renewed when Shopify has just refused it, and not a second time by who comes later', async () => {
    const session = await install();
    const refused = session.accessToken as string;
    const [first, second] = await inProcess(async (tokens) => [
      await tokens.accessToken(SHOP, refused),
      await tokens.accessToken(SHOP, refused),
    ]);
    expect(first).toBe(second);
    expect(first).not.toBe(refused);
    expect(refreshes).toBe(1);
  });

  it('asks for a person when there is nothing to renew with', async () => {
    await expect(inProcess((tokens) => tokens.accessToken(SHOP))).rejects.toMatchObject({
      code: 'shopify_access',
      context: { reason: 'no session' },
    });
    await install({ expiresInMs: 1000, refreshable: false });
    await expect(inProcess((tokens) => tokens.accessToken(SHOP))).rejects.toMatchObject({
      code: 'shopify_access',
      context: { reason: 'no refresh token' },
    });
    const session = await install({ expiresInMs: 1000 });
    sandbox.access.refresh(SHOP, session.refreshToken as string); // used by somebody else
    await expect(inProcess((tokens) => tokens.accessToken(SHOP))).rejects.toMatchObject({
      code: 'shopify_access',
      retryable: false,
      context: { reason: 'refresh refused', status: 400 },
    });
  });

  it.each<[string, Fetch]>([
    ['is away', () => Promise.reject(new Error('connect ECONNREFUSED shprt_canary'))],
    ['answers 503', async () => new Response('', { status: 503 })],
    ['answers nonsense', async () => new Response('<html>')],
  ])('comes later when Shopify %s: nothing is lost', async (_name, broken) => {
    const session = await install({ expiresInMs: 1000 });
    fault = broken;
    const error = await inProcess((tokens) => tokens.accessToken(SHOP)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'shopify_unavailable', retryable: true });
    expect(String((error as Error).stack)).not.toContain('canary');
    expect((error as Error).cause).toBeUndefined();
    expect((await storage.loadSession(session.id))?.refreshToken).toBe(session.refreshToken);
    fault = undefined;
    expect(await inProcess((tokens) => tokens.accessToken(SHOP))).toMatch(/^shpat_/);
  });
});
