/**
 * A store in the sandbox, a shop of it in the database, and the worker's own code in between: webhooks are caught
 * as the sandbox sends them and delivered when and in what order the test says.
 */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCipher } from '../../app/cipher.server.ts';
import { systemClock } from '../../app/clock.ts';
import { readConfig, SANDBOX_SECRETS } from '../../app/config.server.ts';
import { sql } from '../../app/db/sql.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import { createInboxAppender } from '../../app/intake/inbox/append.server.ts';
import { webhookHeaders } from '../../app/intake/inbox/webhook-headers.ts';
import { drainInbox } from '../../app/jobs/drain-inbox.server.ts';
import { drainRereads } from '../../app/jobs/drain-rereads.server.ts';
import { handleImport } from '../../app/jobs/handlers/import.server.ts';
import { createJobSender } from '../../app/jobs/sender.server.ts';
import type { WorkerContext } from '../../app/jobs/worker-context.server.ts';
import { pushTags } from '../../app/activation/tags/push-tags.server.ts';
import { createAdminClient } from '../../app/shopify/admin-clients.server.ts';
import { createFetchResult } from '../../app/shopify/fetch-bulk-result.server.ts';
import { createShopifyFetch } from '../../app/shopify/sandbox-hook.server.ts';
import { createUploadFile } from '../../app/shopify/upload-file.server.ts';
import { startSandbox, type Sandbox, type StoreOptions } from '../../sandbox/server.ts';
import type { Store } from '../../sandbox/store/store.ts';
import { silentLog } from './silent-log.ts';
import { createTestDb, type TestDb } from './test-db.ts';

export interface CaughtWebhook {
  headers: IncomingHttpHeaders;
  rawBody: Buffer;
}

export interface WorkerWorld {
  sandbox: Sandbox;
  store: Store;
  testDb: TestDb;
  ctx: WorkerContext;
  /** A shop of the store, imported, with every segment live when asked for. */
  newShop(options?: { live?: boolean }): Promise<ShopId>;
  /** What the sandbox has sent since the last call; waits until it has nothing left to send. */
  caught(): Promise<CaughtWebhook[]>;
  deliver(shopId: ShopId, webhooks: readonly CaughtWebhook[]): Promise<void>;
  drain(shopId: ShopId): ReturnType<typeof drainInbox>;
  /** Inbox and re-reads until both are empty. */
  drainAll(shopId: ShopId): Promise<void>;
  push(shopId: ShopId): Promise<void>;
  /** What the app has come to know and to want, in a form that two shops can be compared by. */
  snapshot(shopId: ShopId): Promise<Record<string, unknown[]>>;
  close(): Promise<void>;
}

export const WORLD_DOMAIN = 'worker-test.myshopify.com';

export async function createWorkerWorld(options: {
  seed: StoreOptions['seed'];
  plan?: 'standard' | 'plus';
  fast?: boolean;
}): Promise<WorkerWorld> {
  const { server, url, webhooks } = await startReceiver();
  const sandbox = await startSandbox({
    apiKey: SANDBOX_SECRETS.apiKey,
    apiSecret: SANDBOX_SECRETS.apiSecret,
    appConfig: 'shopify.app.toml',
    fast: options.fast ?? true,
    clock: { now: '2026-11-22', frozen: true },
    stores: [
      {
        domain: WORLD_DOMAIN,
        currency: 'EUR',
        timeZone: 'Europe/Berlin',
        plan: options.plan ?? 'plus',
        seed: options.seed,
      },
    ],
  });
  const store = sandbox.stores.get(WORLD_DOMAIN) as Store;
  const token = sandbox.accessTokenFor(WORLD_DOMAIN);
  sandbox.appUrl = url;
  const testDb = await createTestDb();
  const config = readConfig({
    DATABASE_URL: testDb.url,
    SHOPIFY_API_KEY: SANDBOX_SECRETS.apiKey,
    SHOPIFY_API_SECRET: SANDBOX_SECRETS.apiSecret,
    ENCRYPTION_KEY: SANDBOX_SECRETS.encryptionKey,
    REDACTION_KEY: SANDBOX_SECRETS.redactionKey,
    SHOPIFY_APP_URL: url,
    SANDBOX_URL: sandbox.url,
  });
  const log = silentLog();
  const clock = { ...systemClock, now: () => sandbox.clock.now() };
  const admin = createAdminClient(
    { clock, log, tokens: { accessToken: () => Promise.resolve(token) }, fetch: createShopifyFetch(config) },
    WORLD_DOMAIN,
  );
  const jobs = createJobSender({ db: testDb.db });
  const ctx: WorkerContext = {
    config,
    db: testDb.db,
    clock,
    log,
    cipher: createCipher(config.encryptionKeys),
    jobs,
    adminFor: () => Promise.resolve(admin),
    fetchResult: createFetchResult(config),
    uploadFile: createUploadFile(config, { fetch: createShopifyFetch(config) }),
  };
  const appender = createInboxAppender({
    ...ctx,
    notifier: { notify: () => undefined, close: () => undefined },
  });
  const drainContext = { ...ctx, redactionKey: config.redactionKey };
  const drain = (shopId: ShopId) => drainInbox(drainContext, shopId);

  return {
    sandbox,
    store,
    testDb,
    ctx,
    async newShop({ live = false } = {}) {
      const shopId = await testDb.createShop({ currency: 'EUR', timeZone: 'Europe/Berlin' });
      const signal = new AbortController().signal;
      if (live) {
        await handleImport(ctx, { data: { shopId }, signal });
        await testDb.db.inShop(shopId, (tx) =>
          tx.query(
            sql`UPDATE segment SET status = 'live', live_since = ${clock.now()} WHERE shop_id = ${shopId}`,
          ),
        );
      }
      await handleImport(ctx, { data: { shopId }, signal });
      await nextSecond();
      return shopId;
    },
    async caught() {
      await sandboxIsQuiet(sandbox);
      return webhooks.splice(0);
    },
    async deliver(shopId, list) {
      const outcomes = await Promise.all(
        list.map(({ headers, rawBody }) => {
          const read = webhookHeaders(headers);
          if (!read) throw new Error('the sandbox sent a webhook without headers');
          return appender.append(shopId, { ...read, rawBody, receivedAt: new Date() });
        }),
      );
      const bad = outcomes.filter((outcome) => outcome !== 'accepted' && outcome !== 'duplicate');
      if (bad.length > 0) throw new Error(`not delivered: ${bad.join(', ')}`);
    },
    drain,
    async drainAll(shopId) {
      for (;;) {
        const drained = await drain(shopId);
        if (drained.outcome === 'busy' || drained.more) continue;
        // A missing object is looked at again after half a minute: tests do not wait for it.
        await testDb.db.inShop(shopId, (tx) =>
          tx.query(sql`UPDATE reread SET not_before = ${new Date(0)} WHERE shop_id = ${shopId}`),
        );
        if (!(await drainRereads(drainContext, shopId)).more) return;
      }
    },
    async push(shopId) {
      for (;;) {
        const { nextAt } = await pushTags({ ...ctx, admin }, shopId);
        if (nextAt === null) return;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, nextAt.getTime() - Date.now())));
      }
    },
    snapshot: (shopId) => readSnapshot(testDb, shopId),
    async close() {
      await jobs.close();
      await sandbox.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await testDb.close();
    },
  };
}

