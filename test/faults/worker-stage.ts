/**
 * A store in the sandbox, the web process's endpoint, and the worker as a real process that can be killed.
 * Where it is killed is not left to chance: the test holds a lock that the worker needs, waits until PostgreSQL
 * says that it waits there, and kills it.
 */
import type { Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createCipher } from '../../app/cipher.server.ts';
import { systemClock } from '../../app/clock.ts';
import { buildContext } from '../../app/context.server.ts';
import { readConfig, SANDBOX_SECRETS } from '../../app/config.server.ts';
import type { ShopId } from '../../app/db/tenancy.server.ts';
import { createLog } from '../../app/log.server.ts';
import { ensureShop } from '../../app/intake/ensure-shop.server.ts';
import { createJobSender, type JobSender } from '../../app/jobs/sender.server.ts';
import { createHttpApp } from '../../app/server/http-app.server.ts';
import { offlineSessionId } from '../../app/shopify/offline-token.server.ts';
import { sealToken } from '../../app/shopify/token-seal.server.ts';
import { startSandbox, type Sandbox, type StoreOptions } from '../../sandbox/server.ts';
import type { Store } from '../../sandbox/store/store.ts';
import { startProcess, type Managed } from '../../scripts/processes.ts';
import { builtPages, pageCalls, type PageCalls } from '../support/page-calls.ts';
import { listeningServer } from '../support/listening-server.ts';
import { silentLog } from '../support/silent-log.ts';
import { createTestDb, type TestDb } from '../support/test-db.ts';

