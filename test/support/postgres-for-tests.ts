/** Vitest global set-up: one throwaway PostgreSQL with a migrated template; each test file gets a copy of it. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';
import { APP_ROLE, ensureDatabase, prepareDatabase } from '../../scripts/database.ts';
import { startEmbeddedPostgres } from '../../scripts/postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    superuserUrl: string;
  }
}

export const TEMPLATE = 'regulars_template';
export const APP_PASSWORD = 'test-only';

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startEmbeddedPostgres({
    folder: path.join(tmpdir(), `regulars-test-${process.pid}`, 'data'),
    throwaway: true,
    settings: { max_connections: '200' },
  });
  // Ended by a signal, the server is taken down by its own 'exit' handler.
  process.once('SIGTERM', () => process.exit(143));
  const url = await ensureDatabase(server.superuserUrl(), TEMPLATE);
  await prepareDatabase(url, { role: { name: APP_ROLE, password: APP_PASSWORD } });
  project.provide('superuserUrl', server.superuserUrl());
  return () => server.stop();
}
