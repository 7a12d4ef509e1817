import path from 'node:path';
import { defineConfig } from 'vitest/config';

// Tests start some hundred processes (workers to kill, commands, whole stacks): what they load is compiled once.
process.env['NODE_COMPILE_CACHE'] ??= path.join(import.meta.dirname, '.data', 'compile-cache');

/** One project a kind of test; `npm test` runs them all. Deterministic: no retries anywhere. */
export default defineConfig({
  test: {
    retry: 0,
    pool: 'forks',
    // As many as the cores that it is meant for: most of a test's time is spent waiting for PostgreSQL and HTTP.
    maxWorkers: 2,
    // A second, vitest's own, is little on a machine that does other things too.
    expect: { poll: { timeout: 20_000 } },
    setupFiles: ['test/support/fail-on-console-error.ts', 'test/support/property-seed.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/published/**/*.test.ts'],
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/{integration,contract,faults}/**/*.test.ts'],
          globalSetup: ['test/support/postgres-for-tests.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/postgres-for-tests.ts', 'test/e2e/support/web-build.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
