/** `npm start -- web | worker | migrate`: one production process (docs/operations.md). */
import { spawn } from 'node:child_process';
import { APP_ROLE, prepareDatabase } from './database.ts';
import { prepareCode, ROOT, say } from './setup.ts';

const ENTRIES: Record<string, string> = { web: 'app/server/start.server.ts', worker: 'app/worker.server.ts' };
const role = process.argv[2] ?? 'web';

if (role === 'migrate') {
  const url = process.env['DATABASE_URL']?.trim();
  if (!url) {
    say('DATABASE_URL is missing: it names the database to migrate.');
    process.exitCode = 2;
  } else {
    await migrate(url);
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

/** The ordinary role's password: APP_PASSWORD if set, else a new one when the role is made, else left alone. */
async function migrate(url: string): Promise<void> {
  const password = process.env['APP_PASSWORD']?.trim() || undefined;
  const { appUrl } = await prepareDatabase(url, { role: { name: APP_ROLE, password } });
  if (appUrl === url) return say('Migrated; the role is an ordinary one and is used as it is.');
  const made = new URL(appUrl).password;
  if (password) say(`Migrated. Web and worker connect as ${APP_ROLE} with APP_PASSWORD.`);
  else if (made)
    say(`Migrated. ${APP_ROLE} was made; DATABASE_URL for web and worker, shown this once:\n${appUrl}`);
  else say(`Migrated. Web and worker connect as ${APP_ROLE}; its password is unchanged.`);
}