export interface WorkerStage extends PageCalls {
  sandbox: Sandbox;
  store: Store;
  testDb: TestDb;
  shopId: ShopId;
  jobs: JobSender;
  /** A worker process that is up. */
  startWorker(): Promise<Managed>;
  /** Everything that any worker has logged. */
  workerLog(): string;
  everythingLogged(): string;
  /** Where the workers' logs are written. */
  logFolder: string;
  /** As the superuser, of all shops. */
  ask(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** Runs `hold` on a superuser's connection, waits until the worker waits for it, kills the worker, lets go. */
  killWhereItWaits(worker: Managed, hold: string, cause?: () => Promise<unknown>): Promise<void>;
  /** Ends every connection of every worker; waits until there is one. */
  cutConnections(): Promise<void>;
  /** Polls until `check` is true. */
  until(what: string, check: () => Promise<boolean>, withinMs?: number): Promise<void>;
  /** Nothing is left to do, in the app and in the sandbox. */
  isQuiet(): Promise<boolean>;
  close(): Promise<void>;
}

export const STAGE_DOMAIN = 'fault-test.myshopify.com';

export async function createWorkerStage(options: {
  seed: StoreOptions['seed'];
  plan?: 'standard' | 'plus';
  /** The pages too, and the store at the machine's own pace. The merchant opens the app for the first time. */
  pages?: boolean;
  /** The sandbox's clock runs: what was read later is younger. */
  running?: boolean;
}): Promise<WorkerStage> {
  const sandbox = await startSandbox({
    apiKey: SANDBOX_SECRETS.apiKey,
    apiSecret: SANDBOX_SECRETS.apiSecret,
    appConfig: 'shopify.app.toml',
    // Real time: at the pace of a real store four hundred customers are worth a bulk operation.
    fast: options.pages ?? false,
    clock: { now: '2026-11-22', frozen: !options.running },
    stores: [
      {
        domain: STAGE_DOMAIN,
        currency: 'EUR',
        timeZone: 'Europe/Berlin',
        plan: options.plan ?? 'standard',
        seed: options.seed,
      },
    ],
  });
  const testDb = await createTestDb();
  const { server, port, url } = await listeningServer();
  const environment = {
    NODE_ENV: 'test',
    LOG_LEVEL: 'info',
    DATABASE_URL: testDb.url,
    SHOPIFY_API_KEY: SANDBOX_SECRETS.apiKey,
    SHOPIFY_API_SECRET: SANDBOX_SECRETS.apiSecret,
    ENCRYPTION_KEY: SANDBOX_SECRETS.encryptionKey,
    REDACTION_KEY: SANDBOX_SECRETS.redactionKey,
    APP_BRIDGE_URL: `${sandbox.url}/app-bridge.js`,
    PORT: String(port),
    SHOPIFY_APP_URL: url,
    SANDBOX_URL: sandbox.url,
  };
  const said: string[] = [];
  const config = readConfig(environment);
  const cipher = createCipher(config.encryptionKeys);
  const log = silentLog();

  const webLog = createLog({ level: 'info', process: 'web' }, { write: (line) => void said.push(line) });
  const context = options.pages ? { ...(await buildContext(config, 'web')), log: webLog } : null;
  const pages = context ? await builtPages(context) : undefined;
  const web = context ?? { config, db: testDb.db, log, cipher, clock: systemClock };
  server.on('request', createHttpApp(web, pages ? { pages } : {}));
  sandbox.appUrl = url;

  const superuser = new pg.Client({ connectionString: testDb.superuserUrl });
  await superuser.connect();
  const calls = pageCalls(sandbox, sandbox.appUrl);
  if (pages) await calls.open(STAGE_DOMAIN, '/app');
  const { shopId } = await ensureShop(testDb.db, { domain: STAGE_DOMAIN, now: new Date() });
  if (!pages) {
    await superuser.query(
      `INSERT INTO session (id, shop, state, "isOnline", "accessToken") VALUES ($1, $2, '', false, $3)`,
      [
        offlineSessionId(STAGE_DOMAIN),
        STAGE_DOMAIN,
        sealToken(cipher, STAGE_DOMAIN, sandbox.accessTokenFor(STAGE_DOMAIN)),
      ],
    );
  }
  const jobs = createJobSender({ db: testDb.db });
  const folder = mkdtempSync(path.join(tmpdir(), 'regulars-faults-'));
  const workers: Managed[] = [];

  async function until(what: string, check: () => Promise<boolean>, withinMs = 40_000): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (!(await check())) {
      if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms\n${workerLog()}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  const workerLog = () => said.join('').slice(-6_000);
  const ask = async (text: string, values: unknown[] = []) =>
    (await superuser.query<Record<string, unknown>>(text, values)).rows;

  return {
    sandbox,
    store: sandbox.stores.get(STAGE_DOMAIN) as Store,
    testDb,
    shopId,
    jobs,
    workerLog,
    logFolder: folder,
    everythingLogged: () => said.join(''),
    ask,
    ...calls,
    until,
    async startWorker() {
      const name = `worker-${workers.length}`;
      const worker = startProcess({
        name,
        script: 'app/worker.server.ts',
        cwd: process.cwd(),
        env: {
          PATH: process.env['PATH'],
          NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
          ...environment,
        },
        logFolder: folder,
      });
      workers.push(worker);
      let up = false;
      worker.child.stderr?.on('data', (chunk: Buffer) => {
        said.push(chunk.toString());
        up ||= chunk.includes('worker started');
      });
      await until('the worker', () => {
        if (worker.child.exitCode !== null) throw new Error(`the worker ended:\n${workerLog()}`);
        return Promise.resolve(up);
      });
      return worker;
    },
    async killWhereItWaits(worker, hold, cause) {
      const holder = new pg.Client({ connectionString: testDb.superuserUrl });
      await holder.connect();
      try {
        const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        await holder.query('BEGIN');
        await holder.query(hold);
        await cause?.();
        await until(`the worker waits for "${hold}"`, async () => {
          // For this holder: workers also wait for each other for a moment.
          const waiting = await ask(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                AND application_name = 'regulars-worker' AND $1::int = ANY(pg_blocking_pids(pid))`,
            [rows[0]?.pid],
          );
          return waiting.length > 0;
        });
        worker.child.kill('SIGKILL');
        await worker.ended;
      } finally {
        await holder.query('ROLLBACK');
        await holder.end();
      }
    },
    cutConnections: () =>
      until('a connection to cut', async () => {
        const cut = await ask(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name IN ('regulars-worker', 'regulars-listen')`,
        );
        return cut.length > 0;
      }),
    async isQuiet() {
      const [left] = await ask(
        `SELECT (SELECT count(*) FROM tag_outbox) + (SELECT count(*) FROM inbox WHERE state = 'waiting')
              + (SELECT count(*) FROM reread) + (SELECT count(*) FROM tag_bulk WHERE state NOT IN ('done', 'failed'))
              + (SELECT count(*) FROM pgboss.job WHERE state < 'completed' AND name IN ('import', 'push-tags', 'refresh')) AS n`,
      );
      const response = await fetch(`${sandbox.url}/control/state?shop=${STAGE_DOMAIN}`);
      const state = (await response.json()) as { webhooks: { pending: number } };
      return Number(left?.['n']) === 0 && state.webhooks.pending === 0;
    },
    async close() {
      for (const worker of workers) await worker.stop();
      await jobs.close();
      await superuser.end();
      await closeServer(server);
      await context?.jobs.close();
      await context?.close();
      await sandbox.close();
      await testDb.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
