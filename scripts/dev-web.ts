/** Called by Shopify CLI: PostgreSQL (embedded unless DATABASE_URL is set), web and worker with the CLI's values. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureDatabase, prepareDatabase } from './database.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from './postgres.ts';
import { startProcess } from './processes.ts';
import { DATA_FOLDER, ROOT, say } from './setup.ts';

const folder = path.join(DATA_FOLDER, 'dev');
mkdirSync(folder, { recursive: true });

let server: EmbeddedPostgres | undefined;
let ownerUrl = process.env['DATABASE_URL']?.trim();
if (!ownerUrl) {
  server = await startEmbeddedPostgres({ folder: path.join(folder, 'postgres') });
  ownerUrl = await ensureDatabase(server.superuserUrl(), 'regulars');
}
const { appUrl } = await prepareDatabase(ownerUrl, {
  role: { name: 'regulars_dev', password: randomBytes(12).toString('hex') },
});
const env = {
  ...process.env,
  ...keys(),
  DATABASE_URL: appUrl,
  SHOPIFY_APP_URL: process.env['SHOPIFY_APP_URL'] ?? process.env['HOST'],
  HOST: 'localhost',
  PORT: process.env['PORT'] ?? '3000',
};
const logFolder = path.join(folder, 'logs');
const processes = [
  startProcess({ name: 'web', script: 'app/server/start.server.ts', cwd: ROOT, env, logFolder }),
  startProcess({ name: 'worker', script: 'app/worker.server.ts', cwd: ROOT, env, logFolder }),
];
say(`Web and worker run; their logs are in ${logFolder}`);

let stopping = false;
const stop = async (code: number) => {
  if (stopping) return;
  stopping = true;
  for (const process of processes) await process.stop();
  await server?.stop();
  process.exit(code);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
for (const { name, ended } of processes) {
  void ended.then((how) => {
    if (!stopping) say(`${name} ended with ${how}; its log is in ${logFolder}`);
    return stop(1);
  });
}

/** The development machine's own keys, made once. */
function keys(): Record<string, string> {
  const file = path.join(folder, 'keys.json');
  if (!existsSync(file)) {
    const key = () => randomBytes(32).toString('base64');
    writeFileSync(file, JSON.stringify({ ENCRYPTION_KEY: key(), REDACTION_KEY: key() }), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
}
