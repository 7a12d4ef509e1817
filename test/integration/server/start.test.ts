/** The web process as it is started in production: what it refuses, how it stops, and what a kill costs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { ShopId } from '../../../app/db/tenancy.server.ts';
import { freePort } from '../../../scripts/postgres.ts';
import { prepareCode, ROOT } from '../../../scripts/setup.ts';
import { createTestDb, type TestDb } from '../../support/test-db.ts';
import { deliver, SECRET, type TestWeb } from './web-for-tests.ts';

const DOMAIN = 'a-shop.myshopify.com';
let t: TestDb;
let shop: ShopId;
let children: ChildProcess[] = [];
beforeAll(async () => {
  await prepareCode({ build: true });
  t = await createTestDb();
  shop = await t.createShop({ domain: DOMAIN });
}, 180_000);
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
});
afterAll(() => t.close());

interface Started {
  child: ChildProcess;
  web: Pick<TestWeb, 'url'> & TestWeb;
  /** What it wrote to stderr. */
  words(): string;
  ended: Promise<{ code: number | null; signal: string | null }>;
}

async function start(env: Record<string, string> = {}): Promise<Started> {
  const port = await freePort(21_000 + (process.pid % 20_000));
  const child = spawn(process.execPath, [path.join(ROOT, 'app/server/start.server.ts')], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      LOG_LEVEL: 'warn',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: t.url,
      SHOPIFY_API_KEY: 'a key of our own',
      SHOPIFY_API_SECRET: SECRET,
      SHOPIFY_APP_URL: 'https://app.example.com',
      ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
      REDACTION_KEY: Buffer.alloc(32, 2).toString('base64'),
      ...env,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const web = { url: `http://127.0.0.1:${port}` } as TestWeb;
  return { child, web, words: () => words, ended };
}

async function ready({ web, child, words }: Started): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline;) {
    const answer = await fetch(`${web.url}/readyz`).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null) throw new Error(`ended: ${words()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('not ready in time');
}

const storedIds = async () =>
  new Set(
    (
      await t.db.inShop(shop, (tx) => tx.query<{ id: string }>('SELECT webhook_id AS id FROM inbox'))
    ).rows.map((row) => row.id),
  );

test('refuses a database role that row-level security does not hold for', async () => {
  const { ended, words } = await start({ DATABASE_URL: t.superuserUrl });
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(words()).toContain('BYPASSRLS');
});

test('names everything that is missing or published, at once', async () => {
  const { ended, words } = await start({
    SHOPIFY_API_KEY: '',
    SHOPIFY_APP_URL: 'here',
    SHOPIFY_API_SECRET: 'sandbox-secret-not-for-production-use',
  });
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(words()).toContain('SHOPIFY_API_KEY is missing');
  expect(words()).toContain('SHOPIFY_APP_URL');
});

test('serves webhooks and pages, and stops in order when told to', async () => {
  const started = await start();
  await ready(started);
  expect((await deliver(started.web, DOMAIN, '{"id":1}')).status).toBe(200);
  const page = await fetch(`${started.web.url}/auth/login`, {
    headers: { 'user-agent': 'Mozilla/5.0 Chrome/147' },
    redirect: 'manual',
  });
  expect(page.status).toBe(200);
  await page.text();
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  const told = performance.now();
  started.child.kill('SIGTERM');
  expect(await started.ended).toEqual({ code: 0, signal: null });
  expect(performance.now() - told).toBeLessThan(10_000);
});

test('started before its database, it waits for it', async () => {
  const database = new URL(t.url);
  const port = await freePort(15_000 + (process.pid % 5_000));
  const behind = new URL(t.url);
  behind.port = String(port);
  const started = await start({ DATABASE_URL: behind.toString() });
  let tries = 0;
  const proxy = createServer((socket) => {
    tries += 1;
    // The first to come are met by a database that is not there yet.
    if (tries <= 2) return void socket.resetAndDestroy();
    const upstream = connect(Number(database.port), database.hostname);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(port, database.hostname, resolve));
  await ready(started);
  expect(tries).toBeGreaterThan(2);
  started.child.kill('SIGKILL');
  await started.ended;
  await new Promise<void>((resolve) => proxy.close(() => resolve()));
});

test('killed at any instant: whatever it acknowledged is stored', async () => {
  const acknowledged = new Set<string>();
  let refused = 0;
  for (let round = 0; round < 3; round += 1) {
    const started = await start();
    await ready(started);
    let alive = true;
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let n = 0; alive; n += 1) {
        const id = `kill-${round}-${sender}-${n}`;
        try {
          const answer = await deliver(started.web, DOMAIN, '{"id":1}', { 'x-shopify-webhook-id': id });
          if (answer.status === 200) acknowledged.add(id);
        } catch {
          refused += 1;
          return;
        }
      }
    });
    const enough = acknowledged.size + 40 + round * 37;
    while (acknowledged.size < enough) await new Promise((resolve) => setTimeout(resolve, 1));
    started.child.kill('SIGKILL');
    expect(await started.ended).toMatchObject({ signal: 'SIGKILL' });
    alive = false;
    await Promise.all(senders);
  }
  expect(refused, 'the kills met requests under way').toBeGreaterThan(0);
  const stored = await storedIds();
  expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
});
