/**
 * The whole product on one machine: the local Shopify, PostgreSQL, web and worker, as real processes over real
 * HTTP. The demo, the e2e tests and the fault tests all start it here.
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { SANDBOX_SECRETS } from '../app/config.server.ts';
import { prepareDatabase, type AppRole } from './database.ts';
import { freePort, startEmbeddedPostgres } from './postgres.ts';
import { startProcess, until, type Managed } from './processes.ts';
import { ROOT, type Say } from './setup.ts';

export interface StackOptions {
  /** State and logs. */
  folder: string;
  /** Options of sandbox/start.ts (store, plan, pace, clock). */
  sandboxArgs: string[];
  /** First port to try; sandbox, web and PostgreSQL take the next free ones. */
  port?: number;
  /** This PostgreSQL instead of an embedded one. */
  databaseUrl?: string;
  say: Say;
  /** Told at once how to stop what has been started so far: for a signal that comes while it starts. */
  onStarting?: (stop: () => Promise<void>) => void;
  /** More or other variables for web and worker. */
  env?: Record<string, string>;
}

export interface Stack {
  sandboxUrl: string;
  appUrl: string;
  shop: string;
  /** The ordinary role's URL. */
  databaseUrl: string;
  /** A second worker, or one to kill. */
  startWorker(name?: string): Managed;
  worker: Managed;
  web: Managed;
  sandbox: Managed;
  /** Why it cannot go on, if a process has ended by itself. */
  failure(): string | undefined;
  stop(): Promise<void>;
}

export class StoreOptionError extends Error {}

