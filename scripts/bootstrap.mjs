// The first step of every command on a fresh clone: a Node that is new enough, and the packages. Plain
// JavaScript for Node 20, without packages; everything after it is TypeScript, run by that Node as it is.
//
// usage: node scripts/bootstrap.mjs <script.ts> [arguments]
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dataFolder = path.join(root, '.data');
const [script, ...args] = process.argv.slice(2);
const say = (words) => process.stderr.write(`${words}\n`);
const started = Date.now();

if (!script) {
  say('usage: node scripts/bootstrap.mjs <script.ts> [arguments]');
  process.exit(2);
}

try {
  mkdirSync(dataFolder, { recursive: true });
  const node = ensureNode();
  ensurePackages(node);
  start(node);
} catch (error) {
  say(`Set-up stopped: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

/** The machine's Node if it is 22.18 or later, else the npm package `node`, kept in .data/. */
function ensureNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  const folder = path.join(dataFolder, 'toolchain');
  const binary = path.join(
    folder,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (!existsSync(binary)) {
    say(`Node ${process.versions.node} is older than 22.18: fetching Node 24 from npm ...`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'package.json'), '{"private":true}');
    npm(
      process.execPath,
      ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', 'node@24'],
      folder,
    );
  }
  return binary;
}

/** `npm ci`, when the lock file is another than the one that was installed. */
function ensurePackages(node) {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const version = execFileSync(node, ['--version']).toString().split('.')[0] ?? '';
  const wanted = createHash('sha256').update(lock).update(version).digest('hex');
  const stampFile = path.join(root, 'node_modules', '.regulars-installed');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  say('Installing packages (npm ci) ...');
  const before = Date.now();
  npm(node, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  writeFileSync(stampFile, wanted);
  say(`  packages installed in ${((Date.now() - before) / 1000).toFixed(0)} s`);
}

function npm(node, npmArgs, cwd) {
  const environment = {
    ...process.env,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
  };
  delete environment.NODE_ENV; // development packages are needed whatever the shell says
  try {
    execFileSync('npm', npmArgs, {
      cwd,
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
  } catch (error) {
    throw new Error(`npm ${npmArgs[0]} failed:\n${String(error.stderr ?? error).trim()}`);
  }
}

/** Runs the script; signals reach it through the terminal's group or are handed on, and its exit code is ours. */
function start(node) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', path.join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}`,
      REGULARS_SETUP_STARTED: String(started),
      REGULARS_CALLED_FROM: process.env.INIT_CWD ?? process.cwd(),
    },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exitCode = code ?? 1;
  });
}
