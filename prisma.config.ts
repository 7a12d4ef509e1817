// Migrations run on the schema engine as WebAssembly over `pg`, so nothing is downloaded.
// Both linger causes are cured here: the engine's uncleared 10 s timer and the pool's idle time.
import { PrismaPg } from '@prisma/adapter-pg';
import { defineConfig } from 'prisma/config';

const setTimer = globalThis.setTimeout;
globalThis.setTimeout = ((run: () => void, ms?: number, ...args: unknown[]) => {
  const timer = setTimer(run, ms, ...(args as []));
  if (ms === 10_000) timer.unref();
  return timer;
}) as typeof globalThis.setTimeout;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  experimental: { adapter: true },
  engine: 'js',
  adapter: async () =>
    new PrismaPg({
      connectionString: process.env['DATABASE_URL'],
      idleTimeoutMillis: 100,
      allowExitOnIdle: true,
    }),
});