export async function startStack(options: StackOptions): Promise<Stack> {
  mkdirSync(options.folder, { recursive: true });
  const logFolder = path.join(options.folder, 'logs');
  const stoppers: (() => Promise<void>)[] = [];
  let stopping = false;
  let failure: string | undefined;
  const stop = async () => {
    stopping = true;
    for (const stopper of stoppers.splice(0).reverse()) await stopper();
  };
  options.onStarting?.(stop);
  const watch = (process: Managed, essential = true) => {
    stoppers.push(() => process.stop());
    if (stopping) void process.stop();
    void process.ended.then((how) => {
      if (essential && !stopping) failure ??= `${process.name} ended with ${how}; its log is in ${logFolder}`;
    });
    return process;
  };

  try {
    const sandboxPort = await freePort(options.port ?? 4600);
    const webPort = await freePort(sandboxPort + 1);
    const appUrl = `http://localhost:${webPort}`;
    options.say('Starting the local Shopify and PostgreSQL ...');
    // Neither needs the other; when one fails, what the other has started has to be known before all is stopped.
    const [store, database] = await Promise.allSettled([
      startSandboxProcess({ ...options, port: sandboxPort, appUrl, logFolder }, watch),
      startDatabase(options, stoppers),
    ]);
    if (store.status === 'rejected') throw store.reason;
    if (database.status === 'rejected') throw database.reason;
    const [sandbox, databaseUrl] = [store.value, database.value];
    options.say(`  ${sandbox.shop} at ${sandbox.address}`);
    if (options.databaseUrl) await forgetShop(databaseUrl, sandbox.shop);
    const env: Record<string, string | undefined> = {
      ...process.env,
      NODE_ENV: 'development',
      LOG_LEVEL: 'info',
      HOST: 'localhost',
      PORT: String(webPort),
      DATABASE_URL: databaseUrl,
      DIRECT_DATABASE_URL: undefined,
      SHOPIFY_API_KEY: SANDBOX_SECRETS.apiKey,
      SHOPIFY_API_SECRET: SANDBOX_SECRETS.apiSecret,
      SHOPIFY_APP_URL: appUrl,
      ENCRYPTION_KEY: SANDBOX_SECRETS.encryptionKey,
      REDACTION_KEY: SANDBOX_SECRETS.redactionKey,
      SANDBOX_URL: sandbox.address,
      APP_BRIDGE_URL: `${sandbox.address}/app-bridge.js`,
      ...options.env,
    };
    options.say('Starting the app and its worker ...');
    const web = watch(
      startProcess({ name: 'web', script: 'app/server/start.server.ts', cwd: ROOT, env, logFolder }),
    );
    const startWorker = (name = 'worker') =>
      watch(
        startProcess({ name, script: 'app/worker.server.ts', cwd: ROOT, env, logFolder }),
        name === 'worker',
      );
    const worker = startWorker();
    await until('the app', async () => ((await fetch(`${appUrl}/readyz`)).ok ? true : undefined), {
      withinMs: 60_000,
      failed: () => failure,
    });
    options.say(`  app at ${appUrl}`);
    return {
      sandboxUrl: sandbox.address,
      appUrl,
      shop: sandbox.shop,
      databaseUrl,
      startWorker,
      worker,
      web,
      sandbox: sandbox.process,
      failure: () => failure,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startSandboxProcess(
  options: StackOptions & { port: number; appUrl: string; logFolder: string },
  watch: (process: Managed) => Managed,
): Promise<{ address: string; shop: string; process: Managed }> {
  let ready: { address: string; shop: string } | undefined;
  const complaints: string[] = [];
  const child = startProcess({
    name: 'sandbox',
    script: 'sandbox/start.ts',
    args: [
      '--port',
      String(options.port),
      '--host-name',
      'localhost',
      '--app-url',
      options.appUrl,
      '--app-config',
      'shopify.app.toml',
      '--json',
      ...options.sandboxArgs,
    ],
    cwd: ROOT,
    env: process.env,
    logFolder: options.logFolder,
    onLine: (line) => {
      if (line.startsWith('{')) ready ??= JSON.parse(line) as { address: string; shop: string };
    },
  });
  child.child.stderr?.on('data', (chunk: Buffer) => complaints.push(chunk.toString()));
  watch(child);
  let ended: string | undefined;
  void child.ended.then((how) => (ended = how));
  try {
    const { address, shop } = await until('the local Shopify', () => Promise.resolve(ready), {
      withinMs: 180_000,
      failed: () => ended,
    });
    return { address, shop, process: child };
  } catch (error) {
    await child.stop();
    if (child.child.exitCode === 2) throw new StoreOptionError(complaints.join('').trim(), { cause: error });
    throw error;
  }
}

async function startDatabase(options: StackOptions, stoppers: (() => Promise<void>)[]): Promise<string> {
  if (options.databaseUrl) {
    const { appUrl } = await prepareDatabase(options.databaseUrl, {
      role: demoRole(new URL(options.databaseUrl).pathname.slice(1)),
    });
    return appUrl;
  }
  const server = await startEmbeddedPostgres({ folder: path.join(options.folder, 'postgres') });
  stoppers.push(() => server.stop());
  const database = await freshDatabase(server.superuserUrl(), 'regulars');
  const { appUrl } = await prepareDatabase(database, { role: demoRole('regulars') });
  return appUrl;
}

/** A role of this demo's own: roles belong to the whole cluster, and another's password is never touched. */
function demoRole(database: string): AppRole {
  return { name: `regulars_demo_${database}`.slice(0, 63), password: randomBytes(12).toString('hex') };
}

/** The sandbox's store is new at every start, so the app's memory of it must be too. */
async function freshDatabase(superuserUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
  const url = new URL(superuserUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

/** In a database that is not ours alone, only the sandbox's shop is forgotten. */
async function forgetShop(url: string, shop: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    const { rows } = await client.query<{ id: string }>('SELECT id FROM shop WHERE domain = $1', [shop]);
    const id = rows[0]?.id;
    if (id) {
      await client.query(`SELECT set_config('app.shop_id', $1, true)`, [id]);
      const tables = await client.query<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'shop_id'`,
      );
      for (const { name } of tables.rows) {
        await client.query(`DELETE FROM ${pg.escapeIdentifier(name)} WHERE shop_id = $1`, [id]);
      }
      await client.query('DELETE FROM shop WHERE id = $1', [id]);
    }
    await client.query('DELETE FROM session WHERE shop = $1', [shop]);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}
