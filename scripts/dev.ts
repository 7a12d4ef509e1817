/**
 * `npm run dev`: against a real development store, through Shopify CLI (needs a network and a login). The CLI
 * makes the tunnel and calls `npm run dev:web` (shopify.web.toml), which starts web and worker with its values.
 */
import { spawn } from 'node:child_process';
import { prepareCode, ROOT, say } from './setup.ts';

await prepareCode({ build: true });
say('Starting Shopify CLI. It asks for your organisation, app and development store the first time.');
const child = spawn('npx', ['--yes', '@shopify/cli@4', 'app', 'dev', ...process.argv.slice(2)], {
  cwd: ROOT,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
child.once('error', (error) => {
  say(`Shopify CLI could not be started: ${error.message}`);
  process.exitCode = 1;
});
child.once('exit', (code) => (process.exitCode = code ?? 1));
