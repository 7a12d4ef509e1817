/** `npm start -- web | worker | migrate`: one production process (docs/operations.md). */
import { spawn } from 'node:child_process';
import { prepareDatabase } from './database.ts';
import { prepareCode, ROOT, say } from './setup.ts';

const ENTRIES: Record<string, string> = { web: 'app/server/start.server.ts', worker: 'app/worker.server.ts' };
const role = process.argv[2] ?? 'web';

if (role === 'migrate') {
  const url = process.env['DATABASE_URL']?.trim();
  if (!url) {
    say('DATABASE_URL is missing: it names the database to migrate.');
    process.exitCode = 2;
  } else {
    const { appUrl } = await prepareDatabase(url);
    say(
      appUrl === url
        ? 'Migrated; the role is an ordinary one and is used as it is.'
        : `Migrated. DATABASE_URL for web and worker: ${appUrl}`,
    );
  }
} else if (ENTRIES[role]) {
  await prepareCode({ build: role === 'web' });
  const child = spawn(process.execPath, ['--enable-source-maps', ENTRIES[role]], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: process.env['NODE_ENV'] ?? 'production' },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.once('exit', (code) => (process.exitCode = code ?? 1));
} else {
  say(`There is no process "${role}": use web, worker or migrate.`);
  process.exitCode = 2;
}