async function startReceiver(): Promise<{ server: Server; url: string; webhooks: CaughtWebhook[] }> {
  const webhooks: CaughtWebhook[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      webhooks.push({ headers: request.headers, rawBody: Buffer.concat(chunks) });
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}`, webhooks };
}

/** Shopify's Date header counts whole seconds: states of one second cannot always be told apart by it. */
async function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1_000);
  while (Math.floor(Date.now() / 1_000) === second) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** What a busy machine could not take at the first attempt: the next one is due in less than this. */
const NEXT_ATTEMPT_MS = 60_000;

/**
 * Waits until the sandbox has no delivery left. A first attempt that was too slow for Shopify's limit of one second is
 * followed by the next one now, not in a minute: the clock of the deliveries is turned on.
 */
export async function sandboxIsQuiet(sandbox: Pick<Sandbox, 'url'>): Promise<void> {
  const deadline = Date.now() + 30_000;
  let turnAt = Date.now() + 3_000;
  for (;;) {
    const response = await fetch(`${sandbox.url}/control/state?shop=${WORLD_DOMAIN}`);
    const state = (await response.json()) as { webhooks: { pending: number } };
    if (state.webhooks.pending === 0) return;
    if (Date.now() > deadline) throw new Error('the sandbox still has webhooks to deliver');
    if (Date.now() > turnAt) {
      await fetch(`${sandbox.url}/control/age-deliveries`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ shop: WORLD_DOMAIN, ms: NEXT_ATTEMPT_MS }),
      });
      turnAt = Date.now() + 2_000;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export async function readSnapshot(testDb: TestDb, shopId: ShopId): Promise<Record<string, unknown[]>> {
  return testDb.db.inShop(shopId, async (tx) => {
    const read = async (statement: ReturnType<typeof sql>) => (await tx.query(statement)).rows;
    return {
      customers: await read(sql`
        SELECT id, state, country_code, email_consent, sms_consent, tags, deleted_at IS NOT NULL AS deleted
          FROM customer WHERE shop_id = ${shopId} ORDER BY id`),
      aliases: await read(sql`
        SELECT old_id, kept_id FROM customer_alias WHERE shop_id = ${shopId} ORDER BY old_id`),
      orders: await read(sql`
        SELECT id, customer_id, financial_status, cancelled_at IS NOT NULL AS cancelled, total_minor, current_total_minor,
               net_payment_minor, refunded_minor, deleted_at IS NOT NULL AS deleted
          FROM orders WHERE shop_id = ${shopId} ORDER BY id`),
      // By their place: Shopify numbers lines beside other things, such as what Flow was told twice after a kill.
      lines: await read(sql`
        SELECT order_id, row_number() OVER (PARTITION BY order_id ORDER BY id) AS line, current_quantity, total_minor
          FROM order_line WHERE shop_id = ${shopId} ORDER BY order_id, id`),
      profiles: await read(sql`
        SELECT customer_id, orders, spent_minor, first_order_on, last_order_on, activity_orders, last_activity_on,
               fully_refunded_orders, refunded_minor, left_out
          FROM profile WHERE shop_id = ${shopId} ORDER BY customer_id`),
      memberships: await read(sql`
        SELECT segment.key, customer_id FROM membership JOIN segment USING (shop_id)
         WHERE shop_id = ${shopId} AND segment.id = membership.segment_id ORDER BY segment.key, customer_id`),
    };
  });
}
