/** Vitest global set-up: one throwaway PostgreSQL with a migrated template; each test file gets a copy of it. */
import { accessSync, constants, readdirSync, rmSync, statfsSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../../scripts/database.ts';
import { removeLeftover, startEmbeddedPostgres } from '../../scripts/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    superuserUrl: string;
  }
}

export const TEMPLATE = 'regulars_template';
export const APP_PASSWORD = 'test-only';

const FOLDER = /^regulars-test-(\d+)-/;
/** Linux keeps what is written there in memory: making and dropping a database of files takes no disk. */
const MEMORY = '/dev/shm';
/** What the databases of two workers take, with the log (`max_wal_size`), and as much again. */
const ROOM = 3 * 1024 ** 3;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = quickFolder();
  await clearUp(home);
  const folder = path.join(home, `regulars-test-${process.pid}-${project.name}`);
  const server = await startEmbeddedPostgres({
    folder: path.join(folder, 'data'),
    throwaway: true,
    settings: { max_connections: '200', max_wal_size: '512MB' },
  });
  // Ended by a signal, the server is taken down by its own 'exit' handler.
  process.once('SIGTERM', () => process.exit(143));
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await ensureDatabase(server.superuserUrl(), TEMPLATE);
    await prepareDatabase(url, { role: { name: APP_ROLE, password: APP_PASSWORD } });
  } catch (error) {
    await stop();
    throw error;
  }
  project.provide('superuserUrl', server.superuserUrl());
  return stop;
}

/** In memory where there is room for it, else on disk. */
function quickFolder(): string {
  try {
    accessSync(MEMORY, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(MEMORY);
    return Math.min(bavail * bsize, freemem()) > ROOM ? MEMORY : tmpdir();
  } catch {
    return tmpdir(); // not Linux, or closed to us
  }
}

/** What a killed run left behind. */
async function clearUp(home: string): Promise<void> {
  for (const name of readdirSync(home)) {
    const pid = FOLDER.exec(name)?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) await removeLeftover(path.join(home, name, 'data'));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
